"""The Pareto/NBD model of purchases: who buys at a rate of its own until it drops out, at any time.

Schmittlein, Morrison & Colombo 1987, Counting your customers: who are they and what will they do next?, Management
Science 33(1), doi:10.1287/mnsc.33.1.1. While alive a customer buys at a rate λ, gamma-distributed with shape r and
rate alpha (a unit of time), and drops out at a rate μ, gamma-distributed with shape s and rate beta (the same unit).
x, t_x and T are as in the BG/NBD model.

The chance of having dropped out is an integral over when; it is taken by Gauss's quadrature on a logarithmic scale of
time, in place of Gauss's hypergeometric function, which is the same: it holds for every order of alpha and beta.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import digamma, gammaln

from simengine.calibration.histories import Histories
from simengine.calibration.maximum import Floats, Maximum, maximise

NAMES = ("r", "alpha", "s", "beta")
_ALIKE = "customers hardly differ in how often they buy"
_STAYING = "customers hardly differ in how soon they drop out, or hardly anybody is seen to"
UNSEEN = {"r": _ALIKE, "alpha": _ALIKE, "s": _STAYING, "beta": _STAYING}
NODES = 24
_AT, _WEIGHT = leggauss(NODES)


def likelihood(parameters: Floats, rows: Histories) -> tuple[float, Floats]:
    """The log likelihood of all customers together, and its slope by each parameter."""
    r, alpha, s, beta = parameters
    n = rows.counts
    by_count = gammaln(r + n) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    slopes_by_count = np.stack([
        digamma(r + n) - digamma(r) + np.log(alpha),
        np.full(len(n), r / alpha),
        np.full(len(n), np.log(beta)),
        np.full(len(n), s / beta),
    ])  # fmt: skip
    slopes = slopes_by_count[:, rows.count_of]
    either = np.empty(len(rows.purchases))
    for part in np.array_split(np.arange(len(either)), len(either) // 2048 + 1):
        x, end = rows.purchases[part], rows.observed[part]
        alive, when, dropped = _fates(parameters, x, rows.last_purchase[part], end)
        largest = np.maximum(alive, dropped.max(axis=1))
        still, gone = np.exp(alive - largest), np.exp(dropped - largest[:, None])
        total = still + gone.sum(axis=1)
        either[part] = largest + np.log(total)
        still, gone = still / total, gone / total[:, None]
        at, away = alpha + when, beta + when
        slopes[0, part] -= still * np.log(alpha + end) + (gone * np.log(at)).sum(axis=1)
        slopes[1, part] -= (r + x) * (still / (alpha + end) + (gone / at).sum(axis=1))
        slopes[2, part] -= still * np.log(beta + end) + (gone * (np.log(away) - 1 / s)).sum(axis=1)
        slopes[3, part] -= still * s / (beta + end) + (s + 1) * (gone / away).sum(axis=1)
    return float((rows.customers * (by_count[rows.count_of] + either)).sum()), (slopes * rows.customers).sum(axis=1)


def _fates(
    parameters: Sequence[float] | Floats, x: Floats, last_purchase: Floats, observed: Floats
) -> tuple[Floats, Floats, Floats]:
    """Logarithms of the likelihood, but for a common factor, of being alive [customer] and of having dropped out
    [customer, node], and when that was [customer, node]."""
    r, alpha, s, beta = parameters
    alive = -(r + x) * np.log(alpha + observed) - s * np.log(beta + observed)
    origin = min(alpha, beta)
    first, last = np.log(origin + last_purchase), np.log(origin + observed)
    half = (last - first)[:, None] / 2
    logs = first[:, None] + half * (1 + _AT)
    since = np.exp(logs)
    when = since - origin
    at, away = (since, since + (beta - alpha)) if alpha <= beta else (since + (alpha - beta), since)
    with np.errstate(divide="ignore"):  # who bought on the last day has not had time to drop out
        width = np.log(half * _WEIGHT)
    dropped = np.log(s) + width + logs - (r + x)[:, None] * np.log(at) - (s + 1) * np.log(away)
    return alive, when, dropped


def fit(rows: Histories) -> Maximum:
    """The most likely parameters. Raises NoMaximum."""
    rate, time = rows.mean_rate, float(np.average(rows.observed, weights=rows.customers)) or 1.0
    starts = [(r, r / rate, s, s * beta * time) for r, s, beta in ((0.5, 0.6, 0.5), (1.0, 1.0, 1.0), (3.0, 0.3, 3.0))]
    return maximise(lambda parameters: likelihood(parameters, rows), NAMES, starts, UNSEEN)


def alive(parameters: Sequence[float] | Floats, x: Floats, last_purchase: Floats, observed: Floats) -> Floats:
    """[customer] Probability that a customer has not dropped out."""
    alive, _, dropped = _fates(parameters, x, last_purchase, observed)
    return np.asarray(1 / (1 + np.exp(dropped - alive[:, None]).sum(axis=1)))


def expected_if_alive(
    parameters: Sequence[float] | Floats, x: Floats, observed: Floats, ahead: Sequence[float] | Floats
) -> Floats:
    """[customer, time] Purchases in each time `ahead` of who is alive.

    For any s: the closed form divides by s - 1. For new customers x = T = 0.
    """
    r, alpha, s, beta = parameters
    later = np.log1p(np.asarray(ahead, dtype=np.float64) / (beta + observed)[:, None])
    lived = later if s == 1 else -np.expm1((1 - s) * later) / (s - 1)
    return np.asarray(((r + x) / (alpha + observed) * (beta + observed))[:, None] * lived)
