"""exp, log and power in float64 from + - * / only: the same bits on every processor.

Arguments are reduced to |r| <= log(2)/2 or to [sqrt(1/2), sqrt(2)], then Taylor's series are summed to their
last useful term. Errors are below 1.5 units in the last place.
"""

from __future__ import annotations

import math
from typing import Any

from simengine.arithmetic.bits import bits64, float64_of
from simengine.jit import formula

_INFINITY, _NAN = math.inf, math.nan
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # the first 33 bits, so that its product with an exponent is exact
_LN2_LOW = 1.9082149292705877e-10
_ROUNDING = 6755399441055744.0  # 1.5 * 2**52: adding and subtracting it rounds to the nearest integer

_EXP_HIGHEST = 709.782712893384  # the largest x whose exponential is finite
_EXP_LOWEST = -745.1332191019412  # below, the exponential rounds to 0

_ONE_BITS = 0x3FF0000000000000
_ROOT_HALF_BITS = 0x3FE6A09E667F3BCD  # sqrt(1/2)
_MANTISSA_BITS = 0x000FFFFFFFFFFFFF
_SMALLEST_NORMAL = 2.0**-1022
_TWO_54 = 2.0**54
_SPLITTER = 134217729.0  # 2**27 + 1
_INVERSE_FACTORIALS = tuple(1 / math.factorial(k) for k in range(13, 1, -1))
_ARTANH = tuple(2 / k for k in range(23, 3, -2))
_TWO_THIRDS_LOW = 3.700743415417188e-17  # 2/3 is 2/3 in float64 plus this


@formula
def polynomial(x: Any, coefficients: Any) -> Any:
    """A polynomial in x; coefficients are a tuple of floats, highest power first (Horner's scheme)."""
    total = coefficients[0]
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total


@formula
def _times_power_of_two(x: Any, n: Any) -> Any:
    """x * 2**n for 1/2 <= |x| <= 4, -1080 <= n <= 1024, rounded once."""
    if n > 1023:
        return x * 2.0 * float64_of((n + 1022) << 52)
    if n < -1021:
        return x * float64_of((n + 1123) << 52) * 2.0**-100
    return x * float64_of((n + 1023) << 52)


@formula
def _expm1_small(high: Any, low: Any) -> Any:
    """exp(high + low) - 1 for |high| <= 0.35 and a tiny low: Taylor's series to degree 13."""
    r = high + low
    q = polynomial(r, _INVERSE_FACTORIALS)
    return high + (low + r * r * q)


@formula
def exp_of_sum(x: Any, low: Any) -> Any:
    """exp(x + low) for a low that is at most x's rounding error."""
    if x != x:
        return x + low
    if x > _EXP_HIGHEST:
        return _INFINITY
    if x < _EXP_LOWEST:
        return 0.0
    n = (x * _LOG2_E + _ROUNDING) - _ROUNDING
    return _times_power_of_two(1.0 + _expm1_small(x - n * _LN2_HIGH, low - n * _LN2_LOW), int(n))


@formula
def exp(x: Any) -> Any:
    """e to the x; 0 below -745.13, inf above 709.78."""
    return exp_of_sum(float(x), 0.0)


@formula
def expm1(x: Any) -> Any:
    """exp(x) - 1, accurate near 0 too."""
    x = float(x)
    if x != x:
        return x
    if x > _EXP_HIGHEST:
        return _INFINITY
    if x < -40.0:
        return -1.0
    if -0.34 < x < 0.34:
        return _expm1_small(x, 0.0) if x != 0.0 else x
    n = (x * _LOG2_E + _ROUNDING) - _ROUNDING
    p = _expm1_small(x - n * _LN2_HIGH, -n * _LN2_LOW)
    if n > 1023.0:
        return 2.0 * (2.0**1023 * p + 2.0**1023)
    scale = float64_of((int(n) + 1023) << 52)
    return scale * p + (scale - 1.0)


@formula
def _log_of_parts(n: Any, f: Any, low: Any) -> Any:
    """n * log(2) + log(1 + f) + low, for 1 + f in [sqrt(1/2), sqrt(2)] and a tiny low.

    log(1 + f) = 2 artanh(s) with s = f / (2 + f).
    """
    s = f / (2.0 + f)
    z = s * s
    r = polynomial(z, _ARTANH) * z + 2 / 3
    half_square = 0.5 * f * f
    return n * _LN2_HIGH + (f - (half_square - (s * (half_square + z * r) + (n * _LN2_LOW + low))))


