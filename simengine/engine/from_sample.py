"""Today of a large segment, solved from that of a sample of its customers: a few passes over all instead of hundreds.

What explains the sample's figures explains everybody's but for sampling error, and both have nearly the same
derivatives. So Newton steps begin at the sample's solution with the sample's derivatives; each needs the figures of
everybody once, and corrects the derivatives by what the step before has shown (Broyden 1965,
doi:10.1090/S0025-5718-1965-0198670-6). The equations are those of the whole segment, and so is their solution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simengine.engine.linear import solve_linear
from simengine.tables.layout import Floats

if TYPE_CHECKING:
    from simengine.engine.segment_market import SegmentMarket

SAMPLE = 1 << 15  # customers; segments of fewer are solved directly
MOVING_SAMPLE = 1 << 11  # the same where customers move between need states: each takes more time by as much
DIFFERENCE = 1e-5  # of an unknown, for the sample's derivatives
TOLERANCE = 1e-11  # of an unknown's last step
MOST_STEPS = 12


class Nearby(NamedTuple):
    """A market that is solved, as a start for one that is much like it."""

    at: Floats  # [U] the unknowns
    slopes: Floats  # [U, U] of what is 0 there (rows) by the unknowns
    start: Floats  # [J] constants with which its offers are equally good on average


def nearby_of(solved: SegmentMarket) -> Nearby:
    """Of a market that is solved."""
    at = _unknowns(solved)
    slopes = np.empty((len(at), len(at)))
    for k in range(len(at)):
        step = np.zeros(len(at))
        step[k] = DIFFERENCE
        slopes[:, k] = (_errors(solved, at + step) - _errors(solved, at - step)) / (2.0 * DIFFERENCE)
    return Nearby(at, slopes, solved.start)


def solve_from_sample(market: SegmentMarket, sample: SegmentMarket) -> bool:
    """Solve `market` from its `sample`, which is solved. False if the steps do not come to an end soon."""
    return solve_from(market, nearby_of(sample)._replace(start=market.start))


def solve_from(market: SegmentMarket, nearby: Nearby) -> bool:
    """Solve `market` from one that is much like it: the constants start as far from those with which offers are
    equally good as they are there. False if the steps do not come to an end soon."""
    shift = (market.start - nearby.start)[market.free]
    at = nearby.at + np.concatenate([*([shift] * (1 if market.at_rest else 2)), [0.0]])
    slopes = nearby.slopes
    error = _errors(market, at)
    for _ in range(MOST_STEPS):
        try:
            step = np.array(solve_linear(slopes.tolist(), (-error).tolist()))
        except ZeroDivisionError:
            return False
        at = at + step
        if not (np.isfinite(at).all() and 0.0 <= at[-1] <= market.strongest):
            return False
        error = _errors(market, at)
        if np.abs(step).max() < TOLERANCE:
            if market.at_rest:
                market.place()
            return True
        slopes = slopes + error[:, None] * step / (step * step).sum()
    return False


def _unknowns(market: SegmentMarket) -> Floats:
    """The constants at rest, where that differs from today those of today, and the inertia."""
    rest = () if market.at_rest else (market.resting_constants[market.free],)
    return np.concatenate([*rest, market.constants[market.free], [market.inertia]])


def _errors(market: SegmentMarket, unknowns: Floats) -> Floats:
    """What is 0 at the solution, an entry for each unknown."""
    free, total = market.free, market.weight.sum()
    parts = unknowns[:-1].reshape(-1, len(free))
    market.inertia = float(unknowns[-1])
    market.constants = np.zeros(len(market.available))
    market.constants[free] = parts[0]
    sums = market.stationary_sums(slopes=False)
    rest = (sums[: len(market.available)] / total - market.target)[free]
    if market.at_rest:
        return np.concatenate([rest, [1.0 - sums[-1] / sums[0] - market.stated_churn]])
    market.place()
    later = market.shares_wanted_a_year_on()
    market.constants = market.constants.copy()
    market.constants[free] = parts[1]
    sums = market.year_on_sums()
    lost = 1.0 - sums[-1] / market.our_opening_weight()
    return np.concatenate([rest, (sums[:-1] / total - later)[free], [lost - market.stated_churn]])
