"""The customers of the horizon until they leave: how long each of our stages still lasts, discounted.

With Q the transitions among our own stages in a period (nobody returns) and v = 1 / (1 + k), the presence from the
horizon on is M = (I - v Q)^-1: M[i, j] is the discounted number of period ends, the horizon's own included, at
which a customer now in stage i is in stage j. Stages only rise, so that M is triangular and written out.
Source: Pfeifer & Carraway 2000, J. Interactive Marketing 14(2), 43-55,
doi:10.1002/(SICI)1520-6653(200021)14:2<43::AID-DIR4>3.0.CO;2-H.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.jit import formula

SMALLEST_FACTOR = 1e-13  # of a discounted period beyond which hazards are taken as constant
MOST_PERIODS = 60_000


@formula
def presence(
    leave_new: Any, leave_established: Any, leave_loyal: Any, rise_new: Any, rise_established: Any, v: Any
) -> Any:
    """M as (nn, ne, nl, ee, el, ll), from each stage's probability of leaving and of rising in a period.

    Who stays (1 - leave) rises with probability `rise`, as in a simulated period.
    """
    stay_n, stay_e, stay_l = 1.0 - leave_new, 1.0 - leave_established, 1.0 - leave_loyal
    nn = 1.0 / (1.0 - v * stay_n * (1.0 - rise_new))
    ee = 1.0 / (1.0 - v * stay_e * (1.0 - rise_established))
    ll = 1.0 / (1.0 - v * stay_l)
    ne = nn * v * stay_n * rise_new * ee
    el = ee * v * stay_e * rise_established * ll
    return nn, ne, ne * v * stay_e * rise_established * ll, ee, el, ll


def contract_presence(leave: NDArray[np.float64], v: float, months: int) -> NDArray[np.float64]:
    """[..., m] discounted period ends under contract, now included, of who has completed m months of tenure.

    `leave` [..., m] is the probability that a contract ends in the period of `months` that starts at m; what the
    table does not reach ends with the probability of its last column.
    """
    lasting = 1.0 / (1.0 - v * (1.0 - leave))
    for m in range(leave.shape[-1] - months - 1, -1, -1):
        lasting[..., m] = 1.0 + v * (1.0 - leave[..., m]) * lasting[..., m + months]
    return lasting


def periods_that_count(v: float) -> int:
    """Periods after the horizon until v^n is negligible."""
    factor, periods = 1.0, 1
    while factor > SMALLEST_FACTOR and periods < MOST_PERIODS:
        factor *= v
        periods += 1
    return periods


# cos((2 k + 1) pi / 24), k = 0 ... 11: where a function on [-1, 1] is known best by its values at twelve points.
CHEBYSHEV = (0.9914448613738104, 0.9238795325112867, 0.7933533402912352, 0.6087614290087207, 0.3826834323650898,
             0.1305261922200516)  # fmt: skip
ONE_BY_ONE = 16  # periods before the first stretch


def discounted_sum(v: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times n [m], not all whole, and weights w [m]: the sum of v^n f(n) over n = 1, 2, ... is that of w f(n).

    Exact of the first periods; of f that fall ever more slowly, as survival does, to 1e-9 of the sum: on stretches that
    double in length f is the polynomial of degree 11 through Chebyshev's points.
    """
    last = max(periods_that_count(v), ONE_BY_ONE)
    factors = np.cumprod(np.full(last, v))  # v^1, v^2, ...
    times, weights = [np.arange(1.0, ONE_BY_ONE + 1.0)], [factors[:ONE_BY_ONE]]
    points = np.array([*(-x for x in CHEBYSHEV), *reversed(CHEBYSHEV)])
    first = ONE_BY_ONE
    while first < last:
        end = min(2 * first, last)
        middle, half = 0.5 * (first + 1 + end), max(0.5 * (end - first - 1), 0.5)
        own = (np.arange(first + 1.0, end + 1.0) - middle) / half
        basis = np.ones((len(points), len(own)))
        for k, point in enumerate(points):
            for other in np.delete(points, k):
                basis[k] *= (own - other) / (point - other)
        times.append(middle + half * points)
        weights.append((basis * factors[first:end]).sum(axis=1))
        first = end
    return np.concatenate(times), np.concatenate(weights)
