"""A run under other values of its inputs: what these touch is worked out again, and no more.

Customers are read or drawn again only where the inputs say who they are. Else the customers and profiles of the run
serve. Today is solved again where customers choose otherwise than they did, from the solution that is known. What an
allocation is worth under a move is what a run of the scenario says: to the bit where nothing enters today's choice, to
the tolerance of the solver where something does. Customers who are merged within a stated error stay merged as they
were: that error is measured for the inputs of the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from simengine.engine.machine_memory import most_used
from simengine.engine.profiles import Profiles
from simengine.engine.simulate import OffTheScale
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Hazards, Population, Portfolio
from simengine.portfolio.progress import Progress, unseen
from simengine.portfolio.segment_hazard import segment_hazard
from simengine.portfolio.segment_population import most_money
from simengine.results.clock import Clock
from simengine.results.prepare import open_market
from simengine.results.proportion import in_proportion
from simengine.results.simulation import Simulation
from simengine.results.status_quo import settled
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError
from simengine.scenario.segment import (
    AnySegment,
    ChoiceSegment,
    ContractSegment,
    Lognormal,
    MarkovSegment,
    RevenueSegment,
)
from simengine.tables.build import Ground, axes_of, rows_of, segments_of
from simengine.tables.initiatives import InitiativesOf, no_initiatives
from simengine.tables.need_states import need_states_of
from simengine.tables.today import today_of

if TYPE_CHECKING:
    from simengine.results.run import Run

# What of a segment says nothing of who its customers are. The rest is taken to do so.
OF_NOBODY = {
    "margin", "cost_to_serve", "capital", "acquisition_cost", "revenue_spread", "churn", "share_trend", "constants",
    "inertia", "review", "review_cap", "gap_sensitivity", "points_worth", "tailoring", "word_of_mouth", "needs_drift",
    "need_states", "outside_inertia", "hazard", "opening",
}  # fmt: skip


def redrawn(
    of: Run,
    scenario: Scenario,
    *,
    to: str | None = None,
    first: int = 0,
    besides: InitiativesOf = no_initiatives,
    progress: Progress = unseen,
    expanded: bool = True,
) -> Run:
    """The run of `scenario`, which differs from that of the run `of` in values of inputs, and perhaps in what
    `Run.more` allows: allocations, moves, replications.

    Money and counts are on the scales of `of`. `to`, `first`, `besides` and `progress` are as in `Run.more`, and so is
    what is raised; besides, `ScenarioError` where today's figures exclude each other, and where amounts are too far
    above those of `of` for its scales. Without `expanded`, values of single customers stay those of profiles, and are
    not published. Safe to be called from several threads or processes at a time.
    """

    def simulation_of(scenario: Scenario) -> Simulation:
        reference = of.reference if to is None and of.reference in scenario.allocations else to
        return Simulation(
            scenario, replace(of.how, notice=None), reference, first, besides, progress, Clock(), False, most_used(),
            scales=of.ledger.scales, expanded=expanded,
        )  # fmt: skip

    with in_scale(scenario):
        portfolio = portfolio_of(of, scenario, expanded)
        if portfolio is None:
            budget = of.how.budget
            portfolio = load_portfolio(scenario, memory=None if budget is None else budget.size)
            scenario, status_quo = settled(scenario, portfolio, of.how)
            return replace(simulation_of(scenario).of(portfolio, of.inputs), status_quo=status_quo)
        scenario, status_quo = settled(scenario, portfolio, of.how, of.status_quo)
        simulation = simulation_of(scenario)
        with simulation.clock.phase("tables"):
            own = of.simulated is of.portfolio.population
            population = portfolio.population if own else with_sensitivity(of.simulated, of.scenario, scenario)
            ground = _ground(of, scenario, portfolio, population)
            tables = simulation.tables(ground)
        with simulation.clock.phase("opening"):
            opening = open_market(scenario, tables, population, simulation.options, of.known_today)
        with in_proportion(scenario, portfolio):
            lived = simulation.live(Profiles(population, tables, of.profile), ground, opening)
            found = simulation.finished(lived, ground, portfolio, of.merging, of.inputs)
        return replace(found, status_quo=status_quo)


def _ground(of: Run, scenario: Scenario, portfolio: Portfolio, population: Population) -> Ground:
    """Of the profiles."""
    axes, features = axes_of(scenario), of.ground.features
    if population is not of.simulated:
        features = features.copy()
        features[:, len(scenario.needs)] = population.price_sensitivity
    centres = of.ground.today.centres
    segments = segments_of(scenario, portfolio._replace(population=population), axes)
    segments = segments._replace(need_states=need_states_of(scenario, centres))
    return Ground(portfolio, segments, features, today_of(scenario, centres), of.ground.designs)


def same_customers(of: Run, scenario: Scenario) -> bool:
    """Whether the customers of a run are also those of a scenario with other values of inputs."""
    return _hazards(of, scenario) is not None


def portfolio_of(of: Run, scenario: Scenario, expanded: bool = True) -> Portfolio | None:
    """The customers of a run under other values of inputs; None where these may say that they are others. Without
    `expanded`, only profiles get other price sensitivities, where customers are not simulated themselves."""
    portfolio, hazards = of.portfolio, _hazards(of, scenario)
    if hazards is None:
        return None
    if not expanded and of.simulated is not portfolio.population:
        return portfolio._replace(hazards=hazards)
    return portfolio._replace(hazards=hazards, population=with_sensitivity(portfolio.population, of.scenario, scenario))


def _hazards(of: Run, scenario: Scenario) -> dict[str, Hazards] | None:
    """The hazards of the customers' segments; None where these may be other customers."""
    before, portfolio = of.scenario, of.portfolio
    if not _same_customers(before, scenario, portfolio):
        return None
    hazards = dict(portfolio.hazards)
    for name, segment in scenario.segments.items():
        if isinstance(segment, ContractSegment) and segment != before.segments[name]:
            was = before.segments[name]
            if not isinstance(was, ContractSegment) or segment.hazard != was.hazard:
                if segment.hazard.estimated:
                    return None
                hazards[name] = segment_hazard(scenario, name, None)
    return hazards


