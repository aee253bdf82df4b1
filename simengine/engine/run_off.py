"""Beyond the horizon: what the closing pass needs of a segment, where the residual method is run_off."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.elementwise import exp
from simengine.engine.buying import Histories, exposure, live_on, own_rate
from simengine.engine.expected_market import choice_tables
from simengine.engine.leaves import extent_of
from simengine.engine.ledger import Ledger, columns_of
from simengine.engine.moment import inertia, leaving
from simengine.engine.need_states import displaced_extent
from simengine.engine.opening import Opening
from simengine.engine.pool import Pool
from simengine.engine.run_off_kernels import RunOffMarket
from simengine.model.run_off import contract_presence, discounted_sum
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.tables.layout import Floats, RunOff, Tables
from simengine.tables.unit_value import UnitValues

f32 = np.float32


class BuyingRunOff(NamedTuple):
    """What a buy-till-you-die segment still brings from the horizon on, of each kind of its customers."""

    customers: Floats  # [C, kind] discounted period ends as a customer, the horizon's own included
    purchases: Floats  # [C, kind] discounted sum of what is bought in the periods that end then, see `Curves.rate`
    revenue: Floats  # [C, 3] as in `RunOffMarket`
    customer: Floats  # [C, 3]
    column: NDArray[np.int64]  # [C]


def buyers_run_off(
    tables: Tables, run_off: RunOff, kinds: Histories, units: UnitValues, ledger: Ledger, s: int, pool: Pool
) -> BuyingRunOff:
    """How long the customers of a buy-till-you-die segment buy on in every cell or world, at the hazard beyond."""
    periods, years, law = len(tables.axes.periods), tables.axes.years_per_period, tables.segments.buying[s]
    assert law is not None
    exposed = exposure(tables, s, periods)
    later, weight = discounted_sum(run_off.v)
    a_period = run_off.choice.hazard_factor[:, 0, s] * years
    ends = exposed[-1] + np.outer(later, a_period)
    before = np.concatenate([exposed[-2:-1], ends - a_period])  # the last period, then those that count
    after, times = np.concatenate([exposed[-1:], ends]), np.full(len(later) + 1, periods)
    times[0] = periods - 1
    alive, rate = live_on(law, kinds, exposed, times, before, after, pool)
    rate *= own_rate(law, kinds, years)
    alive[0, :, kinds.arrival == periods] = rate[0, :, kinds.arrival == periods] = 1.0  # who enters at the horizon
    weight = np.concatenate([[1.0], weight])[:, None, None]
    return BuyingRunOff(
        (weight * alive).sum(axis=0),
        (weight * rate).sum(axis=0),
        np.ascontiguousarray(units.run_off_revenue[:, s]),
        np.ascontiguousarray(units.run_off_customer[:, s]) * ledger.money_scale,
        columns_of(ledger),
    )


def run_off_market(
    tables: Tables, run_off: RunOff, opening: Opening, units: UnitValues, ledger: Ledger, s: int
) -> RunOffMarket:
    """How the customers of segment s leave from the horizon on, in every cell or world: see `unfolding`."""
    segments, axes = tables.segments, tables.axes
    months = MONTHS_PER_YEAR // axes.periods_per_year
    begins = (len(axes.periods) - segments.latest_arrival) * months  # column 0: see `hazard_columns`
    after = tuple(hazard[:, begin:] for hazard, begin in zip(run_off.hazard, begins, strict=True))
    frozen = tables._replace(
        choice=run_off.choice,
        segments=segments._replace(hazard=after, latest_arrival=np.zeros_like(segments.latest_arrival)),
    )
    contract = bool(segments.contract[s])
    states = segments.need_states[s]
    extent = displaced_extent(extent_of(tables.features, segments.rows[s], segments.rows[s + 1]), states)
    weighed = run_off.choice.coefficient.shape[-1]  # not the misfits of finer designs: these have ended
    offers = choice_tables(frozen, opening, [s], slice(0, 1), extent[None, :, :weighed])[0]
    return RunOffMarket(
        contract,
        offers.market(np.arange(len(run_off.choice.review)), slice(0, 1)),
        run_off.choice.review[:, 0, s].astype(f32),
        exp(inertia(frozen, opening, [s], slice(0, 1))[0, 0]).astype(f32),
        segments.stage_promotion[s],
        contract_presence(leaving(frozen, s, 0), run_off.v, months) if contract else np.zeros((1, 3, 1)),
        run_off.v,
        np.zeros((0, 0)) if states is None else states.move,
        np.ascontiguousarray(units.run_off_revenue[:, s]),
        np.ascontiguousarray(units.run_off_customer[:, s]) * ledger.money_scale,
        columns_of(ledger),
    )
