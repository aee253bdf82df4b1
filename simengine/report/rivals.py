"""What rivals are worth in every cell of a run, and what is assumed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from simengine.report.by_move import Cell, add_by_move
from simengine.scenario.problems import listed


def valued(summary: Mapping[str, Any]) -> bool:
    """Whether there are rivals, and they have a value."""
    return any(rival["value"] is not None for rival in summary["cells"][0]["rivals"].values())


def rival_table(summary: Mapping[str, Any]) -> Table:
    """A row for each cell: of every rival, the mean of its enterprise value and its share of the market at the end."""
    cells: list[Cell] = summary["cells"]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("what rivals are worth\nunder a move, an allocation", no_wrap=True)
    for name in cells[0]["rivals"]:
        for heading in (f"{escape(name)}\n{escape(summary['currency'])}", "share of\nmarket"):
            table.add_column(heading, justify="right", no_wrap=True)
    rows = [
        [text for rival in cell["rivals"].values() for text in (_rounded(rival["value"]), f"{rival['share_end']:.1%}")]
        for cell in cells
    ]
    add_by_move(table, cells, rows)
    return table


def _rounded(money: float) -> str:
    """To four figures: no interval says how many of them mean something."""
    return f"{float(f'{money:.4g}'):,.0f}"


def said_of_rivals(summary: Mapping[str, Any]) -> Iterator[str]:
    """What is assumed of rivals, those of whom the same is assumed together; or why they have no value."""
    if not valued(summary):
        if summary["cells"][0]["rivals"]:
            yield "Rivals are not valued: how long their customers stay after the horizon is not evaluated."
        return
    names: dict[tuple[str, ...], list[str]] = {}
    for name, fields in summary["assumed_of_rivals"].items():
        names.setdefault(tuple(fields), []).append(escape(name))
    for fields, alike in names.items():
        if fields:
            what = listed([field.replace("_", " ") for field in fields], "and")
            yield f"Assumed of {listed(alike, 'and')}: our {what}."
