"""What a scenario says about a run, in the engine's terms; and today, solved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

from simengine.engine.clash import CalibrationClash
from simengine.engine.known_today import KnownToday
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options
from simengine.portfolio.population import Population
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, did_you_mean, listed, of_option
from simengine.tables.build import reference_allocation
from simengine.tables.layout import Tables
from simengine.tables.unfolding import has_luck

Notice = Callable[[str], None]  # one line that a user should read


def reference_of(scenario: Scenario, to: str | None) -> str:
    """The allocation that the others are compared with; `ScenarioError` if `to` names none."""
    return reference_allocation(scenario) if to is None else one_of("--to", to, scenario.allocations)


def one_of(option: str, name: str, known: Collection[str]) -> str:
    """The `name` of an allocation, or of a move, that an option gives; `ScenarioError` if it is none of the `known`."""
    if name not in known:
        raise refusal_of(option, name, known)
    return name


def refusal_of(option: str, name: str, known: Collection[str]) -> ScenarioError:
    """What is said of a name that an option gives and that is none of the `known`."""
    what = "a move" if option == "--move" else "an allocation"
    expected = f"{what} of the scenario: {listed(known)}"
    return ScenarioError([of_option(option, name, f"'{name}'", expected, did_you_mean(name, known))])


def options_of(
    scenario: Scenario, threads: int | None = None, block: int | None = None, batch: int | None = None
) -> Options:
    """How the engine is to carry out the scenario's `simulation` block."""
    simulation = scenario.simulation
    options = Options(
        seed=simulation.seed,
        mode=simulation.mode,
        replications=simulation.replications if varies(scenario) else 1,
        customer_cells=_customer_cells(scenario),
    )
    return options._replace(
        threads=threads or options.threads, block=block or options.block, batch=batch or options.batch
    )


def varies(scenario: Scenario) -> bool:
    """Whether replications differ."""
    return scenario.simulation.mode == "sampled" or has_luck(scenario) or bool(scenario.uncertain.paths)


def in_replications(scenario: Scenario, replications: int) -> Scenario:
    """The scenario with so many replications, whatever precision it states."""
    simulation = scenario.simulation.model_copy(update={"replications": replications, "precision": None})
    return replace(scenario, simulation=simulation)


def _customer_cells(scenario: Scenario) -> tuple[int, ...] | None:
    """The cells in which the value of every customer is kept; None for all."""
    stated = scenario.simulation.customer_values
    if stated is True:
        return None
    return tuple(c for c, (allocation, _) in enumerate(scenario.cells) if stated and allocation in stated)


def tell(notice: Notice | None, texts: Iterable[str]) -> None:
    """Give notice of each text."""
    if notice:
        for text in texts:
            notice(text)


def open_market(
    scenario: Scenario, tables: Tables, population: Population, options: Options, known: KnownToday | None = None
) -> Opening:
    """Solve today; figures that exclude each other become problems at their place in the scenario. `known` as in
    `solve_opening`."""
    try:
        return solve_opening(tables, population, options.workers, known)
    except CalibrationClash as clash:
        raise ScenarioError(
            scenario.problem(("segments", c.segment, c.field), c.found, c.expected, c.suggestion) for c in clash.clashes
        ) from None


def files_of(scenario: Scenario) -> list[Path]:
    """The files that a scenario is read from."""
    customers = scenario.portfolio.customers if scenario.portfolio else ()
    return [*map(Path, scenario.source.files), *customers, *map(Path, scenario.uncertain.files)]


def named(files: list[Path]) -> dict[str, Path]:
    """Files by name, with as many of their folders as tell them apart."""
    paths = list(dict.fromkeys(path.absolute() for path in files))
    longest = max((len(path.parts) for path in paths), default=1)
    for steps in range(1, longest + 1):
        found = {"/".join(path.parts[-steps:]): path for path in paths}
        if len(found) == len(paths):
            return found
    return {str(path): path for path in paths}
