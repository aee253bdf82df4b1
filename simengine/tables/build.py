"""scenario + portfolio -> named arrays. The only translator."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from simengine.luck import is_of_file
from simengine.model.run_off import periods_that_count
from simengine.model.stage import promotion_probability
from simengine.model.time import rate_per_period
from simengine.portfolio.population import Population, Portfolio
from simengine.portfolio.segment_population import most_money
from simengine.scenario.buying import GammaGamma
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError
from simengine.scenario.segment import (
    AnySegment,
    BuyingSegment,
    ChoiceSegment,
    ContractSegment,
    MarkovSegment,
    RevenueSegment,
)
from simengine.tables.conversion import contract_hazard, conversions_of
from simengine.tables.design import Designs, designs_of, misfits, too_many_groups
from simengine.tables.economics import economics_of
from simengine.tables.initiatives import InitiativesOf, no_initiatives
from simengine.tables.layout import Axes, Buying, Chain, Floats, RunOff, Segments, Tables
from simengine.tables.market import Beyond, Market, choice_today, plans_of
from simengine.tables.need_states import need_states_of
from simengine.tables.rivals import rivals_of
from simengine.tables.shown import Shown, Sums
from simengine.tables.spread import settle
from simengine.tables.today import Today, today_of
from simengine.tables.unfolding import Unfolding, unfolds
from simengine.tables.worlds import worlds_of

AT_ONCE = 1 << 16  # customers whose features are made at once


def axes_of(scenario: Scenario) -> Axes:
    """Names along every axis."""
    calendar = scenario.calendar
    return Axes(
        tuple(scenario.cells),
        tuple(calendar.labels),
        tuple(scenario.segments),
        tuple(scenario.suppliers),
        tuple(scenario.needs),
        calendar.years_per_period,
        calendar.periods_per_year,
    )


def rows_of(population: Population, segments: int) -> np.ndarray:
    """[S + 1] the customers of segment s are rows[s]:rows[s + 1]."""
    return np.searchsorted(population.segment, np.arange(segments + 1, dtype=population.segment.dtype)).astype(np.int64)


def centres_of(population: Population, rows: np.ndarray) -> np.ndarray:
    """[S, K] mean needs of the customers of each segment today; 0 where there are none."""
    centres = np.zeros((len(rows) - 1, population.needs.shape[1]))
    for centre, (start, end) in zip(centres, pairwise(rows), strict=True):
        if end > start:
            centre[:] = _mean(population.needs[start:end], population.opening_weight_of(slice(start, end)))
    return centres


def features_of(
    population: Population, rows: np.ndarray, centres: np.ndarray, designs: Designs, moving: int = 0
) -> np.ndarray:
    """[N, F] needs weights, price sensitivity, misfit: half the distance to the segment's centre; with `moving` 1, how
    far a customer has moved on, which is for the engine to know: 0; then the distance to the nearest centre of each of
    the segment's finer designs, in as many columns as the most that any has."""
    count, needs = population.needs.shape
    finer = needs + 2 + moving
    features = np.zeros((count, finer + max(map(len, designs.values()), default=0)), np.float32)
    features[:, :needs], features[:, needs] = population.needs, population.price_sensitivity
    for (start, end), centre, groups in zip(pairwise(rows), centres, designs.values(), strict=True):
        if end > start:
            weight = population.opening_weight_of(slice(start, end))
            for a in range(start, end, AT_ONCE):
                some = slice(a, min(a + AT_ONCE, end))
                features[some, needs + 1] = 0.5 * np.abs(population.needs[some] - centre).sum(axis=1)
            for n, design in enumerate(groups):
                features[start:end, finer + n] = misfits(population.needs[start:end], weight, design)
    return features


