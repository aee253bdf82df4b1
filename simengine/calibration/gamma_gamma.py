"""The gamma-gamma model of spend: what customers spend a purchase varies about a mean of their own.

Fader, Hardie & Lee 2005, RFM and CLV: using iso-value curves, Journal of Marketing Research 42(4),
doi:10.1509/jmkr.2005.42.4.415; Fader & Hardie 2013, The gamma-gamma model of monetary value (note 25). The money of a
purchase is gamma-distributed with shape p, its rate gamma-distributed between customers with q and gamma (money).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import digamma, gammaln

from simengine.calibration.maximum import Floats, Maximum, maximise

NAMES = ("p", "q", "gamma")
_STEADY = "what a customer spends hardly differs between its purchases"
_ALIKE = "customers hardly differ in what they spend"
UNSEEN = {"p": _STEADY, "q": _ALIKE, "gamma": _ALIKE}


def likelihood(parameters: Floats, x: Floats, mean_spend: Floats) -> tuple[float, Floats]:
    """The log likelihood of customers with x > 0 purchases of a mean money above 0, and its slope by each parameter;
    equation 1 of the note. Axis 0: customer."""
    p, q, gamma = parameters
    px, money = p * x, gamma + x * mean_spend
    by_customer = (
        gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(gamma) + (px - 1) * np.log(mean_spend)
        + px * np.log(x) - (px + q) * np.log(money)
    )  # fmt: skip
    slopes = np.array([
        (x * (digamma(px + q) - digamma(px) + np.log(x * mean_spend / money))).sum(),
        (digamma(px + q) - digamma(q) + np.log(gamma / money)).sum(),
        (q / gamma - (px + q) / money).sum(),
    ])  # fmt: skip
    return float(by_customer.sum()), slopes


def fit(x: Floats, mean_spend: Floats) -> Maximum:
    """The most likely parameters. Raises NoMaximum.

    Searched in units of the mean money, so that yen have a maximum where dollars have one.
    """
    mean = float((x * mean_spend).sum() / x.sum())
    starts = [(p, q, (q - 0.9) / p) for p, q in ((1.0, 2.0), (5.0, 4.0), (2.0, 10.0))]
    found = maximise(lambda parameters: likelihood(parameters, x, mean_spend / mean), NAMES, starts, UNSEEN)
    units, density = np.array([1.0, 1.0, mean]), float(len(x) * np.log(mean))
    reached = tuple(value - density for value in found.search.log_likelihoods)
    return Maximum(
        found.parameters * units,
        found.covariance * np.outer(units, units),
        found.log_likelihood - density,
        found.search._replace(log_likelihoods=reached),
    )


def expected_spend(parameters: Sequence[float] | Floats, x: Floats, mean_spend: Floats) -> Floats:
    """[customer] Mean money of a purchase to come; NaN where it has no end (x = 0 and q of at most 1)."""
    p, q, gamma = parameters
    below = p * x + q - 1
    return np.where(below > 0, p * (gamma + x * mean_spend) / np.where(below > 0, below, 1), np.nan)
