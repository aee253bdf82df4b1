"""What money does: concave or S-shaped responses that saturate.

The unit of a response is its lever's (points of an attribute, a fraction of a price, utility, log hazard).
Zero spend and spend far past saturation are legal. A lever acts as f(spend) - f(spend today).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simengine.arithmetic.elementwise import log, power


def hill(spend: Any, maximum: float, half: float, shape: float) -> Any:
    """Response to `spend`, maximum * s^shape / (half^shape + s^shape); 0 at nothing, `maximum` at saturation.

    `spend` (a number or an array) and `half` (where half of `maximum` is reached) are in the same money, spend >= 0,
    half > 0. A shape of at most 1 has diminishing returns throughout, above 1 it is S-shaped.
    Source: Hill 1910, J. Physiol. 40 (suppl.), iv-vii, doi:10.1113/jphysiol.1910.sp001386.
    """
    below = np.less_equal(spend, half)  # the larger of the two is divided by, so that no power overflows
    part = power(np.where(below, spend, half) / np.where(below, half, spend), shape)
    return np.where(below, maximum * (part / (1.0 + part)), maximum / (1.0 + part))[()]


class AdbudgParameters(NamedTuple):
    """An ADBUDG curve: none + (saturated - none) x^shape / (midpoint + x^shape), x the spend over today's."""

    none: float
    saturated: float
    midpoint: float  # no unit
    shape: float  # no unit


def adbudg_parameters(none: float, today: float, plus_half: float, saturated: float) -> AdbudgParameters:
    """The curve through a manager's four answers: the effect of no spend, today's, half more, any amount.

    The answers must rise strictly, or fall strictly; ValueError otherwise.
    Source: Little 1970, Management Science 16(8), B466-B485, doi:10.1287/mnsc.16.8.B466.
    """
    rising = none < today < plus_half < saturated
    falling = none > today > plus_half > saturated
    if not (rising or falling):
        raise ValueError(
            "the effects of no spend, today's, half more and saturation must all rise or all fall: "
            f"{none:g}, {today:g}, {plus_half:g}, {saturated:g}"
        )
    midpoint = (saturated - today) / (today - none)
    # 1.5^shape; above 1 because the answers are in order
    growth = midpoint * ((plus_half - none) / (saturated - plus_half))
    return AdbudgParameters(none, saturated, midpoint, float(log(growth) / log(1.5)))


def adbudg(spend_relative_to_today: Any, none: float, saturated: float, midpoint: float, shape: float) -> Any:
    """Response to a spend of so many times today's (a number or an array), at least 0; parameters as in
    `AdbudgParameters`."""
    x = spend_relative_to_today
    below = np.less_equal(x, 1.0)
    part = power(np.where(below, x, 1.0 / np.where(below, 1.0, x)), shape)
    # two forms of one fraction, so that no power overflows
    fraction = np.where(below, part / (midpoint + part), 1.0 / (1.0 + midpoint * part))
    return none + (saturated - none) * fraction
