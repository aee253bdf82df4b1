"""From what is to be studied, a run's folder or a scenario, to the study of its customers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simengine.results.folder import changed_files, is_run
from simengine.results.prepare import one_of, reference_of
from simengine.results.run import run
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError, listed
from simengine.study.accounts import Accounts, Cell, accounts_of_folder, accounts_of_run
from simengine.study.customers import CustomerStudy


def customers(
    of: Scenario | Path | str, *, allocation: str | None = None, move: str | None = None, to: str | None = None,
    **how: Any,
) -> CustomerStudy:  # fmt: skip
    """The study of our customers in one cell, of a scenario, which is then run, or of a run's folder.

    `allocation` and `move` name the cell: the reference allocation and the first move unless given. Deciles by value
    are compared with those of the allocation `to` under the same move: the reference unless given. What else `run`
    takes, `how` a scenario is run, may be given too. Raises ScenarioError.
    """
    return (
        _of_scenario(of, allocation, move, to, how)
        if isinstance(of, Scenario)
        else _of_folder(Path(of), allocation, move, to)
    )


def _of_scenario(
    scenario: Scenario, allocation: str | None, move: str | None, to: str | None, how: dict[str, Any]
) -> CustomerStudy:
    reference = reference_of(scenario, to)
    shown = cell_of(scenario.allocations, scenario.moves, reference, allocation, move)
    other = reference, shown[1]
    compared = list(dict.fromkeys((reference, shown[0])))
    few = only(scenario, compared, shown[1])
    few = dataclasses.replace(few, simulation=few.simulation.model_copy(update={"customer_values": compared}))
    run_of_cells = run(few, to=reference, standard_errors=True, spread=False, **how)
    accounts = accounts_of_run(run_of_cells, {shown, other})
    _require_customers(accounts, str(scenario.source.files[0]) if scenario.source.files else scenario.name)
    return CustomerStudy(
        scenario.name, scenario.currency, accounts, shown, None if other == shown else other, run_of_cells.summary
    )


def only(scenario: Scenario, allocations: Sequence[str], move: str) -> Scenario:
    """The scenario with some allocations under one move: no cell's result depends on others. What rivals run
    themselves stays, too. Values of single customers are not kept."""
    changes = scenario.moves[move]
    needed = {*allocations, *(change.like for change in changes)}
    return dataclasses.replace(
        scenario,
        allocations={name: stated for name, stated in scenario.allocations.items() if name in needed},
        moves={move: changes},
        simulation=scenario.simulation.model_copy(update={"customer_values": False}),
    )


def require_run(folder: Path) -> None:
    """Raise ScenarioError unless the folder is a run's, as the run wrote it."""
    if not is_run(folder):
        raise ScenarioError([Problem(str(folder), 0, 0, "no run", "a scenario, or the folder of a run that is done")])
    if changed := changed_files(folder):
        found = f"{listed(changed, 'and')}, gone or not as the run wrote {'it' if len(changed) == 1 else 'them'}"
        raise ScenarioError([Problem(str(folder), 0, 0, found, "the files of a run, unchanged", "run it again")])


@contextmanager
def read_of(folder: Path) -> Iterator[None]:
    """What is read of a run's folder within: raises ScenarioError where another simengine wrote it otherwise."""
    try:
        yield
    except (KeyError, OSError, ValueError) as error:
        expected = "what this simengine writes of a run"
        problem = Problem(str(folder), 0, 0, "a run that another simengine wrote", expected, "run it again")
        raise ScenarioError([problem]) from error


def _of_folder(folder: Path, allocation: str | None, move: str | None, to: str | None) -> CustomerStudy:
    require_run(folder)
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    cells = [(cell["allocation"], cell["move"]) for cell in summary["cells"]]
    allocations, moves = (list(dict.fromkeys(names)) for names in zip(*cells, strict=True))
    reference = one_of("--to", to, allocations) if to else summary["cells"][0]["difference"]["to"]
    shown = cell_of(allocations, moves, reference, allocation, move)
    other = reference, shown[1]
    try:
        accounts = accounts_of_folder(folder, dict.fromkeys((shown, other)))
    except KeyError as lacking:
        found = f"a run without {lacking.args[0]}"
        expected = "a run that keeps values of single customers in this cell"
        hint = "see simulation.customer_values, or give the scenario in place of the run"
        raise ScenarioError([Problem(str(folder), 0, 0, found, expected, hint)]) from None
    _require_customers(accounts, str(folder))
    name, currency = summary["scenario"], summary["currency"]
    return CustomerStudy(name, currency, accounts, shown, None if other == shown else other, summary)


def _require_customers(accounts: Accounts, where: str) -> None:
    if not len(accounts.customers):
        raise ScenarioError([Problem(where, 0, 0, "no customers of ours at the opening", "some, to study")])


def cell_of(
    allocations: Collection[str], moves: Collection[str], reference: str, allocation: str | None, move: str | None
) -> Cell:
    """The cell that is named: the reference's, and the first move, unless given. Raises ScenarioError."""
    shown = reference if allocation is None else one_of("--allocation", allocation, allocations)
    under = next(iter(moves)) if move is None else one_of("--move", move, moves)
    return shown, under
