"""Opens the customer file of a scenario and checks that it has the columns that the scenario names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from simengine.portfolio import csv_text
from simengine.portfolio.customer_rows import Customers, read_rows
from simengine.portfolio.customer_table import CSV, PARQUET, CustomerTable
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def read_customers(
    scenario: Scenario, further: Sequence[str] = ()
) -> tuple[Customers | None, dict[str, tuple[str, ...]]]:
    """The customers of the file that `portfolio` names, None where the scenario names no file.

    And by further column the values that its customers have, sorted. Raises ScenarioError with every problem of
    the file, located.
    """
    if scenario.portfolio is None:
        return None, {}
    path = Path(scenario.portfolio.customers)
    if path.suffix.lower() not in CSV + PARQUET:
        raise _unreadable(scenario, path.name, f"the name of a file ending in {listed(CSV + PARQUET)}")
    _check_kind(path, _shown(scenario))
    try:
        table = CustomerTable(path, _shown(scenario))
    except (duckdb.Error, OSError) as error:
        reason = f"a file that cannot be read: {str(error).splitlines()[0]}"
        hint = "look for unlike line ends and for quotation marks that nothing closes"
        raise _unreadable(scenario, reason, f"a {path.suffix} file", hint if path.suffix in CSV else "") from None
    with table:
        _check_columns(scenario, table, further)
        return read_rows(scenario, table, further)


def _unreadable(scenario: Scenario, found: str, expected: str, suggestion: str = "") -> ScenarioError:
    return ScenarioError([scenario.problem(("portfolio", "customers"), found, expected, suggestion)])


def _check_kind(path: Path, shown: str) -> None:
    """Fails if the content is plainly not what the file's name promises."""
    try:
        if path.suffix.lower() in CSV:
            found, suggestion = csv_text.misfit(path)
            expected = "a header and a row per customer, as text"
        else:
            with path.open("rb") as file:
                found = "" if file.read(4) == b"PAR1" else "content that is not Parquet"
            expected, suggestion = "a Parquet file", "save it as Parquet, or as CSV UTF-8 named .csv"
    except OSError:
        return  # told when the table is read
    if found:
        raise ScenarioError([Problem(shown, 1, 1, found, expected, suggestion)])


def _shown(scenario: Scenario) -> str:
    """The file's name in messages: seen from where the scenario's file is seen."""
    return str(Path(scenario.source.file_of(("portfolio", "customers"))).parent / file_name(scenario))


def file_name(scenario: Scenario) -> str:
    """The customer file as the scenario writes it; "" where it names none."""
    return str(scenario.source.at(("portfolio", "customers"))) if scenario.portfolio else ""


def _check_columns(scenario: Scenario, table: CustomerTable, further: Sequence[str]) -> None:
    """Fails if a column that the scenario names is missing or ambiguous, or if the file has no rows."""
    assert scenario.portfolio is not None
    problems: list[Problem] = []
    named = [*scenario.portfolio.mapped.items(), *(("", name) for name in further)]
    for role, name in named if table.columns else ():
        count = table.columns.count(name)
        if count == 1:
            continue
        what = f"the name of {count} columns" if count else "no column"
        problems.append(
            scenario.problem(
                ("portfolio", "columns", *role.split(".", 1)) if role else ("portfolio",),
                found=f"'{name}', {what} of {table.path.name}",
                expected=f"one of its columns: {', '.join(table.columns)}",
                suggestion=did_you_mean(name, [column for column in table.columns if column != name]),
            )
        )
    if not table.rows:
        nothing = Problem(table.shown, 1, 1, "no customers", "a header and at least one row below it")
        problems += table.rejected() or [nothing]
    if problems:
        raise ScenarioError(problems)
