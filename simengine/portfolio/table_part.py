"""One customer file as a relation of duckdb: its columns as SQL, and where in the file its cells stand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from simengine.portfolio.number_style import NumberStyle

BLANKS = " \t\u00a0"  # around the text of a cell


class Place(NamedTuple):
    """Where a cell stands. Line and column count from 1; 0 and 0 are the file as a whole."""

    file: str  # as messages name it
    line: int
    column: int
    cell: str = ""  # how a spreadsheet calls it


class Rejected(NamedTuple):
    """A record that is not a row, because it has another number of fields or the like."""

    line: int
    found: str
    expected: str


class Part(ABC):
    """One file of a table. Rows count from 0 in file order. Columns of its relation are c0, c1, ... in file order."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, number: int, path: Path, shown: str) -> None:
        self.connection = connection
        self.relation = f"part{number}"
        self.path, self.shown = path, shown  # `shown`: the file's name in messages
        self.columns: tuple[str, ...] = ()
        self.rows = 0
        self.row = "rowid"  # SQL of a row's number

    @abstractmethod
    def is_text(self, column: str) -> bool:
        """Whether the file holds the column as text rather than as numbers."""

    @abstractmethod
    def text(self, column: str) -> str:
        """SQL of the text of a column's cells without blanks around it."""

    @abstractmethod
    def number(self, column: str, style: NumberStyle, percent: bool) -> str:
        """SQL of the number of a column's cells, NULL where there is none."""

    @abstractmethod
    def whole(self, column: str) -> str:
        """SQL of the cells that are whole numbers below 2^62, written plainly, NULL for others."""

    @abstractmethod
    def places(self, cells: Sequence[tuple[int, str]]) -> list[Place]:
        """Where cells (row, column) stand."""

    @abstractmethod
    def records(self, rows: Collection[int]) -> Iterator[tuple[int | None, int, list[str]]]:
        """Row, line and fields, in the order of `columns`, of some rows and of all rejected records (row None)."""

    def rejected(self) -> list[Rejected]:
        """Records that are not rows."""
        return []

    def cells(self, column: str, rows: Sequence[int]) -> list[str]:
        """The text of a few cells, "" where empty."""
        if not rows:
            return []
        query = f"SELECT {self.row}, {self.text(column)} FROM {self.relation} WHERE {self.row} IN "
        found = dict(self.connection.execute(f"{query} ({', '.join(map(str, rows))})").fetchall())
        return [found[row] or "" for row in rows]

    def _at(self, column: str) -> int:
        return self.columns.index(column)


def whole_number(text: str) -> str:
    digits = f"regexp_full_match({text}, '0|[1-9][0-9]{{0,18}}')"
    number = f"TRY_CAST({text} AS UBIGINT)"
    return f"CASE WHEN {digits} AND {number} < {1 << 62} THEN {number} END"


def without_percent(text: str, percent: bool) -> str:
    return f"regexp_replace({text}, '\\s*%$', '')" if percent else text
