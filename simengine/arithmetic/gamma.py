"""The gamma function's logarithm and the gamma distribution with scale 1."""

from __future__ import annotations

import math
from typing import Any

from simengine.arithmetic.float64 import exp, expm1, log, log1p, polynomial
from simengine.arithmetic.normal import normal_quantile
from simengine.jit import formula

_HALF_LOG_2PI = 0.9189385332046728
_LARGEST = 1e6  # from this shape on a quantile's expansion in 1 / sqrt(shape) is exact to float64

# log gamma(2 + z) = z (1 - Euler's constant) + sum over k >= 2 of (-1)**k (zeta(k) - 1) / k z**k, over z;
# highest power first
_ZETA = (
    1.330476437424449e-10, -2.7595228851242334e-10, 5.731367241678862e-10, -1.1921401405860912e-09,
    2.4836745438024785e-09, -5.183475041970047e-09, 1.0838659214896955e-08, -2.2711094608943164e-08,
    4.7698101693639804e-08, -1.0043224823968099e-07, 2.1207184805554665e-07, -4.492469198764566e-07,
    9.55141213040742e-07, -2.039215753801366e-06, 4.374866789907488e-06, -9.439488275268397e-06,
    2.050721277567069e-05, -4.492623673813314e-05, 9.945751278180853e-05, -0.00022315475845357939,
    0.0005096695247430425, -0.001192753911703261, 0.0028905103307415234, -0.007385551028673986,
    0.020580808427784546, -0.0673523010531981, 0.3224670334241132, 0.42278433509846713,
)  # fmt: skip
_STIRLING = (-691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12)  # in 1 / x**2


@formula
def _log_gamma_near_two(z: Any) -> Any:
    """log gamma(2 + z) for |z| <= 1/2."""
    return z * polynomial(z, _ZETA)


@formula
def _stirling_series(x: Any) -> Any:
    """log gamma(x) - ((x - 1/2) log(x) - x + log(2 pi) / 2), what Stirling's formula lacks, for x >= 12."""
    return polynomial(1.0 / (x * x), _STIRLING) / x


@formula
def log_gamma(x: Any) -> Any:
    """The logarithm of the gamma function for x > 0, relative error below 1e-15; inf at 0, NaN below."""
    x = float(x)
    if not 0.0 < x < math.inf:
        return math.inf if x == 0.0 or x > 0.0 else math.nan
    if x < 0.5:
        return _log_gamma_near_two(x) - log1p(x) - log(x)
    if x < 1.5:
        return _log_gamma_near_two(x - 1.0) - log1p(x - 1.0)
    if x >= 12.0:
        return (x - 0.5) * (log(x) - 1.0) + ((_HALF_LOG_2PI - 0.5) + _stirling_series(x))
    factor = 1.0
    while x > 2.5:
        x -= 1.0
        factor *= x
    return _log_gamma_near_two(x - 2.0) + log(factor)


@formula
def log_gamma_half_step(x: Any) -> Any:
    """log(gamma(x + 1/2) / gamma(x)) for x > 0, without cancellation for large x."""
    if x < 12.0:
        return log_gamma(x + 0.5) - log_gamma(x)
    return x * log1p(0.5 / x) - 0.5 + 0.5 * log(x) + (_stirling_series(x + 0.5) - _stirling_series(x))


@formula
def log_gamma_step(x: Any, step: Any) -> Any:
    """log(gamma(x + step) / gamma(x)) for x > 0 and step >= 0, without cancellation for large x.

    Absolute error below 1e-15 times the sum of 10 and the larger of the two terms that make it up, step * log(x + step)
    and, below 12, log gamma(x + step).
    """
    if x < 12.0:
        return log_gamma(x + step) - log_gamma(x)
    slope = (x - 0.5) * log1p(step / x) + step * (log(x + step) - 1.0)
    return slope + (_stirling_series(x + step) - _stirling_series(x))


@formula
def _log_term(x: Any, shape: Any) -> Any:
    """log(x**shape exp(-x) / gamma(shape + 1)), without cancellation for large shapes."""
    if shape < 12.0:
        return shape * log(x) - x - log_gamma(shape + 1.0)
    excess = (x - shape) / shape
    if excess < -0.5:
        deviance = (x - shape) - shape * log(x / shape)
    else:
        deviance = shape * (excess - log1p(excess))
    return -deviance - _HALF_LOG_2PI - 0.5 * log(shape) - _stirling_series(shape)


@formula
def _lower_series(x: Any, shape: Any) -> Any:
    """P(shape, x) over exp(_log_term): 1 + x / (shape + 1) + x**2 / ((shape + 1) (shape + 2)) + ..."""
    term, total, divisor = 1.0, 1.0, shape
    while term > 1e-17 * total:
        divisor += 1.0
        term *= x / divisor
        total += term
    return total


