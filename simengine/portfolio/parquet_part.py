"""A Parquet file of a customer table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np

from simengine.portfolio.number_style import NumberStyle
from simengine.portfolio.sql_text import file_literal, literal, quoted
from simengine.portfolio.table_part import BLANKS, Part, Place, whole_number, without_percent

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"}
_FLOATS = {"FLOAT", "DOUBLE"}


class ParquetPart(Part):
    """A Parquet file: read column by column when asked for, in the types that it has."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, number: int, path: Path, shown: str) -> None:
        super().__init__(connection, number, path, shown)
        self.row = "file_row_number"
        source = f"read_parquet({file_literal(path)}, binary_as_string=true, file_row_number=true)"
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()[:-1]
        self.columns = tuple(str(name).strip() for name, *_ in described)
        self._types = [str(kind) for _, kind, *_ in described]
        names = ", ".join(f"{quoted(name)} AS c{i}" for i, (name, *_) in enumerate(described))
        connection.execute(f"CREATE VIEW {self.relation} AS SELECT {names}, {self.row} FROM {source}")
        self.rows = int(connection.execute(f"SELECT count(*) FROM {self.relation}").fetchall()[0][0])

    def is_text(self, column: str) -> bool:
        return self._types[self._at(column)] == "VARCHAR"

    def text(self, column: str) -> str:
        i = self._at(column)
        if self._types[i] in _FLOATS:  # a whole one like an integer; not a number is nothing
            plain = f"CASE WHEN c{i} = trunc(c{i}) AND abs(c{i}) < 1e15 THEN CAST(CAST(c{i} AS BIGINT) AS VARCHAR)"
            return f"({plain} WHEN NOT isnan(c{i}) THEN CAST(c{i} AS VARCHAR) END)"
        return f"trim(CAST(c{i} AS VARCHAR), {literal(BLANKS)})"

    def number(self, column: str, style: NumberStyle, percent: bool) -> str:
        i = self._at(column)
        if self._types[i] in _INTEGERS or self._types[i] in _FLOATS:
            return f"CAST(c{i} AS DOUBLE)"
        if self.is_text(column):
            return style.sql(without_percent(self.text(column), percent))
        return f"TRY_CAST({self.text(column)} AS DOUBLE)"

    def whole(self, column: str) -> str:
        i = self._at(column)
        if self._types[i] in _INTEGERS:
            return f"CASE WHEN c{i} >= 0 AND c{i} < {1 << 62} THEN CAST(c{i} AS UBIGINT) END"
        return whole_number(self.text(column))

    def places(self, cells: Sequence[tuple[int, str]]) -> list[Place]:
        """Numbers of row and column: Parquet has no lines."""
        return [Place(self.shown, row + 1, self._at(column) + 1) for row, column in cells]

    def records(self, rows: Collection[int]) -> Iterator[tuple[int | None, int, list[str]]]:
        wanted = {"row": np.sort(np.fromiter(rows, np.int64, len(rows)))}
        with self.connection.cursor() as cursor:
            cursor.register("wanted_rows", wanted)
            fields = ", ".join(f"coalesce({self.text(column)}, '')" for column in self.columns)
            cursor.execute(
                f"SELECT {self.row}, {fields} FROM {self.relation} "
                f"WHERE {self.row} IN (SELECT row FROM wanted_rows) ORDER BY {self.row}"
            )
            while some := cursor.fetchmany(1 << 12):
                for row, *texts in some:
                    yield row, row + 1, texts
