"""Intervals that hold together: the level of each, so that with 95 % probability all of them cover.

Comparisons that see the same luck are correlated, and so need less than if each stood alone: the joint level is that of
the largest of correlated normal deviates (max-t; Hothorn, Bretz & Westfall 2008, doi:10.1002/bimj.200810425). Each has
its own degrees of freedom: it is put at that level of its own Student distribution.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import sqrt

import numpy as np

from simengine.arithmetic import expm1, log1p, normal_cdf
from simengine.arithmetic.elementwise import exp, normal_quantile
from simengine.tables.layout import Floats

DIRECTIONS = 8192
DEGREES_A_DIMENSION = 3  # with so few, correlations are as good as unknown
_ALIKE = 1e-6
_MARGIN, _TOLERANCE = 0.1, 1e-9


def joint_level(residuals: Floats, degrees: int, error: float = 0.05) -> float:
    """The probability with which each single interval may miss, so that with probability 1 - `error` none does.

    `residuals` [D, R] are the deviations of D comparisons over R blocks, none of them 0 throughout. The fewer `degrees`
    of freedom there are for the dimensions in which comparisons differ, the less is known of how they are correlated,
    and the nearer the level is to Sidak's, which any correlation allows (Sidak 1967,
    doi:10.1080/01621459.1967.10482935).
    """
    count = len(residuals)
    sidak = -float(expm1(log1p(-error) / count))
    if count == 1:
        return error
    standard = residuals / np.sqrt((residuals * residuals).sum(axis=1, keepdims=True))
    loadings = _loadings(standard)
    known = 1.0 - DEGREES_A_DIMENSION * loadings.shape[1] / degrees
    if known <= 0.0:
        return sidak
    level = 2.0 * float(normal_cdf(-largest_deviate(loadings, 1.0 - error)))
    return float(sidak + known * (min(max(level, sidak), error) - sidak))


def largest_deviate(loadings: Floats, probability: float) -> float:
    """The z below which the largest of D absolute standard normal deviates lies with a probability.

    `loadings` [D, p], rows of length 1: the deviates are their products with p independent ones. These are a direction
    and a distance of known distribution, so that only directions are tried (Deak 1980, doi:10.1007/BF01396768), of
    which the point set is Richtmyer's: multiples of the square roots of primes.
    """
    loadings = np.concatenate([loadings, np.zeros((len(loadings), loadings.shape[1] % 2))], axis=1)
    dimensions = loadings.shape[1]
    points, length = _points(dimensions)
    largest = np.zeros(DIRECTIONS)
    for row in loadings:
        np.maximum(largest, np.abs(np.einsum("d,dn->n", row, points)), out=largest)
    reach = largest / length  # of the largest deviate, for a distance of 1

    def missing(z: float) -> float:
        return probability - float(_within(z / reach, dimensions).sum()) / DIRECTIONS

    low = -float(normal_quantile(0.5 * (1.0 - probability)))
    high = -float(normal_quantile(-0.5 * expm1(log1p(probability - 1.0) / len(loadings))))
    return _root(missing, low - _MARGIN, high + _MARGIN)


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is 0, between `low` and `high`: false position, by the Illinois algorithm (Dowell &
    Jarratt 1971, doi:10.1007/BF01934364)."""
    above, below = falling(low), falling(high)
    for _ in range(50):
        middle = low + (high - low) * above / (above - below)
        found = falling(middle)
        if found > 0.0:
            low, above, below = middle, found, 0.5 * below
        else:
            high, below, above = middle, found, 0.5 * above
        if high - low < _TOLERANCE or abs(found) < _TOLERANCE:
            break
    return middle


def _within(distance: Floats, dimensions: int) -> Floats:
    """Probability that an even number of independent standard normal deviates lies within a distance of 0: the Poisson
    sum of the chi-squared distribution."""
    half = 0.5 * distance * distance
    term = exp(-np.minimum(half, 700.0))
    outside = term.copy()
    for k in range(1, dimensions // 2):
        term = term * half / k
        outside += term
    return np.asarray(np.where(half < 700.0, 1.0 - outside, 1.0))


def _loadings(standard: Floats) -> Floats:
    """[D, p] rows [D, R] of length 1 in as few dimensions as they have."""
    basis: list[Floats] = []
    for row in standard:
        rest = row
        for _ in range(2):
            for other in basis:
                rest = rest - (other * rest).sum() * other
        size = sqrt(float((rest * rest).sum()))
        if size > _ALIKE:
            basis.append(rest / size)
    found = np.array([[(row * each).sum() for each in basis] for row in standard])
    return np.asarray(found / np.sqrt((found * found).sum(axis=1, keepdims=True)))


@cache
def _points(dimensions: int) -> tuple[Floats, Floats]:
    """[dimensions, DIRECTIONS] standard normal deviates that fill space evenly, and the distance of each from 0."""
    index = np.arange(1.0, DIRECTIONS + 1.0)
    products = np.array([index * sqrt(prime) for prime in _primes(dimensions)])
    points = np.asarray(normal_quantile(products - np.floor(products)))
    return points, np.sqrt((points * points).sum(axis=0))


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found if prime * prime <= candidate):
            found.append(candidate)
        candidate += 1
    return found
