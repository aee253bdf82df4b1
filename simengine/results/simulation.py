"""The cells of a scenario, simulated and valued, once its customers are read."""

from __future__ import annotations

from dataclasses import replace

from simengine.engine.customer_values import NOBODY
from simengine.engine.ledger import Scales
from simengine.engine.memory import Plan
from simengine.engine.opening import Opening
from simengine.engine.profiles import Profiles
from simengine.engine.simulate import simulate
from simengine.portfolio.population import Portfolio
from simengine.portfolio.progress import Progress
from simengine.results.accumulated import Accumulated, Onward, accumulated, onward
from simengine.results.clock import Clock
from simengine.results.finished_run import Run
from simengine.results.how import How
from simengine.results.memory import within_memory
from simengine.results.prepare import open_market, reference_of, tell
from simengine.results.profiles import Lived, Merging, live_on_profiles
from simengine.results.proportion import in_proportion
from simengine.scenario.model import Scenario
from simengine.tables.build import Ground, build_on, ground_of, unfolding_on
from simengine.tables.initiatives import InitiativesOf, together
from simengine.tables.layout import Tables
from simengine.timeline.charged import charged
from simengine.timeline.timeline import timeline_of
from simengine.valuation.value import value


class Simulation:
    """Of all cells of a scenario whose budgets are settled, in the replications from `first` on."""

    def __init__(
        self, scenario: Scenario, how: How, to: str | None, first: int, besides: InitiativesOf, progress: Progress,
        clock: Clock, compiling: bool, used_before: int, after: Accumulated | None = None,
        scales: Scales | None = None, expanded: bool = True,
    ) -> None:  # fmt: skip
        """`after` are the sums over replications that come before, to go on from, `scales` those of the ledger unless
        they are to be the scenario's own. Without `expanded`, values of single customers stay those of profiles, and
        are not published. `compiling` says that there is a wait for compiled code ahead, `used_before` how much memory
        the process had used at most when the run began. Raises ScenarioError where `to` names no allocation."""
        self.scenario, self.how, self.progress = scenario, how, progress
        self.reference, self.options = reference_of(scenario, to), how.options_of(scenario, first)
        self.plan, self.clock = Plan(0, 0, 0), clock
        self._compiling, self._used_before, self._after, self._scales = compiling, used_before, after, scales
        self._expanded = expanded
        self._accumulated: Accumulated | None = None
        self._onward: Onward | None = None
        self.timeline = timeline_of(scenario, self.options.seed, first, self.options.replications)
        self._initiatives = besides if self.timeline is None else together(self.timeline.effects_of, besides)

    def of(self, portfolio: Portfolio, inputs: dict[str, str]) -> Run:
        """The run of customers who have just been read; `inputs` as in `Run`."""
        with self.clock.phase("tables"):
            ground = ground_of(self.scenario, portfolio)
            tables = self.tables(ground)

        def live(profiles: Profiles) -> Lived:
            with self.clock.phase("opening"):
                opening = open_market(self.scenario, profiles.tables, profiles.population, self.options)
            return self.live(profiles, ground.of(profiles.tables), opening)

        population, merging = portfolio.population, None
        with in_proportion(self.scenario, portfolio):
            if self.options.mode == "expected":
                bound = self.scenario.simulation.profile_error
                workers = self.options.workers
                lived, merging = live_on_profiles(tables, population, bound, workers, live, self.clock.phase)
                tell(self.how.notice, merging.notices)
            else:
                lived = live(Profiles(population, tables))
            return self.finished(lived, ground.of(lived.profiles.tables), portfolio, merging, inputs)

    def tables(self, ground: Ground) -> Tables:
        """Of all cells."""
        return build_on(ground, self.scenario, self.reference, self._initiatives)

    def live(self, profiles: Profiles, ground: Ground, opening: Opening) -> Lived:
        """What becomes of the profiles, which the ground is of, from their opening on."""
        scenario, tables, how = self.scenario, profiles.tables, self.how
        unfolding = unfolding_on(
            ground, scenario, tables, self.options.replications, self._initiatives, self.options.first,
            None if self._after is None else self._after.shown,
        )  # fmt: skip
        self.options, self.plan = within_memory(
            self.options, tables, how.budget, how.batch_of(self.options), how.notice, self._compiling,
            self._used_before, unfolding,
        )  # fmt: skip
        with self.clock.phase("simulation"):
            units = None if self._after is None else self._after.units
            ledger = simulate(
                opening, tables, profiles.population, self.options, self.progress, unfolding, units, self._scales
            )
        if unfolding is None:
            found = tables
        else:
            found, self._accumulated = unfolding.finished(), accumulated(ledger, unfolding)
            self._onward = onward(self._after, ledger, unfolding)
        found = found._replace(economics=charged(found.economics, self.timeline, found.axes.cells))
        return Lived(profiles._replace(tables=found), opening, ledger)

    def finished(
        self, lived: Lived, ground: Ground, portfolio: Portfolio, merging: Merging | None, inputs: dict[str, str]
    ) -> Run:
        """The run, with the value of every cell."""
        profiles, tables = lived.profiles, lived.profiles.tables
        with self.clock.phase("valuation"):
            ledger = lived.of_customers(portfolio.population) if self._expanded else lived.ledger
            valued = ledger if self._expanded else replace(ledger, customers=NOBODY, customer_cells=())
            valuation = value(valued, tables.economics, tables.axes, portfolio.population.segment)
        return Run(
            self.scenario, portfolio, tables, lived.opening, profiles.profile, self.options, ledger,
            valuation, self.reference, merging, inputs, self.clock.seconds, self.plan, self.timeline, ground,
            profiles.population, self.how, self._accumulated, self._onward,
        )  # fmt: skip
