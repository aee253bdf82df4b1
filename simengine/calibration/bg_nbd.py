"""The BG/NBD model of purchases: who buys at a rate of its own until, after some purchase, it drops out.

Fader, Hardie & Lee 2005, "Counting your customers" the easy way, Marketing Science 24(2), doi:10.1287/mksc.1040.0098.
While alive a customer buys at a rate λ, gamma-distributed with shape r and rate alpha (a unit of time); after each
purchase it drops out with probability p, beta-distributed with a and b. x are repeat purchases, t_x when the last of
them was and T how long the customer was observed, both from its first purchase and in the unit of alpha.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import betaln, digamma, gammaln

from simengine.calibration.beta_nodes import beta_nodes
from simengine.calibration.histories import Histories
from simengine.calibration.maximum import Floats, Maximum, maximise

NAMES = ("r", "alpha", "a", "b")
_ALIKE = "customers hardly differ in how often they buy"
_STAYING = "customers hardly differ in how soon they drop out, or hardly anybody is seen to"
UNSEEN = {"r": _ALIKE, "alpha": _ALIKE, "a": _STAYING, "b": _STAYING}


def likelihood(parameters: Floats, rows: Histories) -> tuple[float, Floats]:
    """The log likelihood of all customers together, and its slope by each parameter; equation 6 of the source."""
    r, alpha, a, b = parameters
    x, n = rows.purchases, rows.counts
    by_count = gammaln(r + n) - gammaln(r) + r * np.log(alpha) + betaln(a, b + n) - betaln(a, b)
    end, last = alpha + rows.observed, alpha + rows.last_purchase
    before = np.where(x > 0, b + x - 1, np.inf)  # who has not bought again cannot have dropped out
    alive = -(r + x) * np.log(end)
    dropped = np.log(a / before, where=x > 0, out=np.full(len(x), -np.inf)) - (r + x) * np.log(last)
    either = np.logaddexp(alive, dropped)
    gone = np.exp(dropped - either)
    slopes_by_count = np.stack([
        digamma(r + n) - digamma(r) + np.log(alpha),
        np.full(len(n), r / alpha),
        digamma(a + b) - digamma(a + b + n),
        digamma(b + n) - digamma(b) + digamma(a + b) - digamma(a + b + n),
    ])  # fmt: skip
    slopes = slopes_by_count[:, rows.count_of]
    slopes[0] -= (1 - gone) * np.log(end) + gone * np.log(last)
    slopes[1] -= (r + x) * ((1 - gone) / end + gone / last)
    slopes[2] += gone / a
    slopes[3] -= gone / before
    return float((rows.customers * (by_count[rows.count_of] + either)).sum()), (slopes * rows.customers).sum(axis=1)


def fit(rows: Histories) -> Maximum:
    """The most likely parameters. Raises NoMaximum."""
    starts = [
        (r, r / rows.mean_rate, a, b)
        for r, a, b in ((0.3, 0.8, 2.5), (1.0, 1.0, 1.0), (3.0, 0.3, 5.0), (0.1, 3.0, 3.0))
    ]
    return maximise(lambda parameters: likelihood(parameters, rows), NAMES, starts, UNSEEN)


def alive(parameters: Sequence[float] | Floats, x: Floats, last_purchase: Floats, observed: Floats) -> Floats:
    """[customer] Probability that a customer has not dropped out; 1 of who has not bought again."""
    r, alpha, a, b = parameters
    odds = (r + x) * np.log((alpha + observed) / (alpha + last_purchase))
    dropped = np.where(x > 0, a / np.maximum(b + x - 1, 1e-300) * np.exp(odds), 0.0)
    return np.asarray(1 / (1 + dropped))


def expected_if_alive(
    parameters: Sequence[float] | Floats, x: Floats, observed: Floats, ahead: Sequence[float] | Floats
) -> Floats:
    """[customer, time] Purchases in each time `ahead` of who is alive.

    Equation 10 of the source without its division by the probability of being alive, as an expectation over p, beta
    with a and b + x: of (1 - (1 + p t / (alpha + T))^-(r + x)) / p. So it holds for any a, where the closed form with
    Gauss's function divides by a - 1. For new customers x = T = 0 (equation 9).
    """
    r, alpha, a, b = parameters
    times = np.asarray(ahead, dtype=np.float64) / (alpha + observed[:, None])
    expected = np.empty(times.shape)
    for count in np.unique(x):
        rows = np.flatnonzero(x == count)
        p, weight = beta_nodes(a, b + count)
        for part in np.array_split(rows, max(1, rows.size * times.shape[1] // 4096)):
            some = -np.expm1(-(r + count) * np.log1p(p * times[part, :, None]))
            expected[part] = (some * (weight / p)).sum(axis=2)
    return expected


def customers_by_count(parameters: Sequence[float] | Floats, observed: Floats, most: int) -> Floats:
    """[0 to `most`] Of customers observed for a time [customer], how many are expected to have bought again so often;
    the last one: or oftener. Equation 8 of the source."""
    r, alpha, a, b = parameters
    times, customers = np.unique(observed, return_counts=True)
    none, some = r * np.log(alpha / (alpha + times)), np.log(np.maximum(times, 1e-300) / (alpha + times))
    expected = np.zeros(most + 1)
    fewer = np.zeros(len(times))  # chance of fewer than n, while alive
    for n in range(most):
        just = np.exp(gammaln(r + n) - gammaln(r) - gammaln(n + 1) + none + n * some)
        expected[n] = (customers * np.exp(betaln(a, b + n) - betaln(a, b)) * just).sum()
        if n:  # dropped out after the last of them
            expected[n] += (customers * np.exp(betaln(a + 1, b + n - 1) - betaln(a, b)) * (1 - fewer)).sum()
        fewer += just
    expected[most] = len(observed) - expected.sum()
    return expected
