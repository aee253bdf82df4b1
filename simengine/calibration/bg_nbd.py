"""The BG/NBD model of purchases: who buys at a rate of its own until, after some purchase, it drops out.

Fader, Hardie & Lee 2005, "Counting your customers" the easy way, Marketing Science 24(2), doi:10.1287/mksc.1040.0098.
While alive a customer buys at a rate λ, gamma-distributed with shape r and rate alpha (a unit of time); after each
purchase it drops out with probability p, beta-distributed with a and b. x are repeat purchases, t_x when the last of
them was and T how long the customer was observed, both from its first purchase and in the unit of alpha.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, gammaln

from simengine.calibration.beta_nodes import beta_nodes
from simengine.calibration.histories import Histories
from simengine.calibration.maximum import Floats, Maximum, maximise

NAMES = ("r", "alpha", "a", "b")


def log_likelihood(parameters: Floats, rows: Histories) -> float:
    """Of all customers together; equation 6 of the source, on distinct histories times their customers."""
    r, alpha, a, b = parameters
    x, repeated = rows.purchases, rows.purchases > 0
    by_count = gammaln(r + rows.counts) - gammaln(r) + r * np.log(alpha)
    by_count += betaln(a, b + rows.counts) - betaln(a, b)
    alive = -(r + x) * np.log(alpha + rows.observed)
    last, before = alpha + rows.last_purchase[repeated], np.log(a / (b + x[repeated] - 1))
    alive[repeated] = np.logaddexp(alive[repeated], before - (r + x[repeated]) * np.log(last))
    return float((rows.customers * (by_count[rows.count_of] + alive)).sum())


def fit(rows: Histories) -> Maximum:
    """The most likely parameters. Raises NoMaximum."""
    rate = max(rows.mean_rate, 1e-9)
    starts = [(r, r / rate, a, b) for r, a, b in ((0.3, 0.8, 2.5), (1.0, 1.0, 1.0), (3.0, 0.3, 5.0), (0.1, 3.0, 3.0))]
    return maximise(lambda parameters: log_likelihood(parameters, rows), NAMES, starts)


def alive(parameters: Sequence[float] | Floats, x: Floats, last_purchase: Floats, observed: Floats) -> Floats:
    """[customer] Probability that a customer has not dropped out; 1 of who has not bought again."""
    r, alpha, a, b = parameters
    odds = (r + x) * np.log((alpha + observed) / (alpha + last_purchase))
    dropped = np.where(x > 0, a / np.maximum(b + x - 1, 1e-300) * np.exp(odds), 0.0)
    return np.asarray(1 / (1 + dropped))


def expected_if_alive(parameters: Sequence[float] | Floats, x: Floats, observed: Floats, ahead: ArrayLike) -> Floats:
    """[customer, ...] Purchases in the time `ahead`, [...] or one for each customer [customer, 1], of who is alive.

    Equation 10 of the source without its division by the probability of being alive, as an expectation over p, beta
    with a and b + x: of (1 - (1 + p t / (alpha + T))^-(r + x)) / p. So it holds for any a, where the closed form with
    Gauss's function divides by a - 1. For new customers x = T = 0 (equation 9).
    """
    r, alpha, a, b = parameters
    ahead = np.atleast_1d(np.asarray(ahead, dtype=np.float64))
    width = np.broadcast_shapes(ahead.shape, (len(x), 1))[1] if ahead.ndim == 2 else len(ahead)
    times = np.broadcast_to(ahead, (len(x), width)) / (alpha + observed[:, None])
    expected = np.empty(times.shape)
    for count in np.unique(x):
        rows = np.flatnonzero(x == count)
        p, weight = beta_nodes(a, b + count)
        for part in np.array_split(rows, max(1, len(rows) * width // 4096)):
            some = -np.expm1(-(r + count) * np.log1p(p * times[part, :, None]))
            expected[part] = (some * (weight / p)).sum(axis=2)
    return expected
