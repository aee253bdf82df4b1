"""From a scenario to what every allocation is worth under every move: the whole way, once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simengine.engine import expected_kernels, opening_kernels, sampled_kernels
from simengine.engine.ledger import Ledger
from simengine.engine.opening import CalibrationClash, Opening, solve_opening
from simengine.engine.options import Options, Progress
from simengine.engine.simulate import simulate
from simengine.jit import is_compiled
from simengine.portfolio import load_portfolio
from simengine.portfolio.population import Portfolio
from simengine.results.manifest import sha256
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed
from simengine.tables.build import build, reference_allocation
from simengine.tables.layout import Tables
from simengine.valuation.value import Valuation, value

if TYPE_CHECKING:
    import xarray

Notice = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """A finished run: its inputs, the engine's exact totals, their value, and how long each phase took."""

    scenario: Scenario
    portfolio: Portfolio
    tables: Tables
    opening: Opening
    options: Options
    ledger: Ledger
    valuation: Valuation
    reference: str  # the allocation that the others are compared with
    inputs: dict[str, str]  # SHA-256 of the files that were read, by name
    seconds: dict[str, float]  # by phase

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The document that `summary.json` holds and `run --json` prints."""
        from simengine.results.summary import summarise

        return summarise(self)

    @cached_property
    def dataset(self) -> xarray.Dataset:
        """All results with named dimensions, units and provenance."""
        from simengine.results.dataset import dataset_of

        return dataset_of(self)

    def write(self, folder: Path | str) -> None:
        """Write the run's folder; an earlier run's is replaced, `FolderRefused` if it holds anything else."""
        from simengine.results.write import write_run

        write_run(self, Path(folder))


def run(
    scenario: Scenario,
    *,
    to: str | None = None,
    threads: int | None = None,
    block: int | None = None,
    batch: int | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Run:
    """Simulate and value every allocation under every move.

    `to` is the allocation that the others are compared with (`baseline` if there is one, else the first).
    `threads`, `block` (customers a task) and `batch` (replications in flight) never change a result.
    `progress(done, total)` is called as the simulation advances, `notice(text)` before a wait worth a word.
    Raises `ScenarioError` for bad customer files, for figures of today that exclude each other, and for an
    unknown `to`.
    """
    reference = reference_of(scenario, to)
    clock = _Clock()
    with clock.phase("customers"):
        portfolio = load_portfolio(scenario)
        inputs = {path.name: sha256(path) for path in files_of(scenario)}
    with clock.phase("tables"):
        tables = build(scenario, portfolio, reference)
    options = options_of(scenario, threads, block, batch)
    if notice and not is_compiled_for(tables, options.mode):
        notice("compiling the simulation for this computer; later runs need not")
    with clock.phase("opening"):
        opening = open_market(scenario, tables, portfolio, options)
    with clock.phase("simulation"):
        ledger = simulate(opening, tables, portfolio.population, options, progress or _unseen)
    with clock.phase("valuation"):
        valuation = value(ledger, tables.economics, tables.axes, portfolio.population.segment)
    return Run(scenario, portfolio, tables, opening, options, ledger, valuation, reference, clock.seconds)


def reference_of(scenario: Scenario, to: str | None) -> str:
    """The allocation that the others are compared with; `ScenarioError` if `to` names none."""
    if to is None:
        return reference_allocation(scenario)
    if to not in scenario.allocations:
        expected = f"an allocation of the scenario: {listed(scenario.allocations)}"
        raise ScenarioError(
            [Problem("--to", 0, 0, f"'{to}'", expected, did_you_mean(to, scenario.allocations))]
        )
    return to


def options_of(
    scenario: Scenario, threads: int | None = None, block: int | None = None, batch: int | None = None
) -> Options:
    """How the engine is to carry out the scenario's `simulation` block."""
    simulation = scenario.simulation
    given = {"threads": threads, "block": block, "batch": batch}
    return Options(
        seed=simulation.seed,
        mode=simulation.mode,
        replications=simulation.replications if simulation.mode == "sampled" else 1,
        customer_values=simulation.customer_values,
    )._replace(**{name: number for name, number in given.items() if number is not None})


def is_compiled_for(tables: Tables, mode: str) -> bool:
    """Whether the kernels that this simulation calls have been compiled before."""
    kernels = sampled_kernels if mode == "sampled" else expected_kernels
    contract = tables.segments.contract
    needed = [opening_kernels.stationary_sums, kernels.choice_period] if not contract.all() else []
    needed += [kernels.contract_period] if contract.any() else []
    return all(is_compiled(kernel) for kernel in needed)


def open_market(scenario: Scenario, tables: Tables, portfolio: Portfolio, options: Options) -> Opening:
    """Solve today; figures that exclude each other become problems at their place in the scenario."""
    try:
        return solve_opening(tables, portfolio.population, options.workers)
    except CalibrationClash as clash:
        raise ScenarioError(
            scenario.problem(("segments", c.segment, c.field), c.found, c.expected, c.suggestion)
            for c in clash.clashes
        ) from None


def _unseen(done: int, total: int) -> None:
    """Nobody watches the progress."""


class _Clock:
    """Wall time of each phase, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = time.perf_counter() - start
