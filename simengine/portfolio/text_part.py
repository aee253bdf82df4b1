"""A text file of a customer table, or the sheet of a spreadsheet by way of its text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import duckdb

from simengine.portfolio import csv_text
from simengine.portfolio.number_style import NumberStyle
from simengine.portfolio.spreadsheet import Sheet, column_letters
from simengine.portfolio.sql_text import file_literal, literal
from simengine.portfolio.table_part import BLANKS, Part, Place, Rejected, whole_number, without_percent

_REJECTED = {
    "MISSING COLUMNS": ("too few fields", "one field per column of the header"),
    "TOO MANY COLUMNS": ("too many fields", "one field per column of the header"),
    "UNQUOTED VALUE": ("a quotation mark that does not enclose its field", "a field wholly inside its quotes"),
    "INVALID ENCODING": ("characters that are not UTF-8", "a file saved as UTF-8"),
    "MAXIMUM LINE SIZE": ("a row of more than 2 million characters", "a shorter one: is a quotation mark not closed?"),
}


class TextPart(Part):
    """Comma-separated text in UTF-8: the wanted columns, every cell as text, so that no type is guessed."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        number: int,
        path: Path,
        shown: str,
        text: Path,
        delimiter: str | None = None,
        wanted: Collection[str] | None = None,
    ) -> None:
        """`text` is the file or its translation to UTF-8; `wanted` names the columns to keep, None for all."""
        super().__init__(connection, number, path, shown)
        self._text = text
        declared = csv_text.declared_delimiter(text)
        self._declares = declared is not None  # whether the first line does, above the header
        self._delimiter = delimiter or declared or csv_text.delimiter_of(csv_text.first_line(text))
        line, header = next(csv_text.record_texts(text, self._delimiter), (1, ""))
        fields = csv_text.split(header, self._delimiter, line).fields if header else ()
        self.columns = tuple(name.strip() for name in fields)
        self._rejects = f"{self.relation}_rejects"  # the table in which duckdb stores what it could not read as rows
        if self.columns:
            self._read(wanted)

    def _read(self, wanted: Collection[str] | None) -> None:
        kept = [i for i, name in enumerate(self.columns) if wanted is None or name in wanted]
        types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.columns)))
        filled = " OR ".join(f"trim(c{i}, {literal(BLANKS)}) <> ''" for i in range(len(self.columns)))
        self.connection.execute(
            f"CREATE TABLE {self.relation} AS SELECT {''.join(f'c{i}, ' for i in kept)} "
            f"coalesce({filled}, false) AS filled FROM read_csv({file_literal(self._text)}, auto_detect=false, "
            f"header=true, skip={int(self._declares)}, delim={literal(self._delimiter)}, quote='\"', escape='\"', "
            f"columns={{{types}}}, "
            f"store_rejects=true, rejects_table={literal(self._rejects)}, "
            f"rejects_scan={literal(self.relation + '_scan')}, ignore_errors=true)"
        )
        # Spreadsheets write rows of nothing below the last one.
        last = f"SELECT coalesce(max(rowid), -1) FROM {self.relation} WHERE filled"
        self.rows = int(self.connection.execute(last).fetchall()[0][0]) + 1
        self.connection.execute(f"DELETE FROM {self.relation} WHERE rowid >= {self.rows}")

    def is_text(self, column: str) -> bool:
        return True

    def text(self, column: str) -> str:
        return f"trim(c{self._at(column)}, {literal(BLANKS)})"

    def number(self, column: str, style: NumberStyle, percent: bool) -> str:
        return style.sql(without_percent(self.text(column), percent))

    def whole(self, column: str) -> str:
        return whole_number(self.text(column))

    def places(self, cells: Sequence[tuple[int, str]]) -> list[Place]:
        wanted = {row for row, _ in cells}
        found: dict[int, csv_text.Record] = {}
        for row, record in self._walk():
            if row in wanted and row is not None:
                found[row] = record
                if len(found) == len(wanted):
                    break
        return [self._place(found.get(row), row, column) for row, column in cells]

    def _place(self, record: csv_text.Record | None, row: int, column: str) -> Place:
        """Where the cell stands; the file as a whole, should its text not be found there."""
        field = self._at(column)
        (cell,) = self.cells(column, [row])
        if record is None or field >= len(record.fields) or record.fields[field].strip(BLANKS) != cell:
            return Place(self.shown, 0, 0)
        return Place(self.shown, *record.places[field])

    def records(self, rows: Collection[int]) -> Iterator[tuple[int | None, int, list[str]]]:
        wanted = set(rows)
        for row, record in self._walk():
            if row is None or row in wanted:
                yield row, record.line, list(record.fields)

    def _walk(self) -> Iterator[tuple[int | None, csv_text.Record]]:
        """Every record below the header with its row's number, None for rejected ones."""
        rejected = {each.line for each in self.rejected()}
        texts = csv_text.record_texts(self._text, self._delimiter)
        next(texts)
        row = 0
        for line, text in texts:
            is_row = line not in rejected
            yield (row if is_row else None), csv_text.split(text, self._delimiter, line)
            row += is_row

    def rejected(self) -> list[Rejected]:
        if not self.columns:
            return []
        rejected = self.connection.execute(
            f"SELECT line_byte_position, any_value(error_type)::VARCHAR FROM {self._rejects} "
            "GROUP BY line_byte_position ORDER BY line_byte_position"
        ).fetchall()
        lines = csv_text.lines_at(self._text, [at for at, _ in rejected])
        unlike = "a row like the header's"
        return [
            Rejected(line, *_REJECTED.get(kind, (str(kind).lower(), unlike)))
            for line, (_, kind) in zip(lines, rejected, strict=True)
        ]


class SheetPart(TextPart):
    """A sheet of a spreadsheet, by way of its text."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        number: int,
        path: Path,
        shown: str,
        text: Path,
        sheet: Sheet,
        wanted: Collection[str] | None = None,
    ) -> None:
        super().__init__(connection, number, path, shown, text, ",", wanted)
        self._sheet = sheet

    def places(self, cells: Sequence[tuple[int, str]]) -> list[Place]:
        return [self._cell(row, self._at(column)) for row, column in cells]

    def _cell(self, row: int, column: int) -> Place:
        line, number = self._sheet.first_row + 1 + row, self._sheet.first_column + column
        return Place(self.shown, line, number, f"sheet {self._sheet.name}, cell {column_letters(number)}{line}")

    def records(self, rows: Collection[int]) -> Iterator[tuple[int | None, int, list[str]]]:
        for row, _, fields in super().records(rows):
            assert row is not None  # the text was written with a field for every column
            yield row, self._sheet.first_row + 1 + row, fields
