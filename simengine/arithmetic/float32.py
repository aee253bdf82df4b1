"""exp, log and extreme-value errors in float32, for the loops over customers.

Branch-free, so that a loop over them becomes vector instructions; the polynomials are evaluated with explicit
fused multiply-adds, which every processor rounds alike. Coefficients: minimax fits made for this file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic.bits import bits32, float32_of, fma32
from simengine.jit import formula

f32, i32, u32 = np.float32, np.int32, np.uint32  # every constant is written in its type

_ZERO, _HALF, _ONE, _INFINITY = f32(0.0), f32(0.5), f32(1.0), f32(np.inf)
_LOG2_E = f32(1.4426950408889634)
_MINUS_LN2_HIGH, _LN2_HIGH = f32(-0.693145751953125), f32(0.693145751953125)
_MINUS_LN2_LOW, _LN2_LOW = f32(-1.428606820309417e-06), f32(1.428606820309417e-06)

_ROUNDING = f32(12582912.0)  # 1.5 * 2**23: adding it leaves the nearest integer in the lowest bits
_ROUNDING_BITS = i32(0x4B400000)
_EXP_LOWEST, _EXP_HIGHEST = f32(-87.3), f32(88.72283)
_E2, _E3, _E4 = f32(0.49999994), f32(0.16666521), f32(0.04166839)
_E5, _E6 = f32(0.008368718), f32(0.0013814586)

_SMALLEST_NORMAL = f32(2.0**-126)
_TWO_23, _TWENTY_THREE = f32(2.0**23), f32(23.0)
_MANTISSA_BITS = i32(0x007FFFFF)
_ROOT_HALF_BITS = i32(0x3F3504F3)  # the bits of sqrt(1/2)
_L2, _L3, _L4 = f32(-0.49999988), f32(0.33333325), f32(-0.25001585)
_L5, _L6, _L7 = f32(0.20001985), f32(-0.16609046), f32(0.1418163)
_L8, _L9, _L10 = f32(-0.13243057), f32(0.12905537), f32(-0.07622921)

_ROOT_HALF_WORD = u32(0xB504F334)  # the first word whose u is at least sqrt(1/2)
_ALL_ONES = u32(0xFFFFFFFF)
_TWO_MINUS_32 = f32(2.0**-32)


@formula
def exp32(x: Any) -> Any:
    """exp(x), relative error below 1.2e-7; exactly 0 for x <= -87.3, inf above 88.72283, NaN for NaN."""
    x = f32(x)
    within = x if x > _EXP_LOWEST else _EXP_LOWEST
    within = within if within < _EXP_HIGHEST else _EXP_HIGHEST
    shifted = fma32(within, _LOG2_E, _ROUNDING)
    power_of_two = f32(shifted - _ROUNDING)
    r = fma32(power_of_two, _MINUS_LN2_HIGH, within)
    r = fma32(power_of_two, _MINUS_LN2_LOW, r)
    p = fma32(_E6, r, _E5)
    p = fma32(p, r, _E4)
    p = fma32(p, r, _E3)
    p = fma32(p, r, _E2)
    p = fma32(p, r, _ONE)
    p = fma32(p, r, _ONE)
    # The lowest bits of `shifted` are the power of two: it is added to the exponent of p.
    exponent = i32(i32(bits32(shifted) - _ROUNDING_BITS) << i32(23))
    value = float32_of(i32(bits32(p) + exponent))
    value = value if x > _EXP_LOWEST else _ZERO
    return value if x <= _EXP_HIGHEST else f32(x + _INFINITY)


@formula
def _log_of_parts(power_of_two: Any, f: Any) -> Any:
    """power_of_two * log(2) + log(1 + f) for f in [sqrt(1/2) - 1, sqrt(2) - 1]."""
    p = fma32(_L10, f, _L9)
    p = fma32(p, f, _L8)
    p = fma32(p, f, _L7)
    p = fma32(p, f, _L6)
    p = fma32(p, f, _L5)
    p = fma32(p, f, _L4)
    p = fma32(p, f, _L3)
    p = fma32(p, f, _L2)
    tail = fma32(power_of_two, _LN2_LOW, f32(f32(f * f) * p))
    return fma32(power_of_two, _LN2_HIGH, f32(f + tail))


@formula
def log32(x: Any) -> Any:
    """log(x) for 0 < x < inf, subnormal numbers included; relative error below 2e-7, near 1 too."""
    x = f32(x)
    subnormal = x < _SMALLEST_NORMAL
    normal = f32(x * _TWO_23) if subnormal else x
    offset = i32(bits32(normal) - _ROOT_HALF_BITS)
    power_of_two = f32(i32(offset >> i32(23)))
    power_of_two = f32(power_of_two - _TWENTY_THREE) if subnormal else power_of_two
    mantissa = float32_of(i32(i32(offset & _MANTISSA_BITS) + _ROOT_HALF_BITS))
    return _log_of_parts(power_of_two, f32(mantissa - _ONE))


@formula
def exponential32(word: Any) -> Any:
    """A standard exponential variable from a random uint32: -log((word + 1/2) / 2**32).

    Relative error below 3e-7; from 1.16e-10 to 22.9, never 0: near u = 1 it is computed from 1 - u.
    """
    word = u32(word)
    near_one = word >= _ROOT_HALF_WORD
    u = f32(f32(f32(word) + _HALF) * _TWO_MINUS_32)
    offset = i32(bits32(u) - _ROOT_HALF_BITS)
    power_of_two = f32(i32(offset >> i32(23)))
    mantissa = float32_of(i32(i32(offset & _MANTISSA_BITS) + _ROOT_HALF_BITS))
    one_minus_u = f32(f32(f32(u32(word ^ _ALL_ONES)) + _HALF) * _TWO_MINUS_32)
    power_of_two = _ZERO if near_one else power_of_two
    f = f32(-one_minus_u) if near_one else f32(mantissa - _ONE)
    return f32(-_log_of_parts(power_of_two, f))


@formula
def gumbel32(word: Any) -> Any:
    """A standard Gumbel (type I extreme value) variable from a random uint32: -log32(exponential32(word))."""
    return f32(-log32(exponential32(word)))
