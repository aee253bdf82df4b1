"""The survey of a customer file: its columns, what they may hold for a scenario, and a draft of one."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.progress import Progress
from simengine.scenario.customers import files_of_name, not_a_file
from simengine.scenario.problems import Problem, ScenarioError, counted, did_you_mean
from simengine.survey.book import Book
from simengine.survey.column import Column, survey_column
from simengine.survey.draft import draft
from simengine.survey.log import PurchaseLog, purchase_log
from simengine.survey.needs import suggest_needs
from simengine.survey.plan import plan
from simengine.survey.role import Suggestion, suggest


@dataclass(frozen=True)
class Survey:
    """What is in a customer file, and a scenario that it could be the start of."""

    file: str
    rows: int
    columns: tuple[Column, ...]
    suggestions: tuple[Suggestion, ...]
    unsure: tuple[str, ...]  # what a person should look at before trusting the draft
    draft: str  # YAML

    @property
    def document(self) -> dict[str, Any]:
        """The survey as plain data, for JSON."""
        return dataclasses.asdict(self)


def survey(path: Path, progress: Progress) -> Survey:
    """Survey a customer file. Raises ScenarioError for one that cannot be read or holds no customers."""
    with open_table(path) as table:
        columns, suggestions, log = look(table, path, progress)
        book = plan(table, columns, suggestions)
        unsure = [*_of_the_file(columns), *(f"{s.role}: {s.unsure}" for s in suggestions if s.unsure), *book.unsure]
        unsure = [*_of_the_customers(book, log), *unsure, *table.notices]
        text = draft(path, table.rows, book, log, unsure)
    return Survey(str(path), table.rows, tuple(columns), tuple(suggestions), tuple(unsure), text)


def look(
    table: CustomerTable, path: Path, progress: Progress
) -> tuple[list[Column], list[Suggestion], PurchaseLog | None]:
    """The columns of a file, what they may hold, and the log of purchases if that is what the file is.

    Raises ScenarioError if it holds no customers.
    """
    if problems := table.rejected():
        raise ScenarioError(problems)
    if not table.columns or not table.rows:
        raise ScenarioError([Problem(str(path), 1, 1, "no customers", "a header and at least one row below it")])
    columns = []
    for position in range(len(table.columns)):
        columns.append(survey_column(table, position))
        progress(position + 1, len(table.columns))
    log = purchase_log(table, columns)
    if log is not None:
        return columns, [], log  # its rows are not customers
    needs = suggest_needs(table, columns)
    others = [c for c in columns if needs is None or c.name not in needs.columns]
    return columns, [*suggest(others), *([needs] if needs else [])], None


def open_table(path: Path) -> CustomerTable:
    """Open the customer file, or the files of a name with wildcards, as a scenario would. Raises ScenarioError."""
    files = files_of_name(path, Path()) or [path]
    if not_a_file(files[0]) == "no such file":
        names = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        suggestion = did_you_mean(path.name, names)
        raise ScenarioError([Problem(str(path), 0, 0, "no such file", "a customer file", suggestion)])
    return CustomerTable(files, [str(file) for file in files])


def _of_the_customers(book: Book, log: PurchaseLog | None) -> list[str]:
    """Why the draft cannot take its customers from the file."""
    if log is not None:
        return [
            f"rows repeat the ids of {log.column}: they are purchases rather than customers, so that the draft "
            f"draws {counted(log.customers, 'customer')}; `simengine calibrate` says how real ones "
            "buy, and writes a file with one row a customer"
        ]
    if "id" not in book.used:
        return [
            "no column tells customers apart, so that the draft draws customers like the file's; "
            "to use real ones, add a column with an id, different in every row"
        ]
    return []


def _of_the_file(columns: list[Column]) -> list[str]:
    """What is odd about columns."""
    odd = []
    for c in columns:
        n, repeats = c.numbers, c.distinct < c.filled
        remarks = [
            "has no name" if not c.name else "" if c.unique_name else "has the name of another column",
            "is empty" if c.kind == "empty" else "",
            f"has the same value in every row: {c.top[0][0]}" if c.filled > 1 == c.distinct and c.top else "",
            f"repeats ids: {c.distinct:,} of {c.filled:,} are different" if c.kind == "id" and repeats else "",
            f"has {counted(n.negative, 'negative value')}"
            if n is not None and n.negative and c.kind == "number"
            else "",
            f"has {counted(c.unlike, 'cell that is', 'cells that are')} no {c.kind}" if c.unlike else "",
        ]
        odd += [f"{c.shown} {remark}" for remark in remarks if remark]
    return odd
