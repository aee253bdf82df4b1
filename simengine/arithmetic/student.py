"""Quantiles of Student's t distribution, for intervals from a number of independent blocks.

A run asks for a few of them: they are not compiled, which would take longer than they do.
"""

from __future__ import annotations

import math
from typing import Any

from simengine.arithmetic.float64 import exp, expm1, log, log1p
from simengine.arithmetic.gamma import log_gamma_half_step
from simengine.arithmetic.normal import normal_quantile

_HALF_LOG_PI = 0.5723649429247001
_LOG_2 = 0.6931471805599453
_LARGEST = 1e5  # degrees of freedom from which the expansion around the normal quantile is exact to float64


def _log_one_plus_square(t: Any, degrees: Any) -> Any:
    """log(1 + t**2 / degrees) without overflow."""
    ratio = t / math.sqrt(degrees)
    if ratio > 1.0:
        return 2.0 * log(ratio) + log1p(1.0 / ratio / ratio)
    return log1p(ratio * ratio)


def _centre_series(w: Any, degrees: Any) -> Any:
    """P(|T| < t) over the slope of it in log t; w = t**2 / (degrees + t**2)."""
    term, total, k = 1.0, 1.0, 0.0
    while term > 1e-17 * total:
        term *= w * (0.5 * (degrees + 1.0) + k) / (1.5 + k)
        total += term
        k += 1.0
    return total


def _tail_fraction(v: Any, degrees: Any) -> Any:
    """P(|T| > t) times the degrees over the slope of it in log t; v = degrees / (degrees + t**2).

    The continued fraction of the incomplete beta function, by Lentz's method.
    """
    a, b = 0.5 * degrees, 0.5
    c = 1.0
    d = 1.0 / (1.0 - (a + b) * v / (a + 1.0))
    total = d
    for k in range(1, 1_000_000):
        even = k * (b - k) * v / ((a + 2.0 * k - 1.0) * (a + 2.0 * k))
        d = 1.0 / (1.0 + even * d)
        c = 1.0 + even / c
        total *= c * d
        odd = -(a + k) * (a + b + k) * v / ((a + 2.0 * k) * (a + 2.0 * k + 1.0))
        d = 1.0 / (1.0 + odd * d)
        c = 1.0 + odd / c
        factor = c * d
        total *= factor
        if not abs(factor - 1.0) > 2e-16:
            break
    return total


def _quantile_of_many_degrees(z: Any, degrees: Any) -> Any:
    """Fisher's expansion around the normal quantile z, see Abramowitz and Stegun 26.7.5."""
    s = 1.0 / degrees
    z2 = z * z
    first = (z2 + 1.0) / 4.0
    second = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0
    third = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0
    fourth = ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0
    return z * (1.0 + s * (first + s * (second + s * (third + s * fourth))))


def student_t_quantile(p: Any, degrees: Any) -> Any:
    """The t below which Student's variable with these degrees of freedom lies with probability p.

    -inf at 0, inf at 1; any degrees > 0, infinity too; relative error below 1e-12.
    """
    p, degrees = float(p), float(degrees)
    if not 0.0 <= p <= 1.0 or not degrees > 0.0:
        return math.nan
    if p == 0.0 or p == 1.0 or degrees >= _LARGEST:
        z = normal_quantile(p)
        return z if z - z != 0.0 or degrees == math.inf else _quantile_of_many_degrees(z, degrees)
    if p == 0.5:
        return 0.0
    centre = 2.0 * abs(p - 0.5)
    tail = 2.0 * min(p, 1.0 - p)
    inner = centre <= 0.5
    target = log(centre) if inner else log(tail)
    log_constant = _LOG_2 + log_gamma_half_step(0.5 * degrees) - _HALF_LOG_PI - 0.5 * log(degrees)
    if inner:
        t = exp(target - log_constant)
    elif degrees < 3.0:
        log_t = 0.5 * log(degrees) + (log_constant - 0.5 * log(degrees) - target) / degrees
        if log_t > 709.0:
            return math.inf if p > 0.5 else -math.inf
        t = exp(log_t)
    else:
        z = -normal_quantile(0.5 * tail)
        t = z * (1.0 + (z * z + 1.0) / (4.0 * degrees))
    for _ in range(100):
        spread = _log_one_plus_square(t, degrees)
        log_slope = log(t) + log_constant - 0.5 * (degrees + 1.0) * spread
        v = exp(-spread)
        w = -expm1(-spread)
        by_series = v > (0.5 * degrees + 1.0) / (0.5 * degrees + 2.5)
        if by_series:
            log_centre = min(log_slope + log(_centre_series(w, degrees)), -1e-300)
            log_tail = log(-expm1(log_centre))
        else:
            log_tail = min(log_slope + log(_tail_fraction(v, degrees) / degrees), -1e-300)
            log_centre = log(-expm1(log_tail))
        reached = log_centre if inner else log_tail
        slope = exp(log_slope - reached)
        if not inner:
            slope = -slope
        step = (target - reached) / slope
        bend = 0.5 * step * (1.0 - (degrees + 1.0) * w - slope)
        step /= 1.0 + (bend if -0.5 < bend < 0.5 else 0.0)
        t *= exp(step)
        if abs(step) < 1e-6:
            break
    return t if p > 0.5 else -t
