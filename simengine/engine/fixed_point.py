"""The grids on which totals are exact: powers of two, chosen once per scenario."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.tables.layout import Economics

HEADROOM = 2.0**10  # price rises, spend levers and sums over replications stay below 2^63
LARGEST = 2.0**62
COUNT_SCALE_MOST = 2.0**30  # of a customer, in expected mode


def power_of_two_below(limit: float) -> float:
    """The largest power of two that is not above `limit` > 0."""
    scale = 1.0
    while scale * 2.0 <= limit:
        scale *= 2.0
    while scale > limit:
        scale /= 2.0
    return scale


def beside_customers(economics: Economics, years: float) -> float:
    """Currency that the company spends over the horizon besides, owns and owes. What allocations spend is not in it:
    the grid is the same whatever cells there are."""
    return economics.overhead * max(years, 1.0) + abs(economics.net_debt) + abs(economics.other_assets)


def money_scale(weight: NDArray[np.float64], revenue: NDArray[np.float64], years: float, besides: float = 0.0) -> float:
    """Grid points per unit of currency: the whole market's revenue over the horizon and the money `besides`, x 2^10,
    stay below 2^63."""
    market = float((weight * revenue).sum()) * max(years, 1.0)
    return power_of_two_below(LARGEST / HEADROOM / max(market + besides, 1.0))


def count_scale(weight: NDArray[np.float64], mode: str) -> float:
    """Grid points per customer: 1 where customers are drawn whole, up to 2^30 where they are probabilities."""
    if mode == "sampled":
        return 1.0
    return min(COUNT_SCALE_MOST, power_of_two_below(LARGEST / HEADROOM / max(float(weight.sum()), 1.0)))
