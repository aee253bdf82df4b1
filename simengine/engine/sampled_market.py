"""What sampled mode needs of a segment, made of the tables: the market of each period, luck, stages, unit values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log
from simengine.engine.buying import exposure
from simengine.engine.chain import staying
from simengine.engine.ledger import Ledger, columns_of
from simengine.engine.moment import converting, inertia, leaving, thresholds
from simengine.engine.opening import Opening
from simengine.engine.sampled_layout import (
    AnyMarket,
    Buying,
    BuyingLaw,
    Chain,
    ChainLaw,
    Contract,
    Luck,
    Market,
    Stages,
    Worth,
)
from simengine.engine.stage_lengths import lengths_of
from simengine.luck import keys
from simengine.model.spend_multiplier import log_variance
from simengine.portfolio.bg_nbd import mean_rate
from simengine.portfolio.population import OBSERVED, PURCHASES, STATE, VALUED, Population
from simengine.tables.layout import OWN_STATES, Tables
from simengine.tables.unit_value import UnitValues

Number = TypeVar("Number", bound=np.generic)

NO_PROMOTION = -1e-300  # log(1 - q) of a stage that is never left


class Markets:
    """The markets of all segments and periods; where a segment's tables are those of the period before, the same one.

    Tables are those of `unfolding.Worlds`.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._found: dict[int, list[AnyMarket]] = {}

    def at(self, tables: Tables, period: int) -> list[AnyMarket]:
        """What moves the customers of each segment in a period."""
        if period not in self._found:
            before, choice, contract = self._found.get(period - 1, []), tables.segments.choice, tables.segments.contract
            new, shifted = choice, np.zeros_like(choice)
            if before:
                said = tables.choice
                new = choice & changed(period, said.coefficient, said.review, said.inertia)
                shifted = choice & ~new & changed(period, said.shift)
            own = choice_markets(tables, self._opening, np.flatnonzero(new).tolist(), period)
            own |= shifted_markets(tables, {s: before[s] for s in np.flatnonzero(shifted).tolist()}, period)
            own |= {s: contract_market(tables, s, period) for s in np.flatnonzero(contract).tolist()}
            for s in np.flatnonzero(tables.segments.lawful).tolist():
                buying = tables.segments.buying[s] is not None
                own[s] = buying_market(tables, s, period) if buying else chain_market(tables, s, period)
            self._found[period] = [own[s] if s in own else before[s] for s in range(len(choice))]
        return self._found[period]

    def forget(self, before: int) -> None:
        """Periods that nobody will ask for again."""
        self._found = {period: found for period, found in self._found.items() if period >= before}


def changed(period: int, *tables: NDArray[np.floating]) -> NDArray[np.bool_]:
    """[S] whether what some tables [W, T, S, ...] say of a segment in a period is unlike what they say before it."""
    differ = [(own[:, period] != own[:, period - 1]).any(axis=(0, *range(2, own.ndim - 1))) for own in tables]
    return np.asarray(np.logical_or.reduce(differ))


def alike(markets: list[list[AnyMarket]], s: int, rows: list[int]) -> Iterator[tuple[int, int]]:
    """(first, end) of periods, counted as in `markets`, in which one market moves the same customers of segment s: so
    many periods of a `choice` segment as follow each other, else one. Before each period, and after the last, the
    customers up to `rows` have entered."""
    first = 0
    for end in range(1, len(markets) + 1):
        market = markets[first][s]
        goes_on = end < len(markets) and isinstance(market, Market)
        if not goes_on or markets[end][s] is not market or rows[end + 1] != rows[first + 1]:
            yield first, end
            first = end


def contract_market(tables: Tables, s: int, period: int) -> Contract:
    """What ends or moves the contracts of a segment in a period."""
    probabilities, cells = (leaving(tables, s, period), converting(tables, s, period)), len(tables.axes.cells)
    end, convert = (by_market(thresholds(each), cells) for each in probabilities)
    return Contract(_bytes_below(end), _bytes_below(convert), end, convert)


