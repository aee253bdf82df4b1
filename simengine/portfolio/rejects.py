"""Writes the rows of customer files that were refused, with what is wrong in each, for whoever mends them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from simengine.portfolio.bad_cells import BadCells, BadColumn
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.table_part import BLANKS
from simengine.portfolio.workshop import put, workshop
from simengine.scenario.problems import ScenarioError, of_option

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

OPTION = "--rejects"
_ADDED = ["file", "line", "reason"]  # columns behind those of the customer file
_HEADER_BYTES = 1 << 20  # of a file, looked at for its header


def require_usable(rejects: Path, scenario: Scenario) -> None:
    """Fails if there are no rows to refuse, or if they cannot be written to `rejects`, or not without loss."""
    if scenario.portfolio is None:
        found, expected = "an option for customer files, and no `portfolio`", "a scenario with a customer file"
        hint = "leave the option out"
        raise ScenarioError([of_option(OPTION, rejects, found, expected, hint)])
    inputs = [*map(Path, scenario.source.files), *scenario.portfolio.customers]
    if any(rejects.exists() and each.exists() and os.path.samefile(rejects, each) for each in inputs):
        found = f"{rejects}, which the scenario is read from"
    elif rejects.is_dir() or (rejects.exists() and not rejects.is_file()):
        found = f"{rejects}, which is not a file"
    elif rejects.exists() and not _is_earlier(rejects):
        found = f"{rejects}, which exists and holds no refused rows"
    elif not rejects.parent.is_dir():
        found = f"{rejects}, in a folder that does not exist"
    else:
        return
    expected = "the path of a new file, or of one from before that may be replaced"
    raise ScenarioError([of_option(OPTION, rejects, found, expected)])


def _is_earlier(rejects: Path) -> bool:
    """Whether a file is of refused rows: its header ends as `write_rejects` ends it."""
    try:
        with rejects.open("rb") as file:
            start = file.read(_HEADER_BYTES).decode("utf-8", "replace")
        header = next(csv.reader(io.StringIO(start, newline="")), [])
    except (OSError, csv.Error):
        return False
    return header[-len(_ADDED) :] == _ADDED


def write_rejects(rejects: Path, table: CustomerTable, bad: BadCells) -> int:
    """Write every bad row as CSV: its cells, then file, line and reason. Returns how many there are.

    The file appears whole or not at all.
    """
    count = 0
    with workshop(rejects) as folder:
        made = folder / "rows"
        with made.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*table.columns, *_ADDED])
            for row in _rows(table, bad):
                writer.writerow(row)
                count += 1
        put(made, rejects)
    return count


def _rows(table: CustomerTable, bad: BadCells) -> Iterator[list[str]]:
    first, reasons = 0, dict(bad.by_row())
    for part in table.parts:
        own = {row - first: why for row, why in reasons.items() if first <= row < first + part.rows}
        order = [part.columns.index(name) for name in table.columns]
        rejected = {each.line: each for each in part.rejected()}
        for row, line, fields in part.records(own):
            if row is not None:
                cells = [fields[i] for i in order]
                texts = dict(zip(table.columns, cells, strict=True))
                why = "; ".join(_reason(each, first + row, texts[each.column]) for each in own[row])
            else:  # a record with too many fields keeps those that have a column
                cells = [fields[i] if i < len(fields) else "" for i in order]
                why = f"found {rejected[line].found}, expected {rejected[line].expected}"
            yield [*cells, part.shown, str(line), why]
        first += part.rows


def _reason(bad: BadColumn, row: int, cell: str) -> str:
    return f"column {bad.column}: found {bad.said(row, cell.strip(BLANKS))}, expected {bad.expected}"
