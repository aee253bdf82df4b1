"""exp in float32 of sixteen numbers at a time, with the bits of `float32.exp32`."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic import float32 as of_one
from simengine.arithmetic.lanes import either, every, every_whole, floats_of, fma, words_of
from simengine.jit import formula

EXPONENT = np.int32(23)  # where a float32 has it


@formula
def exp_lanes(x: Any) -> Any:
    """exp(x) in every lane, see `float32.exp32`."""
    lowest, highest, one = every(of_one._EXP_LOWEST), every(of_one._EXP_HIGHEST), every(of_one._ONE)
    within = either(x > lowest, x, lowest)
    within = either(highest > within, within, highest)
    shifted = fma(within, every(of_one._LOG2_E), every(of_one._ROUNDING))
    power_of_two = shifted - every(of_one._ROUNDING)
    r = fma(power_of_two, every(of_one._MINUS_LN2_HIGH), within)
    r = fma(power_of_two, every(of_one._MINUS_LN2_LOW), r)
    p = fma(every(of_one._E6), r, every(of_one._E5))
    p = fma(p, r, every(of_one._E4))
    p = fma(p, r, every(of_one._E3))
    p = fma(p, r, every(of_one._E2))
    p = fma(p, r, one)
    p = fma(p, r, one)
    exponent = (words_of(shifted) - every_whole(of_one._ROUNDING_BITS)) << every_whole(EXPONENT)
    value = either(x > lowest, floats_of(words_of(p) + exponent), every(of_one._ZERO))
    return either(x <= highest, value, x + every(of_one._INFINITY))