def buying_market(tables: Tables, s: int, period: int) -> Buying:
    """How long the customers of a buy-till-you-die segment have been exposed to leaving, up to the end of a period."""
    cells, periods = len(tables.axes.cells), len(tables.axes.periods)
    years = exposure(tables, s, period + 1)
    exposed = np.zeros((periods + 1, years.shape[1] // cells, cells))
    exposed[: period + 2] = years.reshape(len(years), cells, -1).swapaxes(1, 2)
    return Buying(exposed, np.zeros(exposed.shape[1:]))


def buying_law(
    tables: Tables, population: Population, base_revenue: NDArray[np.float64], s: int, scale: float
) -> BuyingLaw | None:
    """How the customers of a segment buy, None where they do otherwise; `scale` is that of money."""
    law, years, history = tables.segments.buying[s], tables.axes.years_per_period, population.history
    if law is None:
        return None
    purchases, observed, valued = (np.ascontiguousarray(history[:, k]) for k in (PURCHASES, OBSERVED, VALUED))
    expected = np.where(population.arrival > 0, 1.0, mean_rate(law.r, law.alpha, purchases, observed) * years)
    p, q = law.spend or (0.0, 0.0)
    a_purchase = base_revenue * scale / expected
    return BuyingLaw(law.r, law.alpha, law.a, law.b, p, q, years, purchases, observed, valued, a_purchase)


def chain_market(tables: Tables, s: int, period: int) -> Chain:
    """Who of a markov segment stays a customer in a period."""
    law, cells = tables.segments.chain[s], len(tables.axes.cells)
    assert law is not None
    stay = by_market(staying(law, tables.choice.hazard_factor[:, period, s]), cells)
    return Chain(stay, np.zeros(stay.shape[:2]))


def chain_law(tables: Tables, population: Population, s: int) -> ChainLaw | None:
    """How the customers of a segment pass from state to state, None where they do otherwise."""
    law = tables.segments.chain[s]
    if law is None:
        return None
    total = law.next.sum(axis=1, keepdims=True)
    following = np.cumsum(law.next / np.where(total > 0.0, total, 1.0), axis=1)
    state = population.history[:, STATE].astype(np.int64)
    return ChainLaw(state, np.cumsum(law.opening), following, law.money)


def by_market(table: NDArray[Number], cells: int) -> NDArray[Number]:
    """[M, C, ...] of a table [W, ...] of worlds, see `unfolding`."""
    return np.ascontiguousarray(table.reshape(cells, -1, *table.shape[1:]).swapaxes(0, 1))


def choice_markets(tables: Tables, opening: Opening, segments: list[int], period: int) -> dict[int, AnyMarket]:
    """The markets of some `choice` segments in a period. Offers that are equal to the bit, but for how far they are
    shifted, stand once."""
    found: dict[int, AnyMarket] = {}
    for served, alike in _by_served(tables, segments):
        found |= zip(alike, _markets_of(tables, opening, alike, served, period), strict=True)
    return found


def shifted_markets(tables: Tables, before: dict[int, AnyMarket], period: int) -> dict[int, AnyMarket]:
    """The markets of some `choice` segments in a period, which but for shifts are those of the period `before`."""
    found: dict[int, AnyMarket] = {}
    for served, alike in _by_served(tables, list(before)):
        for s, shift in zip(alike, _shifts(tables, alike, served, period), strict=True):
            market = before[s]
            assert isinstance(market, Market)
            found[s] = market._replace(shift=shift)
    return found


def _by_served(tables: Tables, segments: list[int]) -> Iterator[tuple[NDArray[np.int64], list[int]]]:
    """Suppliers, and the segments that they serve: as many at once as have the same."""
    served_by = {s: tuple(np.flatnonzero(tables.segments.available[s]).tolist()) for s in segments}
    for served in dict.fromkeys(served_by.values()):
        yield np.array(served), [s for s in segments if served_by[s] == served]


def _by_segment(table: NDArray[Number], cells: int) -> NDArray[Number]:
    """[S, M, C, ...] of a table [W, S, ...]."""
    own = table.reshape(cells, -1, *table.shape[1:])
    return np.ascontiguousarray(np.moveaxis(own, (2, 1), (0, 1)))


def _shifts(tables: Tables, segments: list[int], served: NDArray[np.int64], period: int) -> NDArray[np.float32]:
    """[S, M, C, J served] of constants since the opening."""
    return _by_segment(
        tables.choice.shift[:, period][:, segments][:, :, served].astype(np.float32), len(tables.axes.cells)
    )


def _markets_of(
    tables: Tables, opening: Opening, segments: list[int], served: NDArray[np.int64], period: int
) -> Iterator[Market]:
    """Those of segments that the suppliers `served` serve."""
    choice, now, cells = tables.choice, slice(period, period + 1), len(tables.axes.cells)
    weights = _by_segment(choice.coefficient[:, period][:, segments][:, :, served], cells)
    like, number = _numbers(weights)
    constant = opening.constants[segments][:, served].astype(np.float32)
    shift = _shifts(tables, segments, served, period)
    kick = _by_segment(inertia(tables, opening, segments, now)[:, 0].swapaxes(0, 1).astype(np.float32), cells)
    review = thresholds(_by_segment(choice.review[:, period][:, segments], cells))
    by_state = np.concatenate([np.repeat(review[..., :1], OWN_STATES, axis=-1), review[..., 1:]], axis=-1)
    last, never = np.maximum(by_state - 1, 0).astype(np.uint32), by_state == 0
    changes = ((np.diff(last, axis=-1) != 0) | (np.diff(kick, axis=-1) != 0.0)).any(axis=(1, 2))
    for n in range(len(segments)):
        m, c, place = np.nonzero(like[n] == np.arange(cells)[:, None])  # where an offer stands for the first time
        row = number[n, m, c, place]
        coefficient = np.zeros((weights.shape[1], row.max() + 1, weights.shape[-1]), np.float32)
        of_rows = np.zeros(coefficient.shape[:2], np.float32)
        coefficient[m, row], of_rows[m, row] = weights[n, m, c, place], constant[n, place]
        yield Market(
            _bytes_below(review[n]),
            last[n],
            never[n].astype(np.int32),
            bool(never[n].any()),
            coefficient,
            of_rows,
            served,
            np.take_along_axis(number[n], like[n], axis=1),
            shift[n],
            kick[n],
            1 + np.flatnonzero(changes[n]),
            tables.reference,
        )


def _numbers(rows: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """[S, M, C, J] the first cell in which a supplier's row of [S, M, C, J, F] is the same, and the numbers, from 0 in
    each market, of those that stand for the first time."""
    bits, cells = rows.view(np.uint32), rows.shape[2]
    like = np.broadcast_to(np.arange(cells)[:, None], rows.shape[:-1]).copy()
    for c in range(cells - 1):
        same = (bits[:, :, c + 1 :] == bits[:, :, c : c + 1]).all(axis=-1)
        later = like[:, :, c + 1 :]
        np.minimum(later, np.where(same, c, cells), out=later)
    first = like == np.arange(cells)[:, None]
    number = first.reshape(*first.shape[:2], -1).cumsum(axis=-1) - 1
    return like, number.reshape(first.shape)


def luck_of(tables: Tables, s: int, seed: int) -> Luck:
    """The key of a seed's draws, and how far revenue spreads in a segment."""
    low, high = keys(seed)
    return Luck(low, high, float(np.sqrt(log_variance(float(tables.segments.revenue_spread[s])))))


def stages_of(tables: Tables, s: int, bits: int) -> Stages:
    """How long customers of a segment stay new and established."""
    new, established = (min(log(1.0 - q), NO_PROMOTION) for q in tables.segments.stage_promotion[s])
    horizon = len(tables.axes.periods)
    return Stages(lengths_of(new, horizon), lengths_of(established, horizon), bits)


def empty_worth(ledger: Ledger, units: UnitValues, s: int, markets: int) -> Worth:
    """Where the values of single customers are added up, and what a segment's are made of: so far only openings."""
    cells, _, times = ledger.count.shape[:3]
    return Worth(
        ledger.customer_value,
        columns_of(ledger),
        ledger.customer_present,
        np.zeros((markets, cells, times, OWN_STATES, 2)),
        np.zeros((markets, cells, times - 1)),
        units.opening_revenue[s],
        units.opening_customer[s] * ledger.money_scale,
    )


def fill_worth(worth: Worth, units: UnitValues, s: int, begin: int, scale: float) -> None:
    """The unit values of a segment in periods from `begin` on; `scale` is that of money."""
    cells = len(worth.column)
    values = by_market(np.stack([units.revenue[:, s], units.customer[:, s] * scale], axis=-1), cells).swapaxes(2, 3)
    until = begin + values.shape[2]
    before = np.concatenate([worth.units[:, :, begin : begin + 1], values], axis=2)
    worth.units[:, :, begin + 1 : until + 1] = before.cumsum(axis=2)[:, :, 1:]
    worth.join[:, :, begin:until] = by_market(units.join[:, s] * scale, cells)


def _bytes_below(thresholds: NDArray[np.int64]) -> np.uint32:
    """Top bytes of a draw below it may be below the largest of the thresholds."""
    return np.uint32(-(-int(thresholds.max()) >> 24))
