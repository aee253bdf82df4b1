"""Today, reproduced before any what-if: constants and inertia that explain the company's own figures.

For an inertia kappa, Newton steps find the constants whose stationary state has the stated shares; outside them,
Brent's method finds the kappa that loses the stated fraction of our customers in the first year (churn falls
strictly in kappa). Where a file fixes suppliers or a trend of shares is stated, the constants are then moved so that
the shares a year on are the opening ones, changed by the trend. The stationary state is the opening: without a trend
nothing moves until somebody acts.
"""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import numpy as np

from simengine.engine.chain import openings
from simengine.engine.clash import CalibrationClash, Clash
from simengine.engine.from_sample import MOVING_SAMPLE, SAMPLE, solve_from, solve_from_sample
from simengine.engine.known_today import KnownToday
from simengine.engine.need_states_market import NeedStatesMarket, market_of
from simengine.engine.pool import Pool
from simengine.engine.segment_market import SegmentMarket
from simengine.portfolio.population import ALIVE, STATE, Population
from simengine.tables.layout import UNDER_CONTRACT, Floats, Tables


class Opening(NamedTuple):
    """Today as the engine reproduces it. Modelled figures are of the population that is simulated."""

    constants: Floats  # [S, J] alpha of the choice; the outside option's (or ours, without one) is 0
    inertia: Floats  # [S] kappa
    states: Floats  # [N, states] distribution of every customer at the opening, of newcomers on entering; a fixed one
    # is a row of 0 and 1
    base_revenue: Floats  # [N] a year, at today's price, before the multiplier of the stage
    shares: Floats  # [S, J] modelled at the opening
    churn: Floats  # [S] modelled, of ours in the first year; nan where customers do not choose
    revenue: Floats  # [S] modelled mean a year of our customers
    joint: dict[int, Floats]  # of segments whose customers move between need states, [n, L, states]: `states` by need
    # state
    entering: Floats | None = None  # [N] what customers bring at the opening or on entering, over base revenue; None: 1


def solve_opening(tables: Tables, population: Population, workers: int = 1, known: KnownToday | None = None) -> Opening:
    """Solve every segment. Raises `CalibrationClash` with all segments whose figures exclude each other.

    `known` is today for other values of inputs: a segment in which customers choose as they did is not solved again,
    others from there.
    """
    segments = tables.segments
    count, suppliers = segments.available.shape
    opening = Opening(
        constants=np.zeros((count, suppliers)),
        inertia=np.zeros(count),
        states=np.zeros((len(population.ids), suppliers + 2)),
        base_revenue=population.revenue.copy(),
        shares=np.zeros((count, suppliers)),
        churn=np.full(count, np.nan),
        revenue=np.full(count, np.nan),
        joint={},
    )
    pool, entering = Pool(workers), np.ones(len(population.ids))
    clashes: list[Clash] = []
    for s in range(count):
        rows = slice(segments.rows[s], segments.rows[s + 1])
        revenue = tables.economics.stage_revenue[s]
        if not segments.choice[s]:
            alive = 1.0 if segments.buying[s] is None else population.history[rows, ALIVE]
            opening.states[rows, UNDER_CONTRACT], opening.states[rows, -1] = alive, 1.0 - np.asarray(alive)
            weight = population.opening_weight_of(rows)
            opening.shares[s, 0] = 1.0 if segments.buying[s] is None else (weight * alive).sum() / weight.sum()
            opening.shares[s, -1] = 1.0 - opening.shares[s, 0]
            multiplier = np.full(rows.stop - rows.start, revenue[1])
            chain = segments.chain[s]
            if chain is not None:
                entering[rows] = (openings(chain, population.history[rows, STATE]) * chain.money).sum(axis=1)
                opening.revenue[s] = (weight * population.revenue[rows] * entering[rows]).sum() / weight.sum()
                continue
        else:
            held = known if known is not None and known.holds(tables, s) else None
            if held is not None and _put_known(held, opening, tables, s):
                continue
            try:
                market = _solved(tables, population, s, pool, opening.states[rows], known, held)
            except CalibrationClash as clash:
                clashes += clash.clashes
                continue
            opening.constants[s], opening.inertia[s] = market.constants, market.inertia
            opening.shares[s] = market.opening_shares()
            opening.churn[s] = market.churn()
            multiplier = market.stage_multipliers(revenue)
            if isinstance(market, NeedStatesMarket):
                opening.joint[s] = market.joint
            del market  # its weights, before the next one's
        opening.revenue[s] = _set_base_revenue(tables, population, opening, s, rows, multiplier)
    if clashes:
        raise CalibrationClash(clashes)
    passing = any(chain is not None for chain in segments.chain)
    return opening._replace(entering=entering) if passing else opening


def _put_known(held: KnownToday, opening: Opening, tables: Tables, s: int) -> bool:
    """Put in the opening what is known of a segment, if that is all."""
    found, rows = held.base_revenue(tables, s), slice(tables.segments.rows[s], tables.segments.rows[s + 1])
    if found is None:
        return False
    for name in ("constants", "inertia", "shares", "churn"):
        getattr(opening, name)[s] = getattr(held.opening, name)[s]
    opening.states[rows] = held.opening.states[rows]
    opening.base_revenue[rows], opening.revenue[s] = found
    if s in held.opening.joint:
        opening.joint[s] = held.opening.joint[s]
    return True


def _solved(
    tables: Tables, population: Population, s: int, pool: Pool, states: Floats, known: KnownToday | None,
    held: KnownToday | None,
) -> SegmentMarket:  # fmt: skip
    """The market of a segment with what explains it; customers' distributions are put in `states`. `known` is today for
    other values of inputs; if they choose as they did, it is `held`."""
    market = market_of(tables, population, s, pool, opening=states)
    if held is not None and market.at_rest:
        return held.placed(market, s)
    if known is not None and np.isnan(market.stated_inertia):
        nearby = known.nearby(s, market.at_rest, pool)
        if nearby is not None and solve_from(market, nearby):
            return market
    size = MOVING_SAMPLE if isinstance(market, NeedStatesMarket) else SAMPLE
    if market.count > size and np.isnan(market.stated_inertia):
        with suppress(CalibrationClash):  # what the sample cannot explain, the whole segment still may
            sample = market_of(tables, population, s, pool, step=-(-market.count // size))
            sample.solve()
            if solve_from_sample(market, sample):
                return market
    market.solve()
    return market


def _set_base_revenue(
    tables: Tables, population: Population, opening: Opening, s: int, rows: slice, multiplier: Floats
) -> float:
    """Divide revenue by the expected `multiplier` of the opening stage; bring a drawn population to the stated mean.

    Returns the mean of our opening customers.
    """
    weight = population.opening_weight_of(rows) * opening.states[rows, :3].sum(axis=1)
    base = population.revenue[rows] / multiplier
    mean = (weight * base * multiplier).sum() / weight.sum()
    stated = float(tables.segments.stated_revenue[s])
    if not np.isnan(stated):
        base *= stated / mean
        mean = stated
    opening.base_revenue[rows] = base
    return float(mean)
