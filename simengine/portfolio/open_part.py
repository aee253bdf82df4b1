"""Opens a customer file of any kind as a part of a table, or says why it cannot be read."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection
from pathlib import Path

import duckdb

from simengine.portfolio import csv_text
from simengine.portfolio.parquet_part import ParquetPart
from simengine.portfolio.plain_text import plain_text, start_of
from simengine.portfolio.spreadsheet import sheet_text
from simengine.portfolio.table_part import Part
from simengine.portfolio.text_part import SheetPart, TextPart
from simengine.scenario.customers import CSV, EXCEL, PARQUET, FileFormat, not_a_file
from simengine.scenario.problems import Problem, ScenarioError, listed


def open_part(
    connection: duckdb.DuckDBPyConnection, number: int, path: Path, shown: str, work: Path, style: FileFormat,
    wanted: Collection[str] | None,
) -> tuple[Part, str]:  # fmt: skip
    """The file as a part, and what was found out of it and may surprise ("" if nothing).

    `work` is where its text may be put; `wanted` names the columns that will be read, None for all. Raises
    ScenarioError.
    """
    if trouble := not_a_file(path):
        raise _unreadable(shown, trouble, "a customer file")
    name = path.name.lower()
    try:
        if name.endswith(PARQUET):
            with path.open("rb") as file:
                if file.read(4) != b"PAR1":
                    hint = "save it as Parquet, or as CSV named .csv"
                    raise _unreadable(shown, "content that is not Parquet", "a Parquet file", hint, 1)
            return ParquetPart(connection, number, path, shown), ""
        if name.endswith(EXCEL):
            sheet = sheet_text(path, shown, style.sheet, work)
            return SheetPart(connection, number, path, shown, work, sheet, wanted), ""
        if not name.endswith(CSV):
            expected = f"the name of a file ending in {listed(CSV + PARQUET + EXCEL)}"
            raise _unreadable(shown, path.name, expected)
        encoding = None if style.encoding == "auto" else style.encoding
        found, hint = csv_text.instead_of_text(start_of(path), encoding)
        if found:
            raise _unreadable(shown, found, "a header and a row per customer, as text", hint, 1)
        text = plain_text(path, shown, encoding, work)
        delimiter = {"tab": "\t", "auto": None}.get(style.delimiter, style.delimiter)
        return TextPart(connection, number, path, shown, text.path, delimiter, wanted), text.notice
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise _unreadable(shown, "content that is not compressed text", "a file that gzip wrote, whole") from None
    except (duckdb.Error, OSError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        is_text = name.endswith(CSV)
        hint = "look for unlike line ends and for quotation marks that nothing closes" if is_text else ""
        raise _unreadable(shown, f"a file that cannot be read: {reason}", f"a {path.suffix} file", hint) from None


def _unreadable(shown: str, found: str, expected: str, suggestion: str = "", line: int = 0) -> ScenarioError:
    return ScenarioError([Problem(shown, line, line, found, expected, suggestion)])
