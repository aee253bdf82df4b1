"""Collects what is wrong in a customer file, cell by cell, and locates the first of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.customer_table import CustomerTable
from simengine.scenario.problems import Problem

MOST = 20  # problems shown of one file; the rest is counted


class _BadCell(NamedTuple):
    row: int
    column: str
    expected: str
    found: str | None  # None: the text of the cell
    suggestion: str | Callable[[str], str]


class BadCells:
    """What is wrong with the cells of one table. Rows count from 0 in file order."""

    def __init__(self, table: CustomerTable) -> None:
        self._table = table
        self._cells: list[_BadCell] = []
        self.count = 0

    def add(
        self,
        bad: NDArray[np.bool_],
        column: str,
        expected: str,
        suggestion: str | Callable[[str], str] = "",
        found: Callable[[int], str] | None = None,
    ) -> None:
        """The cells of `column` where `bad` [row] holds.

        `suggestion` may be made from the cell's text, `found` from its row.
        """
        rows = np.flatnonzero(bad)
        self.count += len(rows)
        for row in rows[: MOST + 1].tolist():
            self._cells.append(_BadCell(row, column, expected, found(row) if found else None, suggestion))

    def problems(self) -> list[Problem]:
        """The first problems in file order, located, and one that counts the others."""
        table = self._table
        order = {name: position for position, name in reversed(list(enumerate(table.columns)))}
        first = sorted(self._cells, key=lambda cell: (cell.row, order[cell.column]))[: MOST + 1]
        places = table.places([(cell.row, cell.column) for cell in first])
        problems = []
        for cell, (line, column) in zip(first[:MOST], places, strict=False):
            text = table.cells(cell.column, [cell.row])[0]
            suggestion = cell.suggestion if isinstance(cell.suggestion, str) else cell.suggestion(text)
            found = f"'{text}'" if cell.found is None and text != "nothing" else cell.found or text
            problems.append(
                Problem(table.shown, line, column, found, cell.expected, suggestion, f"column {cell.column}")
            )
        if self.count > MOST:
            line, column = places[MOST]
            problems.append(
                Problem(table.shown, line, column, f"{self.count - MOST} more bad cells from here on", "none")
            )
        return problems
