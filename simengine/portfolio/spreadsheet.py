"""The sheet of a spreadsheet as comma-separated text: .xlsx, .xls, .xlsb and .ods."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed

_WHOLE = 1e15  # below it, a number without decimals is written without them


class Sheet(NamedTuple):
    name: str
    first_row: int  # of the header, from 1 as the spreadsheet counts
    first_column: int  # of the header, from 1


def sheet_text(path: Path, shown: str, stated: str | None, work: Path) -> Sheet:
    """Write a sheet's cells to `work`, quoted, one record a row from its first row that is not empty.

    The sheet is the stated one, else the only one with content. Numbers are written so that they are read as the
    same numbers, dates as 2027-01-31. Raises ScenarioError.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            name = _sheet_name(book, shown, stated)
            sheet = book.get_sheet_by_name(name)
            if sheet.start is None:
                raise _problem(shown, f"the sheet {name}, which is empty", "a header and a row per customer")
            top, left = sheet.start
            with work.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
                for number, row in enumerate(sheet.iter_rows()):
                    if number >= top:
                        writer.writerow([_text(cell) for cell in row])
            return Sheet(name, top + 1, left + 1)
    except PasswordError:
        raise _problem(shown, "a spreadsheet with a password", "one without") from None
    except CalamineError:  # its words are about the inside of the file
        found, expected = "content that is no spreadsheet", f"a {path.suffix} file as a spreadsheet program saves it"
        raise _problem(shown, found, expected, "open it in one and save it anew") from None


def column_letters(number: int) -> str:
    """How a spreadsheet calls its column `number`, from 1: A, B, ..., Z, AA, AB, ..."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _sheet_name(book: CalamineWorkbook, shown: str, stated: str | None) -> str:
    names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    if stated is not None:
        if stated not in names:
            found, expected = f"no sheet '{stated}'", f"one of its sheets: {listed(names)}"
            raise _problem(shown, found, expected, did_you_mean(stated, names))
        return stated
    filled = [name for name in names if book.get_sheet_by_name(name).start is not None]
    if len(filled) > 1:
        found, hint = f"the sheets {listed(filled, 'and')}", f"state portfolio.format: {{sheet: {filled[0]}}}"
        raise _problem(shown, found, "one sheet with customers, or the name of the one that has them", hint)
    if not filled:
        raise _problem(shown, "no sheet with content", "a header and a row per customer")
    return filled[0]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < _WHOLE else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


def _problem(shown: str, found: str, expected: str, suggestion: str = "") -> ScenarioError:
    return ScenarioError([Problem(shown, 0, 0, found, expected, suggestion)])