def with_sensitivity(population: Population, before: Scenario, now: Scenario) -> Population:
    """The population with the price sensitivities of its segments, where these have changed; else the same object."""
    changed = {
        s: segment.price_sensitivity
        for s, (name, segment) in enumerate(now.segments.items())
        if isinstance(segment, ChoiceSegment) and segment.price_sensitivity != _sensitivity(before.segments[name])
    }
    if not changed:
        return population
    column, rows = population.price_sensitivity.copy(), rows_of(population, len(now.segments))
    for s, value in changed.items():
        column[rows[s] : rows[s + 1]] = value
    return population._replace(price_sensitivity=column)


def _same_customers(before: Scenario, now: Scenario, portfolio: Portfolio) -> bool:
    """Whether a scenario says of its customers what another says, but for price sensitivities and stated hazards."""
    if before.segments.keys() != now.segments.keys():
        return False
    file = now.portfolio
    if (before.portfolio, before.calendar, before.needs) != (file, now.calendar, now.needs):
        return False
    if (before.simulation.seed, before.simulation.mode) != (now.simulation.seed, now.simulation.mode):
        return False
    if file is not None and portfolio.file_customers and _reads_more(before, now):
        return False
    return all(_alike(before.segments[name], segment) for name, segment in now.segments.items())


def _reads_more(before: Scenario, now: Scenario) -> bool:
    """Whether something has changed that says who customers are only where some are of a file."""
    file = now.portfolio
    for name, segment in now.segments.items():
        was = before.segments[name]
        if isinstance(segment, ChoiceSegment) and isinstance(was, ChoiceSegment):
            if (segment.shares, segment.stages.years) != (was.shares, was.stages.years):
                return True  # prospects are as many as our share says, stages follow from tenure
            of_file = file is not None and file.columns.price_sensitivity is not None
            if of_file and segment.price_sensitivity != was.price_sensitivity:
                return True
    return False


def _alike(was: AnySegment, segment: AnySegment) -> bool:
    """Whether both say the same of customers who are drawn."""
    if type(was) is not type(segment):
        return False
    skipped = OF_NOBODY
    if isinstance(segment, ChoiceSegment):
        skipped = skipped | {"shares", "stages", "price_sensitivity"}
    revenues = isinstance(segment, RevenueSegment) and isinstance(was, RevenueSegment)
    if revenues and _variation(was) == _variation(segment) is not None:
        skipped = skipped | {"revenue"}  # brought to the stated mean
    if isinstance(segment, MarkovSegment) and isinstance(was, MarkovSegment) and most_money(was) == most_money(segment):
        skipped = skipped | {"states"}
    return all(
        getattr(was, name) == getattr(segment, name) for name in type(segment).model_fields if name not in skipped
    )


def _variation(segment: AnySegment) -> float | None:
    """Coefficient of variation of the stated revenue; None where none is stated."""
    stated = segment.revenue if isinstance(segment, RevenueSegment) else None
    return stated.lognormal.cv if isinstance(stated, Lognormal) else None if stated is None else 0.0


def _sensitivity(segment: AnySegment) -> float:
    return segment.price_sensitivity if isinstance(segment, ChoiceSegment) else 0.0


@contextmanager
def in_scale(scenario: Scenario) -> Iterator[None]:
    """`OffTheScale` within becomes a `ScenarioError`."""
    try:
        yield
    except OffTheScale as far:
        raise ScenarioError(
            [
                scenario.problem(
                    ("segments",), f"values of inputs with {far} of the central ones", "values of about the same size",
                    "state the central values nearer to these, or less spread",
                )
            ]
        ) from None  # fmt: skip
