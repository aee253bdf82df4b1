"""Fixed point: money as integers, so that parts add up to the whole exactly."""

from __future__ import annotations

import numpy as np

from simengine.engine.ledger import Integers
from simengine.tables.layout import Floats

# Of the parts of one replication, so that any of their totals stays far below the 2^63 of an int64.
_LIMIT = float(1 << 60)


class OutOfProportion(OverflowError):
    """Amounts that fixed point does not hold."""


def to_grid(money: Floats, money_scale: float) -> Integers:
    """Each amount of `money` [cell, replication, ...] (currency) in steps of 1 / `money_scale`, rounded once.

    Raises OutOfProportion if the amounts of a replication are not finite or too large together.
    """
    scaled = np.rint(money * money_scale)
    size = np.abs(scaled).sum(axis=tuple(range(2, scaled.ndim)))
    if not bool((size < _LIMIT).all()):
        raise OutOfProportion(
            f"amounts of up to {float(np.abs(money).max()):g} do not fit into fixed point of {money_scale:g} "
            "steps to a unit of currency: an amount is out of all proportion to the customers' revenue, "
            "or the growth of a perpetuity is close to the discount rate"
        )
    return scaled.astype(np.int64)


def exact_sum(values: Integers, axis: int) -> Integers:
    """Sum over an axis as Python integers (dtype object): a sum over many replications may pass 2^63."""
    high, low = values >> 32, values & 0xFFFFFFFF  # each half has room for 2^31 terms
    # keepdims: of a single sum numpy would make an int64, which an array of objects keeps as it is
    upper, lower = (half.sum(axis=axis, keepdims=True).astype(object) for half in (high, low))
    return np.asarray((upper * (1 << 32) + lower).squeeze(axis), dtype=object)


def exact_mean(total: Integers, replications: int, scale: float) -> Floats:
    """Mean over replications of a sum of integers in steps of 1 / `scale` (a power of two), rounded once."""
    exact = np.asarray(total, dtype=object)
    means = np.array([int(each) / replications / scale for each in exact.ravel()], dtype=np.float64)
    return means.reshape(exact.shape)
