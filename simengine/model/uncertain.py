"""Quantiles of the distributions that stand for uncertain numbers.

All rise with the probability u, 0 < u < 1, and with every parameter but the coefficient of variation: one draw of u
answers for every what-if.
"""

from __future__ import annotations

import math

from simengine.arithmetic import normal_quantile
from simengine.model.spend_multiplier import log_variance, spend_multiplier


def uniform_quantile(u: float, least: float, most: float) -> float:
    """least + u (most - least)."""
    return least + u * (most - least)


def triangular_quantile(u: float, least: float, likeliest: float, most: float) -> float:
    """Inverse of the triangular distribution's two parabolas (Johnson 1997, doi:10.1111/1467-9884.00091)."""
    width, left, right = most - least, likeliest - least, most - likeliest
    if u * width < left:
        return least + math.sqrt(u * width * left)
    return most - math.sqrt((1.0 - u) * width * right)


def lognormal_quantile(u: float, mean: float, coefficient_of_variation: float) -> float:
    """mean exp(s z - s^2 / 2), z the normal quantile and s^2 = log(1 + cv^2)."""
    log_sd = math.sqrt(log_variance(coefficient_of_variation))
    return mean * float(spend_multiplier(normal_quantile(u), log_sd))
