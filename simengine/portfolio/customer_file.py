"""Opens the customer file that a scenario names and checks that it has the columns that the scenario names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from simengine.portfolio.customer_rows import Customers, read_rows
from simengine.portfolio.customer_table import CSV, PARQUET, CustomerTable
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def read_customers(scenario: Scenario) -> Customers | None:
    """The customers of the file that `portfolio` names; None where the scenario names no file.

    Raises ScenarioError with every problem of the file, located.
    """
    if scenario.portfolio is None:
        return None
    path = Path(scenario.portfolio.customers)
    if path.suffix.lower() not in CSV + PARQUET:
        raise _unreadable(scenario, path.name, f"the name of a file ending in {listed(CSV + PARQUET)}")
    if not path.is_file():
        raise _unreadable(scenario, f"no file {path}", "a customer file, its path relative to the scenario's folder")
    try:
        table = CustomerTable(path, _shown(scenario))
    except (duckdb.Error, OSError) as error:
        raise _unreadable(scenario, str(error).splitlines()[0], f"a readable {path.suffix} file") from None
    with table:
        _check_columns(scenario, table)
        return read_rows(scenario, table)


def _unreadable(scenario: Scenario, found: str, expected: str) -> ScenarioError:
    return ScenarioError([scenario.problem(("portfolio", "customers"), found=found, expected=expected)])


def _shown(scenario: Scenario) -> str:
    """The file's name in messages: seen from where the scenario's name is seen."""
    return str(Path(scenario.source.file).parent / file_name(scenario))


def file_name(scenario: Scenario) -> str:
    """The customer file as the scenario writes it; "" where it names none."""
    return str(scenario.source.at(("portfolio", "customers"))) if scenario.portfolio else ""


def _check_columns(scenario: Scenario, table: CustomerTable) -> None:
    """Fails if a column that the scenario names is missing or ambiguous, or if the file has no rows."""
    assert scenario.portfolio is not None
    problems: list[Problem] = []
    for role, name in scenario.portfolio.mapped.items():
        count = table.columns.count(name)
        if count == 1:
            continue
        problems.append(
            scenario.problem(
                ("portfolio", "columns", *role.split(".", 1)),
                found=f"'{name}', of which {table.path.name} has {count or 'no'} column{'s' if count else ''}",
                expected=f"one of its columns: {', '.join(table.columns)}" if table.columns else "a file with a header",
                suggestion=did_you_mean(name, [column for column in table.columns if column != name]),
            )
        )
    if "segment" not in scenario.portfolio.mapped and len(scenario.segments) > 1:
        problems.append(
            scenario.problem(
                ("portfolio", "columns"),
                "no column for the segment",
                f"segment: the column that holds {listed(scenario.segments)}",
            )
        )
    if not table.rows and not (rejected := table.rejected()):
        problems.append(Problem(table.shown, 1, 1, "no customers", "a header and at least one row below it"))
    elif not table.rows:
        problems += rejected
    if problems:
        raise ScenarioError(problems)
