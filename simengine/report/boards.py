"""What boards decided, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from simengine.report.by_move import Cell, add_by_move
from simengine.scenario.units import write_number


def has_boards(summary: Mapping[str, Any]) -> bool:
    """Whether some allocation has a board."""
    return any("boards" in cell for cell in summary["cells"])


def board_table(summary: Mapping[str, Any]) -> Table:
    """A row for each cell with a board: what each segment gets a year by its first and by its last decision."""
    cells: list[Cell] = [cell for cell in summary["cells"] if "boards" in cell]
    segments = list(dict.fromkeys((lever, name) for cell in cells for lever, name in _decided(cell)))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(
        f"what boards spend, {escape(summary['currency'])} a year\nunder a move, an allocation", no_wrap=True
    )
    for lever, name in segments:
        table.add_column(f"{escape(lever)},\n{escape(name)}", justify="right", no_wrap=True)
    rows = [[_said(_decided(cell).get(segment)) for segment in segments] for cell in cells]
    add_by_move(table, cells, rows)
    return table


def _decided(cell: Cell) -> dict[tuple[str, str], list[float]]:
    """By lever and segment."""
    return {
        (lever, name): amounts for lever, board in cell["boards"].items() for name, amounts in board["spend"].items()
    }


def _said(amounts: list[float] | None) -> str:
    if not amounts:
        return ""
    first, last = (write_number(float(f"{money:.3g}"), large=True) for money in (amounts[0], amounts[-1]))
    return first if first == last else f"{first} → {last}"
