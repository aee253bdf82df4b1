"""Quantiles of the distributions that stand for uncertain numbers.

All rise with the probability u, 0 < u < 1, and with every parameter that is a place rather than a spread: one draw of u
answers for every what-if. What is cut to a range is drawn at the probabilities that lie within it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from simengine.arithmetic import beta_cdf, beta_quantile, log, normal_cdf, normal_quantile
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


def normal_quantile_of(u: float, mean: float, standard_deviation: float) -> float:
    """mean + sd z, z the normal quantile."""
    return mean + standard_deviation * float(normal_quantile(u))


def beta_quantile_of(u: float, alpha: float, beta: float, least: float, most: float) -> float:
    """A beta variable on least to most."""
    return least + float(beta_quantile(u, alpha, beta)) * (most - least)


def pert_shapes(least: float, likeliest: float, most: float) -> tuple[float, float]:
    """The shapes of the beta distribution on least to most whose mean is (least + 4 likeliest + most) / 6 and whose
    mode is the likeliest (Malcolm et al. 1959, doi:10.1287/opre.7.5.646; variance as of Clark 1962)."""
    width = most - least
    return 1.0 + 4.0 * (likeliest - least) / width, 1.0 + 4.0 * (most - likeliest) / width


def empirical_quantile(u: float, values: Sequence[float]) -> float:
    """The least of some rising values, each as likely, at or below which lies the probability u."""
    return values[min(max(math.ceil(u * len(values)), 1), len(values)) - 1]


def discrete_quantile(u: float, values: Sequence[float], probabilities: Sequence[float]) -> float:
    """The least of some rising values at or below which lies at least the probability u."""
    below = 0.0
    for value, probability in zip(values, probabilities, strict=True):
        below += probability
        if u <= below:
            return value
    return max(value for value, probability in zip(values, probabilities, strict=True) if probability > 0.0)


def normal_below(x: float, mean: float, standard_deviation: float) -> float:
    """The probability of less than x."""
    return float(normal_cdf((x - mean) / standard_deviation))


def lognormal_below(x: float, mean: float, coefficient_of_variation: float) -> float:
    """The probability of less than x."""
    variance = log_variance(coefficient_of_variation)
    if x <= 0.0:
        return 0.0
    return float(normal_cdf((float(log(x / mean)) + 0.5 * variance) / math.sqrt(variance)))


def uniform_below(x: float, least: float, most: float) -> float:
    """The probability of less than x."""
    return min(max((x - least) / (most - least), 0.0), 1.0)


def triangular_below(x: float, least: float, likeliest: float, most: float) -> float:
    """The probability of less than x: two parabolas."""
    width = most - least
    if x <= least or x >= most:
        return 0.0 if x <= least else 1.0
    if x < likeliest:
        return (x - least) * (x - least) / (width * (likeliest - least))
    return 1.0 - (most - x) * (most - x) / (width * (most - likeliest))


def beta_below(x: float, alpha: float, beta: float, least: float, most: float) -> float:
    """The probability of less than x."""
    return float(beta_cdf((x - least) / (most - least), alpha, beta))