def _mean(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """[K] weighted mean over customers; some are added at once, with the bits of one sum."""
    total = np.zeros(values.shape[1])
    for start in range(0, len(values), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        weighted = values[some] * weight[some, None]
        weighted[0] += total
        total = weighted.sum(axis=0)
    return np.asarray(total / weight.sum())


def segments_of(scenario: Scenario, portfolio: Portfolio, axes: Axes) -> Segments:
    """The constants of every segment, see `layout.Segments`."""
    population = portfolio.population
    count, suppliers = len(axes.segments), len(axes.suppliers)
    revenue_column = scenario.portfolio is not None and scenario.portfolio.columns.revenue is not None
    rows = rows_of(population, count)
    nothing = np.full((count, suppliers), np.nan)
    table = Segments(
        contract=np.zeros(count, np.bool_), rows=rows, available=np.zeros((count, suppliers), np.bool_),
        shares=nothing.copy(), churn=np.full(count, np.nan), constants=nothing.copy(), inertia=np.full(count, np.nan),
        share_trend=np.zeros((count, suppliers)), stage_years=np.ones((count, 2)),
        stage_promotion=np.zeros((count, 2)), stage_inertia=np.ones((count, 3)),
        outside_inertia=np.ones(count),
        latest_arrival=np.array([population.arrival[a:b].max(initial=0) for a, b in pairwise(rows)], np.int64),
        converts_to=np.arange(count), causal=np.zeros(count), need_states=(None,) * count,
        revenue_spread=np.zeros(count), stated_revenue=np.full(count, np.nan),
        hazard=tuple(
            _hazard(scenario, portfolio, name, population.tenure_months[rows[s] : rows[s + 1]], axes)
            for s, name in enumerate(axes.segments)
        ),
        buying=tuple(_buying(segment) for segment in scenario.segments.values()),
        chain=tuple(_chain(segment) for segment in scenario.segments.values()),
    )  # fmt: skip
    for name, conversion in conversions_of(scenario).items():
        s = axes.segments.index(name)
        table.converts_to[s], table.causal[s] = axes.segments.index(conversion.to), conversion.causal
    for s, segment in enumerate(scenario.segments.values()):
        table.revenue_spread[s] = segment.revenue_spread if isinstance(segment, RevenueSegment) else 0.0
        in_file = is_of_file(population.ids[rows[s] : rows[s + 1]]).any()
        if segment.mean_revenue is not None and not (in_file and revenue_column):
            table.stated_revenue[s] = segment.mean_revenue
        if not isinstance(segment, ChoiceSegment):
            table.contract[s] = isinstance(segment, ContractSegment)
            table.available[s, [0, -1]] = True
            continue
        for j, supplier in enumerate(axes.suppliers):
            table.available[s, j] = supplier in segment.available
            if segment.shares is not None:
                share = segment.shares.get(supplier, 0.0)
                table.shares[s, j] = share
                table.share_trend[s, j] = segment.shares_in_a_year[supplier] / share - 1.0 if share else 0.0
            else:
                table.constants[s, j] = (segment.constants or {}).get(supplier, 0.0)
        table.churn[s] = np.nan if segment.churn is None else segment.churn
        table.inertia[s] = np.nan if segment.inertia is None else segment.inertia
        table.stage_years[s] = segment.stages.years
        table.stage_promotion[s] = [promotion_probability(y, axes.years_per_period) for y in segment.stages.years]
        table.stage_inertia[s] = segment.stages.inertia
        table.outside_inertia[s] = segment.outside_inertia
    return table


def _buying(segment: AnySegment) -> Buying | None:
    if not isinstance(segment, BuyingSegment):
        return None
    law, spend = segment.purchases.bg_nbd, segment.spend
    shapes = (spend.gamma_gamma.p, spend.gamma_gamma.q) if isinstance(spend, GammaGamma) else None
    return Buying(law.r, law.alpha_years, law.a, law.b, shapes)


def _chain(segment: AnySegment) -> Chain | None:
    if not isinstance(segment, MarkovSegment):
        return None
    names = tuple(segment.states)
    opening = segment.opening or {names[0]: 1.0}
    return Chain(
        np.array([[each.next.get(name, 0.0) for name in names] for each in segment.states.values()]),
        np.array([each.money for each in segment.states.values()]) / most_money(segment),
        np.array([opening.get(name, 0.0) for name in names]),
    )


def _hazard(
    scenario: Scenario, portfolio: Portfolio, name: str, tenures: np.ndarray, axes: Axes, beyond: int = 0
) -> Floats:
    """Of one segment, up to `beyond` periods after the horizon."""
    if name not in portfolio.hazards:
        return np.zeros((2, 0))
    longest = int(tenures.max(initial=0))
    months = MONTHS_PER_YEAR // axes.periods_per_year
    conversion = conversions_of(scenario).get(name)
    return contract_hazard(portfolio, name, conversion, longest, len(axes.periods) + beyond, months)


def settled(scenario: Scenario, portfolio: Portfolio, value: Floats | None = None) -> Scenario:
    """The scenario with money by segment in place of every spread. `value` [S] is that of our customers of today in
    the status quo, needed where a budget is spread by it. Raises ScenarioError where there is no basis."""
    if not any(allocation.spreads for allocation in scenario.allocations.values()):
        return scenario
    return settle(scenario, portfolio, segments_of(scenario, portfolio, axes_of(scenario)), value)


class Ground(NamedTuple):
    """What no cell changes: the customers, in the terms of the engine, and today. It is of the scenario's customers, or
    of profiles that they have merged into."""

    portfolio: Portfolio  # of customers
    segments: Segments
    features: np.ndarray  # [N, F]
    today: Today
    designs: Designs  # for which features have misfits

    def of(self, tables: Tables) -> Ground:
        """The same of the profiles that `tables` are of."""
        return self._replace(segments=tables.segments, features=tables.features)


def ground_of(scenario: Scenario, portfolio: Portfolio) -> Ground:
    """The ground of a scenario whose budgets are settled. Raises ScenarioError for what only the customers show to be
    impossible."""
    axes = axes_of(scenario)
    segments, designs = segments_of(scenario, portfolio, axes), designs_of(scenario)
    customers = [portfolio.population.opening_weight[start:end].sum() for start, end in pairwise(segments.rows)]
    if problems := too_many_groups(scenario, customers):
        raise ScenarioError(problems)
    centres = centres_of(portfolio.population, segments.rows)
    segments = segments._replace(need_states=need_states_of(scenario, centres))
    features = features_of(portfolio.population, segments.rows, centres, designs, int(scenario.has_need_states))
    return Ground(portfolio, segments, features, today_of(scenario, centres), designs)


def build(
    scenario: Scenario, portfolio: Portfolio, reference: str = "", initiatives: InitiativesOf = no_initiatives
) -> Tables:
    """Tables of every cell, see `build_on`. Raises ScenarioError for what only the customers show to be impossible."""
    scenario = settled(scenario, portfolio)
    return build_on(ground_of(scenario, portfolio), scenario, reference, initiatives)


def build_on(
    ground: Ground, scenario: Scenario, reference: str = "", initiatives: InitiativesOf = no_initiatives
) -> Tables:
    """Tables of every cell of a scenario whose budgets are settled and which differs from that of the ground in
    allocations and moves at most. `reference` is the allocation that differences and the direction guarantee refer to
    (default `baseline`, else the first).

    Of a market that has to unfold (`unfolding_on`) they are those of its first replication in which nobody answers
    what customers do.
    """
    axes, today, segments = axes_of(scenario), ground.today, ground.segments
    shown = Shown(scenario, axes)
    market = Market(scenario, today, worlds_of(scenario), plans_of(scenario, ground.designs), initiatives(0, 1))
    if market.known:
        shown.add(market, slice(None), market.reveal_all())
    else:
        for t in range(len(axes.periods)):
            shown.add(market, t, market.reveal(t))
    beyond = market.beyond() if scenario.company.residual.method == "run_off" else None
    sums = shown.sums()
    return Tables(
        axes,
        segments,
        ground.features,
        market.choice,
        choice_today(scenario, today),
        economics_of(scenario, axes, market.money, market.demand, beyond),
        reference_cells(axes, reference or reference_allocation(scenario)),
        None if beyond is None else _run_off(scenario, ground.portfolio, axes, beyond),
        rivals_of(scenario, axes, today, market.rival_money),
        sums.offers(),
        sums.experience(scenario),
    )


def unfolding_of(
    scenario: Scenario,
    portfolio: Portfolio,
    tables: Tables,
    replications: int,
    initiatives: InitiativesOf = no_initiatives,
) -> Unfolding | None:
    """As `unfolding_on`, of a scenario whose tables are built."""
    scenario = settled(scenario, portfolio)
    if not unfolds(scenario):
        return None
    return unfolding_on(ground_of(scenario, portfolio), scenario, tables, replications, initiatives)


def unfolding_on(
    ground: Ground,
    scenario: Scenario,
    tables: Tables,
    replications: int,
    initiatives: InitiativesOf = no_initiatives,
    first: int = 0,
    after: Sums | None = None,
) -> Unfolding | None:
    """How the market of a scenario, whose tables are built on this ground, unfolds in so many replications from `first`
    on; None where the tables say it all: nothing follows from what customers do, and all replications are alike.
    `after` is what was shown of replications before."""
    if not unfolds(scenario):
        return None
    plans = plans_of(scenario, ground.designs)
    return Unfolding(scenario, tables, ground.today, plans, replications, initiatives, first, after)


def _run_off(scenario: Scenario, portfolio: Portfolio, axes: Axes, beyond: Beyond) -> RunOff:
    rows = rows_of(portfolio.population, len(axes.segments))
    v = 1.0 / (1.0 + rate_per_period(scenario.company.discount_rate, axes.years_per_period))
    tenures = [portfolio.population.tenure_months[start:end] for start, end in pairwise(rows)]
    hazard = tuple(
        _hazard(scenario, portfolio, name, tenure, axes, periods_that_count(v))
        for name, tenure in zip(axes.segments, tenures, strict=True)
    )
    return RunOff(beyond.choice, hazard, v)


def reference_allocation(scenario: Scenario) -> str:
    """The allocation that others are compared with unless the user names one."""
    return "baseline" if "baseline" in scenario.allocations else next(iter(scenario.allocations))


def reference_cells(axes: Axes, reference: str) -> np.ndarray:
    """[C] index of the reference allocation's cell under the same move."""
    place = {cell: c for c, cell in enumerate(axes.cells)}
    return np.array([place[reference, move] for _, move in axes.cells], np.int64)
