"""From a scenario to what every allocation is worth under every move: the whole way, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Ledger
from simengine.engine.machine_memory import most_used
from simengine.engine.memory import Plan
from simengine.engine.opening import Opening
from simengine.engine.options import Options
from simengine.engine.profiles import Profiles
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Portfolio
from simengine.portfolio.progress import Progress, unseen
from simengine.results.compiling import say_if_compiling
from simengine.results.memory import budget_of, require_room_for_customers, within_memory
from simengine.results.prepare import (
    Notice,
    files_of,
    named,
    open_market,
    options_of,
    reference_of,
    tell,
)
from simengine.results.profiles import Lived, Merging, live_on_profiles
from simengine.results.proportion import in_proportion
from simengine.results.warnings import equity_per_share, warnings_of_values
from simengine.scenario.file_hash import sha256
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem
from simengine.tables.build import build, settled, unfolding_of
from simengine.tables.initiatives import InitiativesOf, no_initiatives, together
from simengine.tables.layout import Floats, Tables
from simengine.tables.unfolding import has_luck
from simengine.timeline.charged import charged
from simengine.timeline.timeline import Timeline, timeline_of
from simengine.valuation.rivals import RivalValuation, rival_valuation
from simengine.valuation.valuation import Valuation
from simengine.valuation.value import value

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class Run:
    """A finished run: its inputs, the engine's exact totals, their value, and how long each phase took."""

    scenario: Scenario
    portfolio: Portfolio
    tables: Tables
    opening: Opening  # of the profiles that were simulated
    base_revenue: Floats  # [N] of every customer, see `Opening.base_revenue`
    profile: NDArray[np.int32] | None  # [N] the row of each customer among those that were simulated; None: its own
    options: Options
    ledger: Ledger
    valuation: Valuation
    reference: str  # the allocation that the others are compared with
    merging: Merging | None  # of customers into profiles, in expected mode
    inputs: dict[str, str]  # SHA-256 of the files that were read, by name
    seconds: dict[str, float]  # by phase
    plan: Plan  # of its memory
    timeline: Timeline | None  # initiatives of all allocations in time; None where there are none

    @property
    def exact(self) -> bool:
        """Whether nothing is random: expected values of a market without luck of its own."""
        expected = self.options.mode == "expected" and not has_luck(self.scenario)
        return expected and self.valuation.replications == 1

    @cached_property
    def rival_valuation(self) -> RivalValuation:
        """What every rival is worth."""
        return rival_valuation(self.ledger, self.tables.economics, self.tables.rivals, self.tables.axes)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The document that `summary.json` holds and `run --json` prints."""
        from simengine.results.summary import summarise

        return summarise(self)

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What does not stop a run and is still to be known: of the scenario, and of its values."""
        cells = (f"for `{allocation}` under `{move}`" for allocation, move in self.tables.axes.cells)
        return warnings_of_values(self.scenario, dict(zip(cells, equity_per_share(self.valuation), strict=True)))

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
    memory: str | int | None = None,
    rejects: Path | None = None,
    standard_errors: bool = False,
    besides: InitiativesOf = no_initiatives,
    reading: Progress = unseen,
    progress: Progress = unseen,
    notice: Notice | None = None,
) -> Run:
    """Simulate and value every allocation under every move.

    `to` is the allocation that the others are compared with (`baseline` if there is one, else the first).
    `memory` is the most that this process may use, in bytes or with a unit (`"4GiB"`); if not given, most of what the
    machine has free. It, `threads`, `block` (customers a task) and `batch` (replications in flight) never change a
    result.
    Rows of customer files that cannot be used are written to `rejects`, if there are any. With `standard_errors`, those
    of the values of single customers are kept: sampled mode then takes about twice as long. `besides` is what
    allocations do that the scenario does not state. `reading(done, total)` is
    called as their columns are read, `progress(done, total)` as the simulation advances, `notice(text)` before a wait
    worth a word and with what is to be known of how the files were read.
    Raises `ScenarioError` for bad customer files, for figures of today that exclude each other, for amounts out of
    proportion to the customers' revenue, for an unknown `to`, and for `memory` that is too little.
    """
    reference = reference_of(scenario, to)
    options = options_of(scenario, threads, block, batch)
    if standard_errors and options.mode == "sampled":
        options, batch = options._replace(squares=True), 1
    budget = budget_of(memory)
    require_room_for_customers(scenario, options, budget, say_if_compiling(None, scenario, options.mode))
    compiling, used_before = say_if_compiling(notice, scenario, options.mode), most_used()
    clock = _Clock()
    with clock.phase("customers"):
        portfolio = load_portfolio(
            scenario, rejects=rejects, progress=reading, memory=None if budget is None else budget.size
        )
        tell(notice, portfolio.notices)
        inputs = {name: sha256(path) for name, path in named(files_of(scenario)).items()}
    with clock.phase("tables"):
        scenario = settled(scenario, portfolio)
        timeline = timeline_of(scenario, options.seed, 0, options.replications)
        initiatives = besides if timeline is None else together(timeline.effects_of, besides)
        tables = build(scenario, portfolio, reference, initiatives)
    population, plan = portfolio.population, Plan(0, 0, 0)

    def live(profiles: Profiles) -> Lived:
        nonlocal options, plan
        with clock.phase("opening"):
            opening = open_market(scenario, profiles.tables, profiles.population, options)
        unfolding = unfolding_of(scenario, portfolio, profiles.tables, options.replications, initiatives)
        options, plan = within_memory(
            options, profiles.tables, budget, batch, notice, compiling, used_before, unfolding
        )
        with clock.phase("simulation"):
            ledger = simulate(opening, profiles.tables, profiles.population, options, progress, unfolding)
        found = profiles.tables if unfolding is None else unfolding.finished()
        found = found._replace(economics=charged(found.economics, timeline, found.axes.cells))
        return Lived(profiles._replace(tables=found), opening, ledger)

    with in_proportion(scenario, portfolio):
        if options.mode == "expected":
            bound = scenario.simulation.profile_error
            lived, merging = live_on_profiles(tables, population, bound, options.workers, live, clock.phase)
            tell(notice, merging.notices)
        else:
            lived, merging = live(Profiles(population, tables)), None
        with clock.phase("valuation"):
            base_revenue, ledger = lived.of_customers(population)
            economics = lived.profiles.tables.economics
            valuation = value(ledger, economics, tables.axes, population.segment)
    return Run(
        scenario, portfolio, lived.profiles.tables, lived.opening, base_revenue, lived.profiles.profile, options,
        ledger, valuation, reference, merging, inputs, clock.seconds, plan, timeline,
    )  # fmt: skip


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
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
