"""Opens the customer files of a scenario and checks that they have the columns that the scenario names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simengine.portfolio.customer_rows import read_rows
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.customers import Customers, FileReading
from simengine.portfolio.progress import Progress
from simengine.portfolio.rejects import require_usable
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

# Roles of columns that hold them; and needs.
NUMBERS = ("revenue", "tenure", "purchases", "last_purchase", "observed", "spend", "price_sensitivity", "weight")


def read_customers(
    scenario: Scenario,
    further: Sequence[str] = (),
    rejects: Path | None = None,
    progress: Progress | None = None,
    memory: int | None = None,
) -> tuple[Customers | None, FileReading]:
    """The customers of the files that `portfolio` names, None where it names none, and what else was read.

    `further` names columns that are read besides those of `portfolio`, as text; `memory` is how many bytes the process
    may use. Raises ScenarioError with every problem of the files, located; all bad rows are written to `rejects` first.
    """
    portfolio = scenario.portfolio
    if rejects is not None:
        require_usable(rejects, scenario)
    if portfolio is None:
        return None, FileReading({}, {}, ())
    roles = portfolio.mapped
    numbers = {column for role, column in roles.items() if role in NUMBERS or role.startswith("needs.")}
    shown = [_shown(scenario, path) for path in portfolio.customers]
    wanted = {*roles.values(), *further}
    with CustomerTable(portfolio.customers, shown, portfolio.format, wanted, numbers, memory) as table:
        _check_columns(scenario, table, further)
        return read_rows(scenario, table, further, rejects, progress)


def _shown(scenario: Scenario, path: Path) -> str:
    """The file's name in messages: seen from where the name of the file that states it is seen."""
    folder = Path(scenario.source.file_of(("portfolio", "customers"))).parent
    try:
        return str(folder / path.relative_to(folder.resolve()))
    except ValueError:
        return str(path)


def file_name(scenario: Scenario) -> str:
    """The customer files as the scenario writes them; "" where it names none."""
    if scenario.portfolio is None:
        return ""
    stated = scenario.source.at(("portfolio", "customers"))
    return ", ".join(map(str, stated)) if isinstance(stated, list) else str(stated)


def _check_columns(scenario: Scenario, table: CustomerTable, further: Sequence[str]) -> None:
    """Fails if a column that the scenario names is missing or ambiguous, or if the files have no rows."""
    assert scenario.portfolio is not None
    problems: list[Problem] = []
    named = [*scenario.portfolio.mapped.items(), *(("", name) for name in further)]
    free = [column for column in table.columns if column not in scenario.portfolio.mapped.values()]
    for role, name in named if table.columns else ():
        count = table.columns.count(name)
        if count == 1:
            continue
        what = f"the name of {count} columns" if count else "no column"
        problems.append(
            scenario.problem(
                ("portfolio", "columns", *role.split(".", 1))
                if role
                else scenario.spread_columns.get(name, ("portfolio",)),
                found=f"'{name}', {what} of {table.parts[0].path.name}",
                expected=f"one of its columns: {', '.join(table.columns)}",
                suggestion="rename one of them" if count else did_you_mean(name, free),
            )
        )
    if not table.rows:
        nothing = Problem(table.shown, 1, 1, "no customers", "a header and at least one row below it")
        problems += table.rejected() or [nothing]
    if problems:
        raise ScenarioError(problems)
