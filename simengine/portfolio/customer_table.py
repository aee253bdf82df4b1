"""A customer file, CSV or Parquet, as duckdb reads it: every cell as text, so that no type is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from simengine.portfolio import csv_text
from simengine.scenario.problems import Problem

CSV, PARQUET = (".csv", ".tsv", ".txt"), (".parquet", ".pq")

_REJECTED = {
    "MISSING COLUMNS": ("too few fields", "one field per column of the header"),
    "TOO MANY COLUMNS": ("too many fields", "one field per column of the header"),
    "UNQUOTED VALUE": (
        "a quotation mark that does not enclose its field",
        "a field wholly inside its quotes",
    ),
    "INVALID ENCODING": ("characters that are not UTF-8", "a file saved as UTF-8"),
}


class CustomerTable:
    """The rows of a customer file in file order, read column by column. Close it, or use it in a `with`."""

    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.shown = shown  # the file's name in messages
        self._connection = duckdb.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        self._is_csv = path.suffix.lower() in CSV
        try:
            self.columns: tuple[str, ...] = self._read_csv() if self._is_csv else self._read_parquet()
            self._leave_out_trailing_empty_rows()
            self.rows = int(self._connection.execute("SELECT count(*) FROM customers").fetchall()[0][0])
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> CustomerTable:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self._connection.close()

    def texts(self, column: str) -> NDArray[np.object_]:
        """The cells without surrounding blanks; "" where empty."""
        texts: NDArray[np.object_] = self._column(f"coalesce({self._text(column)}, '')")
        return texts

    def numbers(self, column: str) -> NDArray[np.float64]:
        """The cells as numbers, NaN where a cell is empty or not a number."""
        values = self._column(f"TRY_CAST({self._text(column)} AS DOUBLE)")
        return np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)

    def values(self, column: str) -> tuple[str, ...]:
        """The texts that occur in a column, sorted; "" for empty cells."""
        found = self._connection.execute(f"SELECT DISTINCT coalesce({self._text(column)}, '') FROM customers")
        return tuple(sorted(text for (text,) in found.fetchall()))

    def codes(self, column: str, names: Sequence[str], *, any_case: bool = False) -> NDArray[np.int32]:
        """For every cell the position of its text in `names`, -1 where it is none of them."""
        text = f"coalesce({self._text(column)}, '')"
        text = f"lower({text})" if any_case else text
        known = ", ".join(_literal(name) for name in names)
        codes = self._column(f"enum_code(TRY_CAST({text} AS ENUM({known})))::INTEGER")
        return np.ma.filled(np.ma.asarray(codes, dtype=np.int32), np.int32(-1))

    def integers(self, column: str) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """The cells that are whole numbers below 2^62, written plainly, and which cells are such."""
        text = self._text(column)
        digits = f"regexp_full_match({text}, '0|[1-9][0-9]{{0,18}}')"
        values = self._column(f"CASE WHEN {digits} THEN TRY_CAST({text} AS UBIGINT) END")
        whole = np.ma.filled(np.ma.asarray(values, dtype=np.uint64), np.uint64(1 << 62))
        return whole, whole < np.uint64(1 << 62)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the table `customers`, whose columns are c0, c1, ... in the file's order."""
        rows: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        return rows

    def cells(self, column: str, rows: Sequence[int]) -> list[str]:
        """The text of a few cells, as a message quotes it."""
        query = f"SELECT rowid, {self._text(column)} FROM customers WHERE rowid IN ({', '.join(map(str, rows))})"
        found = dict(self._connection.execute(query).fetchall()) if rows else {}
        return ["nothing" if not found[row] else str(found[row]) for row in rows]

    def places(self, cells: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
        """Line and column of cells (row, column name), from 1. In Parquet: numbers of row and column."""
        if not cells:
            return []
        if not self._is_csv:
            return [(row + 1, self.columns.index(column) + 1) for row, column in cells]
        wanted = {row for row, _ in cells}
        rejected = {line for line, _ in self._rejected()}
        found: dict[int, csv_text.Record] = {}
        texts = csv_text.record_texts(self.path, self._delimiter)
        next(texts)
        for row, (line, text) in enumerate(each for each in texts if each[0] not in rejected):
            if row in wanted:
                found[row] = csv_text.split(text, self._delimiter, line)
                if len(found) == len(wanted):
                    break
        return [self._place(found.get(row), row, column) for row, column in cells]

    def _place(self, record: csv_text.Record | None, row: int, column: str) -> tuple[int, int]:
        """Where the cell stands; (0, 0), the file as a whole, should its text not be found there."""
        field = self.columns.index(column)
        cell = self.cells(column, [row])[0]
        if record is None or field >= len(record.fields) or (record.fields[field].strip(" ") or "nothing") != cell:
            return 0, 0
        return record.places[field]

    def rejected(self) -> list[Problem]:
        """Records that are not rows of the table, as located problems."""
        return [
            Problem(self.shown, line, 1, *_REJECTED.get(kind, (kind.lower(), "a row like the header's")))
            for line, kind in self._rejected()
        ]

    def _rejected(self) -> list[tuple[int, str]]:
        if not self._is_csv or not self.columns:
            return []
        rejected = self._connection.execute(
            "SELECT line_byte_position, any_value(error_type)::VARCHAR FROM reject_errors "
            "GROUP BY line_byte_position ORDER BY line_byte_position"
        ).fetchall()
        if not rejected:
            return []
        text = np.frombuffer(self.path.read_bytes(), dtype=np.uint8)
        ends = text == ord("\n")
        ends[:-1] |= (text[:-1] == ord("\r")) & ~ends[1:]
        line_ends = np.flatnonzero(ends)
        return [(int(np.searchsorted(line_ends, at - 1)) + 1, kind) for at, kind in rejected]

    def _column(self, expression: str) -> Any:
        return self._connection.execute(f"SELECT {expression} AS value FROM customers").fetchnumpy()["value"]

    def _text(self, column: str) -> str:
        return f"trim(c{self.columns.index(column)})"

    def _read_csv(self) -> tuple[str, ...]:
        self._delimiter = csv_text.delimiter_of(csv_text.first_line(self.path))
        line, header = next(csv_text.record_texts(self.path, self._delimiter), (1, ""))
        names = tuple(name.strip() for name in csv_text.split(header, self._delimiter, line).fields) if header else ()
        if not names:
            self._connection.execute("CREATE TABLE customers (c0 VARCHAR)")
            return ()
        types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
        self._connection.execute(
            f"CREATE TABLE customers AS SELECT * FROM read_csv({_literal(_no_wildcards(self.path))}, "
            f"auto_detect=false, header=true, delim={_literal(self._delimiter)}, quote='\"', escape='\"', "
            f"columns={{{types}}}, store_rejects=true, ignore_errors=true)"
        )
        return names

    def _leave_out_trailing_empty_rows(self) -> None:
        """Spreadsheets write rows of nothing below the last one."""
        if self.columns:
            filled = " OR ".join(f"trim(c{i}) <> ''" for i in range(len(self.columns)))
            last = f"SELECT coalesce(max(rowid), -1) FROM customers WHERE {filled}"
            self._connection.execute(f"DELETE FROM customers WHERE rowid > ({last})")

    def _read_parquet(self) -> tuple[str, ...]:
        source = f"read_parquet({_literal(_no_wildcards(self.path))})"
        names = tuple(row[0] for row in self._connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall())
        columns = ", ".join(f"CAST({_quoted(name)} AS VARCHAR) AS c{i}" for i, name in enumerate(names))
        self._connection.execute(f"CREATE TABLE customers AS SELECT {columns} FROM {source}")
        return names


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _no_wildcards(path: Path) -> str:
    """The path with the characters that duckdb would expand made literal."""
    return "".join(f"[{letter}]" if letter in "[*?" else letter for letter in str(path))
