"""What sampled mode needs of a segment, made of the tables: the market of each period, luck, stages, unit values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log
from simengine.engine.ledger import Ledger, columns_of
from simengine.engine.moment import Moment, thresholds
from simengine.engine.opening import Opening
from simengine.engine.sampled_layout import Contract, Luck, Market, Stages, Worth
from simengine.engine.stage_lengths import lengths_of
from simengine.luck import keys
from simengine.model.spend_multiplier import log_variance
from simengine.tables.layout import OWN_STATES, Tables
from simengine.tables.unit_value import UnitValues

NO_PROMOTION = -1e-300  # log(1 - q) of a stage that is never left


class Markets:
    """The markets of all segments and periods; those that are alike are one."""

    def __init__(self, tables: Tables, opening: Opening) -> None:
        self._tables, self._opening = tables, opening
        self._known: dict[tuple[int | bytes, ...], Market] = {}

    def during(self, s: int, begin: int, until: int) -> list[Market | Contract]:
        """What moves the customers of segment s in the periods begin..until."""
        choice = self._tables.choice
        same = np.full(until - begin - 1, not self._tables.segments.contract[s])  # as in the period before
        for table in (choice.coefficient, choice.review, choice.inertia, choice.shift):
            own = table[:, begin:until, s]
            same &= (own[:, 1:] == own[:, :-1]).all(axis=(0, *range(2, own.ndim)))
        found = [self._at(s, begin)]
        for period, as_before in enumerate(same, begin + 1):
            found.append(found[-1] if as_before else self._at(s, period))
        return found

    def _at(self, s: int, period: int) -> Market | Contract:
        moment = Moment(self._tables, self._opening, s, period)
        if self._tables.segments.contract[s]:
            end, convert = thresholds(moment.leaving()), thresholds(moment.converting())
            return Contract(_bytes_below(end), _bytes_below(convert), end, convert)
        inertia = moment.inertia().astype(np.float32)
        tables = (moment.coefficient, moment.constant, moment.review, inertia)
        key = (s, *(table.tobytes() for table in tables))
        if key not in self._known:
            self._known[key] = choice_market(moment, inertia, self._tables.reference)
        return self._known[key]


def choice_market(moment: Moment, inertia: NDArray[np.float32], reference: NDArray[np.int64]) -> Market:
    """The market of a `choice` segment in a period. Offers that are equal to the bit stand once."""
    review = thresholds(moment.review)
    by_state = np.concatenate([np.repeat(review[:, :1], OWN_STATES, axis=1), review[:, 1:]], axis=1)
    served = np.flatnonzero(moment.available)
    offer = np.zeros((len(review), len(served)), np.int64)
    common: dict[tuple[int, bytes, np.float32], int] = {}  # row of an offer
    for c, place in np.ndindex(offer.shape):
        j = int(served[place])
        key = (j, moment.coefficient[c, j].tobytes(), moment.constant[c, j])
        offer[c, place] = common.setdefault(key, len(common))
    supplier = np.array([j for j, _, _ in common], np.int64)
    features = moment.coefficient.shape[-1]
    last = np.maximum(by_state - 1, 0).astype(np.uint32)
    changes = (np.diff(last, axis=1) != 0) | (np.diff(inertia, axis=1) != 0.0)
    return Market(
        _bytes_below(review),
        last,
        (by_state == 0).astype(np.int32),
        bool((by_state == 0).any()),
        np.frombuffer(b"".join(row for _, row, _ in common), np.float32).reshape(-1, features).copy(),
        np.array([constant for _, _, constant in common], np.float32),
        supplier,
        offer,
        inertia,
        1 + np.flatnonzero(changes.any(axis=0)),
        reference,
    )


def luck_of(tables: Tables, s: int, seed: int) -> Luck:
    """The key of a seed's draws, and how far revenue spreads in a segment."""
    low, high = keys(seed)
    return Luck(low, high, float(np.sqrt(log_variance(float(tables.segments.revenue_spread[s])))))


def stages_of(tables: Tables, s: int, bits: int) -> Stages:
    """How long customers of a segment stay new and established."""
    new, established = (min(log(1.0 - q), NO_PROMOTION) for q in tables.segments.stage_promotion[s])
    horizon = len(tables.axes.periods)
    return Stages(lengths_of(new, horizon), lengths_of(established, horizon), bits)


def worth_of(ledger: Ledger, units: UnitValues, s: int) -> Worth:
    """Where the values of single customers are added up, and what a segment's are made of."""
    scale = ledger.money_scale
    return Worth(
        ledger.customer_value,
        columns_of(ledger),
        ledger.customer_present,
        _before_each_period(np.stack([units.revenue[:, s], units.customer[:, s] * scale], axis=-1)),
        units.join[:, s] * scale,
        units.opening_revenue[s],
        units.opening_customer[s] * scale,
    )


def _bytes_below(thresholds: NDArray[np.int64]) -> np.uint32:
    """Top bytes of a draw below it may be below the largest of the thresholds."""
    return np.uint32(-(-int(thresholds.max()) >> 24))


def _before_each_period(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """[C, T + 1, 3, 2] sums of the values [C, 3, T, 2] of all periods before each period."""
    by_period = values.transpose(0, 2, 1, 3)
    nothing = np.zeros_like(by_period[:, :1])
    return np.ascontiguousarray(np.concatenate([nothing, by_period.cumsum(axis=1)], axis=1))