@formula
def _upper_fraction(x: Any, shape: Any) -> Any:
    """(1 - P(shape, x)) over shape * exp(_log_term): Legendre's continued fraction, by Lentz's method."""
    b = x + 1.0 - shape
    c = 1e300
    d = 1.0 / b
    total = d
    for k in range(1, 100_000_000):
        a = -k * (k - shape)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        factor = c * d
        total *= factor
        if not abs(factor - 1.0) > 2e-16:
            break
    return total


@formula
def _series_is_better(x: Any, shape: Any) -> Any:
    return x < shape + 1.0 if shape >= 1.0 else x < 1.5


@formula
def gamma_cdf(x: Any, shape: Any) -> Any:
    """The probability that a gamma variable of this shape and scale 1 lies below x.

    The regularised incomplete gamma function P. Relative error below 1e-12 for shapes up to 1e6; time grows
    with the square root of the shape.
    """
    x, shape = float(x), float(shape)
    if x != x or not 0.0 < shape < math.inf:
        return math.nan
    if x <= 0.0:
        return 0.0
    if x == math.inf:
        return 1.0
    term = _log_term(x, shape)
    if _series_is_better(x, shape):
        return min(1.0, exp(term) * _lower_series(x, shape))
    return 1.0 - exp(term) * shape * _upper_fraction(x, shape)


@formula
def _log_probabilities(x: Any, shape: Any, term: Any) -> Any:
    """log P and log(1 - P)."""
    if _series_is_better(x, shape):
        lower = min(term + log(_lower_series(x, shape)), -1e-300)
        return lower, log(-expm1(lower))
    upper = min(term + log(shape * _upper_fraction(x, shape)), -1e-300)
    return log(-expm1(upper)), upper


@formula
def _quantile_of_large_shape(z: Any, shape: Any) -> Any:
    """Cornish and Fisher's expansion around the normal quantile z (1938, doi:10.2307/1400905)."""
    s = 1.0 / math.sqrt(shape)
    z2 = z * z
    fifth = ((9.0 * z2 + 256.0) * z2 - 433.0) * z / 38880.0
    fourth = -((3.0 * z2 + 7.0) * z2 - 16.0) / 810.0
    third = (z2 - 7.0) * z / 36.0
    second = (z2 - 1.0) / 3.0
    return shape * (1.0 + s * (z + s * (second + s * (third + s * (fourth + s * fifth)))))


@formula
def _first_guess(u: Any, shape: Any) -> Any:
    """Wilson and Hilferty's cube (1931, doi:10.1073/pnas.17.12.684), or the power law near 0."""
    if shape >= 0.5:
        spread = 1.0 / (9.0 * shape)
        root = 1.0 - spread + normal_quantile(u) * math.sqrt(spread)
        if root > 0.35:
            return shape * root * root * root
    return exp((log(u) + log_gamma(shape + 1.0)) / shape)


@formula
def gamma_quantile(u: Any, shape: Any) -> Any:
    """The x below which a gamma variable of this shape and scale 1 lies with probability u; 0 at 0, inf at 1.

    Relative error below 1e-12 for shapes from 1e-3. Halley's method on the logarithm of the smaller tail: a
    concave function of log x, so that it converges from any start.
    """
    u, shape = float(u), float(shape)
    if not 0.0 < u < 1.0 or not 0.0 < shape < math.inf:
        valid = (u == 0.0 or u == 1.0) and 0.0 < shape < math.inf
        return math.nan if not valid else (0.0 if u == 0.0 else math.inf)
    if shape >= _LARGEST:
        return _quantile_of_large_shape(normal_quantile(u), shape)
    x = _first_guess(u, shape)
    if x < 1e-17:  # the power law is exact there
        return x
    lower = u <= 0.5
    target = log(u) if lower else log(1.0 - u)
    scale = 1.0 + math.sqrt(shape)
    for _ in range(100):
        term = _log_term(x, shape)
        log_lower, log_upper = _log_probabilities(x, shape, term)
        reached = log_lower if lower else log_upper
        # slope of the log probability in log x; the density times x is shape * exp(term)
        slope = shape * exp(term - reached)
        if not lower:
            slope = -slope
        step = (target - reached) / slope
        bend = 0.5 * step * (shape - x - slope)
        step /= 1.0 + (bend if -0.5 < bend < 0.5 else 0.0)
        step = min(3.0, max(-3.0, step))
        x *= exp(step)
        if abs(step) * scale < 1e-5:
            break
    return x
