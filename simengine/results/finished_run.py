"""A finished run: what it was made of, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from simengine.engine.known_today import KnownToday
from simengine.engine.ledger import Ledger
from simengine.engine.machine_memory import most_used
from simengine.engine.memory import Plan
from simengine.engine.opening import Opening
from simengine.engine.options import Options
from simengine.engine.profiles import Profiles
from simengine.portfolio.population import Population, Portfolio
from simengine.portfolio.progress import Progress, unseen
from simengine.results.accumulated import Accumulated, Onward
from simengine.results.clock import Clock
from simengine.results.how import How
from simengine.results.parts import Part, by_part, rival_valuation_of
from simengine.results.precision import warn_if_precision_is_not_reached
from simengine.results.prepare import in_replications
from simengine.results.profiles import Merging
from simengine.results.proportion import in_proportion
from simengine.results.warnings import equity_per_share, warnings_of_values
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, in_order
from simengine.scenario.simulation import REPLICATIONS
from simengine.tables.build import Ground
from simengine.tables.initiatives import InitiativesOf, no_initiatives
from simengine.tables.layout import Economics, Floats, Rivals, Tables
from simengine.tables.unfolding import has_luck
from simengine.timeline.timeline import Timeline
from simengine.valuation.by_line import value_by_line
from simengine.valuation.lines import Lines, customer_lines
from simengine.valuation.rivals import RivalValuation
from simengine.valuation.valuation import Valuation

if TYPE_CHECKING:
    import xarray

    from simengine.results.drawn import Drawn
    from simengine.results.stopping import Stopping


@dataclass(frozen=True)
class Run:
    """A finished run: its inputs, the engine's exact totals, their value, and how long each phase took."""

    scenario: Scenario
    portfolio: Portfolio
    tables: Tables
    opening: Opening  # of the profiles that were simulated
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
    ground: Ground  # of the profiles, for more cells
    simulated: Population  # the profiles
    how: How  # it was carried out
    accumulated: Accumulated | None = None  # where tables unfold
    onward: Onward | None = None  # where these replications go on from those of another run
    stopping: Stopping | None = None  # how it came to its end, where a precision is stated
    further: Run | None = None  # those of its cells that were simulated further, from the first replication on
    parts: tuple[Part, ...] = ()  # where the money of customers follows other values of inputs; () where in none
    status_quo: Run | None = None  # today's spend without moves, where a budget is spread by what customers are worth
    drawn: Drawn | None = None  # the uncertain inputs, where there are some; then customers, their opening and what no
    # replication changes are those of the central values

    @property
    def exact(self) -> bool:
        """Whether nothing is random: expected values of a market without luck of its own."""
        expected = self.options.mode == "expected" and not has_luck(self.scenario)
        return expected and self.valuation.replications == 1 and self.drawn is None

    @property
    def profiles(self) -> dict[str, Any] | None:
        """How customers were merged, as plain data; None where each is simulated as it is."""
        return None if self.merging is None else self.merging._asdict()

    @cached_property
    def base_revenue(self) -> Floats:
        """[N] of every customer, see `Opening.base_revenue`."""
        profiles = Profiles(self.simulated, self.tables, self.profile)
        return profiles.revenue_of(self.portfolio.population, self.opening.base_revenue)

    @cached_property
    def known_today(self) -> KnownToday:
        """Where to begin with today for other values of inputs."""
        return KnownToday(self.opening, self.tables, self.simulated)

    @cached_property
    def rival_valuation(self) -> RivalValuation:
        """What every rival is worth."""
        return rival_valuation_of(self.ledger, self._parts, self.tables.axes)

    @cached_property
    def lines(self) -> Lines:
        """The lines of our customers' profit and loss, and capital."""
        return cast("Lines", self.of_parts(lambda own, economics, _: customer_lines(own, economics, self.tables.axes)))

    @cached_property
    def value_by_line(self) -> Floats:
        """[C, R, S, 2, L] see `valuation.by_line`."""
        return cast("Floats", self.of_parts(lambda own, economics, _: value_by_line(own, economics, self.tables.axes)))

    def of_parts(self, what: Callable[[Ledger, Economics, Rivals], Any]) -> Any:
        """Arrays [C, R, ...] that follow from totals and money of replications with the same values of inputs."""
        return by_part(self.ledger, self._parts, what)

    @property
    def _parts(self) -> tuple[Part, ...]:
        return self.parts or (Part(self.valuation.replications, self.tables.economics, self.tables.rivals),)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The document that `summary.json` holds and `run --json` prints."""
        from simengine.results.summary import summarise

        return summarise(self)

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What does not stop a run and is still to be known: of the scenario, and of its values."""
        cells = (f"for `{allocation}` under `{move}`" for allocation, move in self.tables.axes.cells)
        standing = (self.standing(c) for c in range(len(self.tables.axes.cells)))
        values = dict(zip(cells, (equity_per_share(run.valuation)[c] for run, c in standing), strict=True))
        late = warn_if_precision_is_not_reached(self.scenario, self.stopping)
        return in_order([*warnings_of_values(self.scenario, values), *late])

    @cached_property
    def dataset(self) -> xarray.Dataset:
        """All results with named dimensions, units and provenance."""
        from simengine.results.dataset import dataset_of

        return dataset_of(self)

    def more(
        self,
        scenario: Scenario | None = None,
        *,
        to: str | None = None,
        first: int = 0,
        besides: InitiativesOf = no_initiatives,
        progress: Progress = unseen,
    ) -> Run:
        """Cells of another scenario with the customers and today of this run: neither is read, merged or solved again.

        `scenario` (this run's unless given) may differ from this run's in allocations, moves, what its `simulation`
        says of replications and customers' values, and in no other input; of finer designs it may have those that this
        run has. Where it states a precision, there are as many replications as in this run. What an allocation is worth
        under a move is the same to the bit in both. With `first`, the replications are first, first + 1, ... instead of
        0, 1, ... `to`, `besides` and `progress` are as in `run`, and so is what is raised.
        """
        from simengine.results.compiling import say_if_compiling
        from simengine.results.simulation import Simulation
        from simengine.results.status_quo import settled

        if self.drawn is not None:
            from simengine.results.drawn import drawn_on

            stated = self.drawn.stated if scenario is None else scenario
            if stated.simulation.precision is not None:
                stated = in_replications(stated, self.valuation.replications)
            return drawn_on(self.drawn.central, stated, to=to, first=first, besides=besides, progress=progress)
        scenario, status_quo = settled(scenario or self.scenario, self.portfolio, self.how, self.status_quo)
        if scenario.simulation.precision is not None:
            scenario = in_replications(scenario, REPLICATIONS if self.exact else self.valuation.replications)
        compiling = say_if_compiling(self.how.notice, scenario, self.options.mode)
        simulation = Simulation(
            scenario, self.how, to, first, besides, progress, Clock(), compiling, most_used(),
            self._before(scenario, first),
        )  # fmt: skip
        with simulation.clock.phase("tables"):
            tables = simulation.tables(self.ground)
        profiles = Profiles(self.simulated, tables, self.profile)
        with in_proportion(scenario, self.portfolio):
            lived = simulation.live(profiles, self.ground, self.opening)
            found = simulation.finished(lived, self.ground, self.portfolio, self.merging, self.inputs)
        return replace(found, status_quo=status_quo)

    def _before(self, scenario: Scenario, first: int) -> Accumulated | None:
        """What replications from `first` on go on from, if those of this run come before."""
        follow = first == self.options.first + self.valuation.replications and scenario.cells == self.scenario.cells
        alike = scenario.simulation.customer_values == self.scenario.simulation.customer_values
        return self.accumulated if follow and alike else None

    def standing(self, cell: int) -> tuple[Run, int]:
        """The run that the figures of a cell stand on, the one in which it has most replications, and its place
        there."""
        named = self.tables.axes.cells[cell]
        if self.further is None or named not in self.further.tables.axes.cells:
            return self, cell
        return self.further.standing(self.further.tables.axes.cells.index(named))

    def write(self, folder: Path | str) -> None:
        """Write the run's folder; an earlier run's is replaced, `FolderRefused` if it holds anything else."""
        from simengine.results.write import write_run

        write_run(self, Path(folder))
