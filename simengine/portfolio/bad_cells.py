"""Collects what is wrong in customer files, cell by cell, and locates the first of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.customer_table import CustomerTable
from simengine.scenario.problems import Problem, counted

MOST = 20  # problems shown of the files; the rest is counted


class BadColumn(NamedTuple):
    """Cells of a column that have the same thing wrong with them."""

    rows: NDArray[np.intp]
    column: str
    expected: str
    suggestion: str | Callable[[str], str]
    found: Callable[[int], str] | None  # None: the text of the cell

    def said(self, row: int, text: str) -> str:
        """What stands in the cell of a row, as a message says it."""
        if self.found is not None:
            return self.found(row)
        return f"'{text}'" if text and text != "nothing" else "nothing"


class BadCells:
    """What is wrong with the cells of one table. Rows count from 0 in file order."""

    def __init__(self, table: CustomerTable, *, rejects: bool = False) -> None:
        """`rejects`: whether the command has an option that writes all bad rows."""
        self._table, self._rejects = table, rejects
        self._columns: list[BadColumn] = []

    @property
    def count(self) -> int:
        """How many cells are bad; one is counted as often as something is wrong with it."""
        return sum(len(bad.rows) for bad in self._columns)

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
        if len(rows):
            self._columns.append(BadColumn(rows, column, expected, suggestion, found))

    def problems(self) -> list[Problem]:
        """The first problems in file order, located, and one that counts the others."""
        table = self._table
        order = {name: position for position, name in reversed(list(enumerate(table.columns)))}
        cells = [(int(row), bad) for bad in self._columns for row in bad.rows[: MOST + 1]]
        first = sorted(cells, key=lambda cell: (cell[0], order[cell[1].column]))[: MOST + 1]
        places = table.places([(row, bad.column) for row, bad in first])
        problems = []
        for (row, bad), place in list(zip(first, places, strict=True))[:MOST]:
            text = table.cells(bad.column, [row])[0]
            suggestion = bad.suggestion if isinstance(bad.suggestion, str) else bad.suggestion(text)
            where = f"{place.cell}, column {bad.column}" if place.cell else f"column {bad.column}"
            found = bad.said(row, text)
            problems.append(Problem(place.file, place.line, place.column, found, bad.expected, suggestion, where))
        if self.count > MOST:
            more = counted(self.count - MOST, "more bad cell")
            hint = "--rejects FILE writes every bad row with its reason" if self._rejects else ""
            place = places[MOST]
            problems.append(Problem(place.file, place.line, place.column, f"{more} from here on", "none", hint))
        return problems

    def by_row(self) -> Iterator[tuple[int, list[BadColumn]]]:
        """Every bad row, in file order, with what is wrong in it."""
        if not self._columns:
            return
        rows = np.concatenate([bad.rows for bad in self._columns])
        which = np.repeat(np.arange(len(self._columns)), [len(bad.rows) for bad in self._columns])
        order = np.lexsort((which, rows))
        rows, which = rows[order], which[order]
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(rows)], strict=True):
            yield int(rows[start]), [self._columns[i] for i in which[start:end].tolist()]
