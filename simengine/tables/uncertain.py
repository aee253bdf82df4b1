"""Uncertain numbers of a scenario, drawn."""

from __future__ import annotations

import numpy as np

from simengine.model.uncertain import lognormal_quantile, triangular_quantile, uniform_quantile
from simengine.scenario.distribution import Distribution, Triangular, Uniform
from simengine.tables.layout import Floats


def quantiles(number: Distribution | float, uniforms: Floats) -> Floats:
    """[R] a number's value at each of the probabilities `uniforms` [R]; the number itself where it is certain."""
    if isinstance(number, (int, float)):
        return np.full(len(uniforms), float(number))
    return np.array([quantile(number, u) for u in uniforms.tolist()])


def quantile(number: Distribution, u: float) -> float:
    """The value below which an uncertain number lies with probability u."""
    if isinstance(number, Triangular):
        least, likeliest, most = number.triangular
        return triangular_quantile(u, least, likeliest, most)
    if isinstance(number, Uniform):
        least, most = number.uniform
        return uniform_quantile(u, least, most)
    return lognormal_quantile(u, number.lognormal.mean, number.lognormal.cv)
