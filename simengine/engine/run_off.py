"""Beyond the horizon: what the closing pass needs of a segment, where the residual method is run_off."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.elementwise import exp
from simengine.engine.buying import buying_beyond
from simengine.engine.chain import chain_beyond, lasting_by_state
from simengine.engine.expected_market import choice_tables
from simengine.engine.kinds import Kinds
from simengine.engine.leaves import extent_of
from simengine.engine.ledger import Integers, Ledger, columns_of
from simengine.engine.moment import inertia, leaving
from simengine.engine.need_states import displaced_extent
from simengine.engine.opening import Opening
from simengine.engine.pool import Pool
from simengine.engine.run_off_kernels import RunOffMarket
from simengine.engine.sampled_layout import BuyingBeyond, ChainBeyond
from simengine.engine.sampled_market import by_market
from simengine.model.run_off import contract_presence
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.tables.layout import Floats, RunOff, Tables
from simengine.tables.unit_value import UnitValues

f32 = np.float32


class CurvedRunOff(NamedTuple):
    """What a segment whose customers follow curves still brings from the horizon on, see `kinds.CurvesBeyond`."""

    customers: Floats  # [C, kind]
    revenue_of: Floats  # [C, kind]
    revenue: Floats  # [C, 3] as in `RunOffMarket`
    customer: Floats  # [C, 3]
    column: NDArray[np.int64]  # [C]


def curved_run_off(
    tables: Tables, run_off: RunOff, kinds: Kinds, units: UnitValues, ledger: Ledger, s: int, pool: Pool
) -> CurvedRunOff:
    """How long the customers of such a segment stay in every cell or world."""
    beyond = (
        chain_beyond(tables, run_off, s, kinds)
        if tables.segments.buying[s] is None
        else buying_beyond(tables, run_off, s, kinds, pool)
    )
    return CurvedRunOff(beyond.customers, beyond.revenue, *_worth(units, ledger, s))


def drawn_run_off(
    tables: Tables, run_off: RunOff, opening: Opening, units: UnitValues, ledger: Ledger, s: int
) -> RunOffMarket | BuyingBeyond | ChainBeyond:
    """How the customers of segment s leave from the horizon on, one by one, in every cell or world."""
    cells, chain = len(tables.axes.cells), tables.segments.chain[s]
    hazard_factor = run_off.choice.hazard_factor[:, 0, s]
    if tables.segments.buying[s] is not None:
        exposed = by_market(hazard_factor * tables.axes.years_per_period, cells)
        return BuyingBeyond(exposed, run_off.v, *_worth(units, ledger, s))
    if chain is not None:
        lasting = lasting_by_state(chain, hazard_factor, run_off.v)
        return ChainBeyond(np.stack([by_market(each, cells) for each in lasting]), *_worth(units, ledger, s))
    return run_off_market(tables, run_off, opening, units, ledger, s)


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
        *_worth(units, ledger, s),
    )


def _worth(units: UnitValues, ledger: Ledger, s: int) -> tuple[Floats, Floats, Integers]:
    """What presence in segment s is worth, and where that is kept: the last fields of `RunOffMarket`."""
    return (
        np.ascontiguousarray(units.run_off_revenue[:, s]),
        np.ascontiguousarray(units.run_off_customer[:, s]) * ledger.money_scale,
        columns_of(ledger),
    )
