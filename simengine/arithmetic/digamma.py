"""The first two derivatives of the gamma function's logarithm: what a likelihood in it needs."""

from __future__ import annotations

import math
from typing import Any

from simengine.arithmetic.float64 import log, polynomial
from simengine.jit import formula

_ASYMPTOTIC = 12.0  # from here on the series below err by less than 1e-15
# Bernoulli numbers B_2k over 2k, in 1 / x**2, highest power first; digamma is log(x) - 1/(2x) - their series
_DIGAMMA = (-691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12)
_TRIGAMMA = (-691 / 2730, 5 / 66, -1 / 30, 1 / 42, -1 / 30, 1 / 6)  # B_2k


@formula
def digamma(x: Any) -> Any:
    """d log gamma(x) / dx for x > 0, absolute error below 1e-14 (relative where it is large); NaN for others."""
    x = float(x)
    if not 0.0 < x < math.inf:
        return math.nan
    below = 0.0
    while x < _ASYMPTOTIC:
        below += 1.0 / x
        x += 1.0
    square = 1.0 / (x * x)
    return log(x) - 0.5 / x - square * polynomial(square, _DIGAMMA) - below


@formula
def trigamma(x: Any) -> Any:
    """d digamma(x) / dx for x > 1e-150, relative error below 1e-14; NaN for x <= 0."""
    x = float(x)
    if not 0.0 < x < math.inf:
        return math.nan
    below = 0.0
    while x < _ASYMPTOTIC:
        below += 1.0 / (x * x)
        x += 1.0
    square = 1.0 / (x * x)
    return (1.0 + 0.5 / x + square * polynomial(square, _TRIGAMMA)) / x + below