@formula
def log(x: Any) -> Any:
    """The natural logarithm; -inf at 0, NaN below."""
    x = float(x)
    if not 0.0 < x < _INFINITY:
        return -_INFINITY if x == 0.0 else (x if x > 0.0 else _NAN)
    n = 0
    if x < _SMALLEST_NORMAL:
        x *= _TWO_54
        n = -54
    offset = bits64(x) - _ROOT_HALF_BITS
    n += offset >> 52
    return _log_of_parts(float(n), float64_of((offset & _MANTISSA_BITS) + _ROOT_HALF_BITS) - 1.0, 0.0)


@formula
def log1p(x: Any) -> Any:
    """log(1 + x), accurate near 0 too; -inf at -1, NaN below."""
    x = float(x)
    if not -1.0 < x < _INFINITY:
        return -_INFINITY if x == -1.0 else (x if x > 0.0 else _NAN)
    if -0.29 < x < 0.41:
        return _log_of_parts(0.0, x, 0.0) if x != 0.0 else x
    total = 1.0 + x
    lost = (1.0 - (total - x)) if x > 1.0 else (x - (total - 1.0))  # what rounding took from 1 + x
    offset = bits64(total) - _ROOT_HALF_BITS
    mantissa = float64_of((offset & _MANTISSA_BITS) + _ROOT_HALF_BITS)
    return _log_of_parts(float(offset >> 52), mantissa - 1.0, lost / total)


@formula
def product(a: Any, b: Any) -> Any:
    """a * b as an unevaluated sum of two numbers, exactly (Dekker 1971, doi:10.1007/BF01397083)."""
    p = a * b
    a_split, b_split = _SPLITTER * a, _SPLITTER * b
    a_high, b_high = a_split - (a_split - a), b_split - (b_split - b)
    a_low, b_low = a - a_high, b - b_high
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


@formula
def _log_in_two_parts(x: Any, shift: Any) -> Any:
    """log(x * 2**shift) of a normal x > 0 as a sum of two numbers, about 70 correct bits between them."""
    offset = bits64(x) - _ROOT_HALF_BITS
    n = float((offset >> 52) + shift)
    f = float64_of((offset & _MANTISSA_BITS) + _ROOT_HALF_BITS) - 1.0
    # s = f / (2 + f), 2 + f in two parts
    divisor = 2.0 + f
    divisor_low = f - (divisor - 2.0)
    s = f / divisor
    back, back_low = product(s, divisor)
    s_low = ((f - back) - back_low - s * divisor_low) / divisor
    z, z_low = product(s, s)
    z_low += 2.0 * s * s_low
    r = polynomial(z, _ARTANH)
    # 2/3 + z r in two parts, times z, times s, plus 2 s, plus n log 2: the largest last
    tail = z * r
    third = 2 / 3 + tail
    third_low = tail - (third - 2 / 3) + _TWO_THIRDS_LOW
    cube, cube_low = product(z, third)
    cube_low += z * third_low + z_low * third
    cubic, cubic_low = product(s, cube)
    cubic_low += s * cube_low + s_low * cube
    high = 2.0 * s + cubic
    low = (cubic - (high - 2.0 * s)) + (cubic_low + 2.0 * s_low)
    whole = n * _LN2_HIGH
    total = whole + high
    part = total - whole
    total_low = (whole - (total - part)) + (high - part)
    return total, total_low + (low + n * _LN2_LOW)


@formula
def power(x: Any, y: Any) -> Any:
    """x to the y for x >= 0; NaN for a negative x. power(x, 0) = power(1, y) = 1."""
    x, y = float(x), float(y)
    if y == 0.0 or x == 1.0:
        return 1.0
    if not 0.0 < x < _INFINITY or y != y:
        if x != x or y != y or x < 0.0:
            return _NAN
        return 0.0 if (x == 0.0) == (y > 0.0) else _INFINITY
    if y - y != 0.0:  # an infinite exponent
        return 0.0 if (x < 1.0) == (y > 0.0) else _INFINITY
    shift = 0
    if x < _SMALLEST_NORMAL:
        x *= _TWO_54
        shift = -54
    high, low = _log_in_two_parts(x, shift)
    rough = high * y
    if not -800.0 < rough < 800.0:
        return 0.0 if rough < 0.0 else _INFINITY
    exponent, rest = product(high, y)
    return exp_of_sum(exponent, rest + low * y)
