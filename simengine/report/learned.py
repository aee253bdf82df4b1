"""What suppliers know in the end, and what rivals have imitated, as tables on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from simengine.report.by_move import add_by_move


def knowledge_table(knowledge: Mapping[str, Any]) -> Table:
    """A row for each cell: knowledge of every supplier who has some, segment by segment, from 0 to 1."""
    cells = knowledge["cells"]
    columns = [
        (segment, who)
        for segment, known in cells[0]["segments"].items()
        for who in known
        if knowledge["today"][who] or any(cell["segments"][segment][who] for cell in cells)
    ]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("knowledge at the end\nunder a move, an allocation", no_wrap=True)
    for segment, who in columns:
        table.add_column(f"{escape(segment)}\n{escape(who)}", justify="right", no_wrap=True)
    table.add_row("today", *(f"{knowledge['today'][who]:.3f}" for _, who in columns))
    rows = [[f"{cell['segments'][segment][who]:.3f}" for segment, who in columns] for cell in cells]
    add_by_move(table, cells, rows)
    return table


def imitation_table(imitation: Mapping[str, Any]) -> Table | None:
    """A row for each cell: what we have added since today, and what each rival has imitated of it, where we have added
    something anywhere; None where we have not."""
    cells = imitation["cells"]
    added = [
        (segment, key)
        for segment, keys in cells[0]["segments"].items()
        for key in keys
        if any(abs(cell["segments"][segment][key]["added"]) > 1e-9 for cell in cells)
    ]
    if not added:
        return None
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("imitated at the end\nunder a move, an allocation", no_wrap=True)
    for segment, key in added:
        table.add_column(f"{escape(segment)}:\nour {escape(key)}", justify="right", no_wrap=True)
        for rival in cells[0]["segments"][segment][key]["imitated"]:
            table.add_column(f"of that\n{escape(rival)}", justify="right", no_wrap=True)
    rows = [
        [text for segment, key in added for text in _figures(key, cell["segments"][segment][key])] for cell in cells
    ]
    add_by_move(table, cells, rows)
    return table


def _figures(key: str, of: Mapping[str, Any]) -> list[str]:
    figures = [of["added"], *of["imitated"].values()]
    if key == "price":  # what is taken off
        return [f"{0.0 - figure:+.1%}" if round(figure, 3) else "0.0%" for figure in figures]
    return [f"{figure:+.2f}" if round(figure, 2) else "0.00" for figure in figures]
