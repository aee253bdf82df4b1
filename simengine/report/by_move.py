"""A row for each cell of a run, under the name of its move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

Cell = Mapping[str, Any]


def add_by_move(table: Table, cells: list[Cell], rows: list[list[str]]) -> None:
    """A row for each cell, under its move's name."""
    for move in dict.fromkeys(cell["move"] for cell in cells):
        table.add_row(f"[bold]{escape(move)}[/bold]")
        for cell, row in zip(cells, rows, strict=True):
            if cell["move"] == move:
                table.add_row(f"  {escape(cell['allocation'])}", *row)
        table.add_section()
