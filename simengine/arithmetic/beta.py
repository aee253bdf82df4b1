"""The beta distribution: probabilities and quantiles."""

from __future__ import annotations

import math
from typing import Any

from simengine.arithmetic.float64 import exp, log, log1p
from simengine.arithmetic.gamma import log_gamma
from simengine.jit import formula


@formula
def _fraction(x: Any, a: Any, b: Any) -> Any:
    """The continued fraction of the incomplete beta function, by Lentz's method; fast for x below its mean."""
    c = 1.0
    d = 1.0 / (1.0 - (a + b) * x / (a + 1.0))
    total = d
    for k in range(1, 100_000):
        even = k * (b - k) * x / ((a + 2.0 * k - 1.0) * (a + 2.0 * k))
        d = 1.0 / (1.0 + even * d)
        c = 1.0 + even / c
        total *= c * d
        odd = -(a + k) * (a + b + k) * x / ((a + 2.0 * k) * (a + 2.0 * k + 1.0))
        d = 1.0 / (1.0 + odd * d)
        c = 1.0 + odd / c
        factor = c * d
        total *= factor
        if not abs(factor - 1.0) > 2e-16:
            break
    return total


@formula
def _log_front(a: Any, b: Any) -> Any:
    """log of 1 / B(a, b)."""
    return log_gamma(a + b) - log_gamma(a) - log_gamma(b)


@formula
def _below(x: Any, a: Any, b: Any, log_front: Any) -> Any:
    """The probability of less than x, 0 < x < 1."""
    front = exp(a * log(x) + b * log1p(-x) + log_front)
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1.0 - x, b, a) / b


@formula
def beta_cdf(x: Any, a: Any, b: Any) -> Any:
    """The probability that a beta variable with shapes a and b lies below x; absolute error below 1e-12 for shapes from
    0.01 to 1e4.

    Continued fraction of the incomplete beta function, DLMF 8.17.22 (https://dlmf.nist.gov/8.17).
    """
    x, a, b = float(x), float(a), float(b)
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    return _below(x, a, b, _log_front(a, b))


@formula
def beta_quantile(u: Any, a: Any, b: Any) -> Any:
    """The x below which a beta variable with shapes a and b lies with probability u; 0 at 0, 1 at 1, NaN outside.

    Newton's method on the probability, kept within a bracket that always shrinks.
    """
    u, a, b = float(u), float(a), float(b)
    if not 0.0 < u < 1.0:
        return u if u == 0.0 or u == 1.0 else math.nan
    log_front = _log_front(a, b)
    low, high = 0.0, 1.0
    x = a / (a + b)
    for _ in range(200):
        off = _below(x, a, b, log_front) - u
        if off > 0.0:
            high = x
        else:
            low = x
        slope = exp((a - 1.0) * log(x) + (b - 1.0) * log1p(-x) + log_front)
        after = x - off / slope if slope > 0.0 else 0.0
        if not low < after < high:
            after = 0.5 * (low + high)
        if after == x or high - low < 1e-17:
            break
        if abs(after - x) < 1e-15 * x:
            x = after
            break
        x = after
        if x <= 0.0 or x >= 1.0:
            break
    return x
