"""Uncertain numbers of a scenario, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simengine.model.uncertain import (
    beta_below,
    beta_quantile_of,
    discrete_quantile,
    empirical_quantile,
    lognormal_below,
    lognormal_quantile,
    normal_below,
    normal_quantile_of,
    pert_shapes,
    triangular_below,
    triangular_quantile,
    uniform_below,
    uniform_quantile,
)
from simengine.scenario.distribution import Distribution, MeanAndVariation, Triangular, Uniform
from simengine.scenario.input_range import Range, range_at
from simengine.scenario.model import Scenario
from simengine.scenario.uncertain import (
    BetaInput,
    DiscreteInput,
    EmpiricalInput,
    LognormalInput,
    NormalInput,
    PertInput,
    TriangularInput,
    UncertainNumber,
    UniformInput,
    kept_values,
)
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


@dataclass(frozen=True)
class Quantile:
    """An uncertain input's values by probability, within its range."""

    number: UncertainNumber
    bounds: Range
    below: float
    """The probability that the distribution has below the range."""
    within: float
    """And within it."""
    observed: Sequence[float] = ()
    """Where it is one of some that were observed: those within the range, in rising order."""

    @classmethod
    def of(cls, scenario: Scenario, path: str) -> Quantile:
        """Of the uncertain input at a path."""
        number, within = scenario.uncertain.inputs[path], range_at(scenario, path)
        bounds = within.cut(number.min, number.max)
        if isinstance(number, EmpiricalInput):
            return cls(number, bounds, 0.0, 1.0, kept_values(number.values, bounds.low, bounds.high))
        if _is_one_of_some(number):
            return cls(number, bounds, 0.0, 1.0)
        below = _below(number, bounds.low)
        return cls(number, bounds, below, _below(number, bounds.high) - below)

    def __call__(self, u: float) -> float:
        """The value below which it lies with probability u."""
        if self.observed:
            return self.bounds.nearest(empirical_quantile(u, self.observed))
        return self.bounds.nearest(_value(self.number, self.below + u * self.within, self.bounds))


def _value(number: UncertainNumber, u: float, bounds: Range) -> float:
    match number:
        case NormalInput(normal=(mean, sd)):
            return normal_quantile_of(u, mean, sd) if sd else mean
        case LognormalInput(lognormal=law):
            return lognormal_quantile(u, law.mean, law.cv) if law.cv else law.mean
        case TriangularInput(triangular=(least, likeliest, most)):
            return triangular_quantile(u, least, likeliest, most)
        case PertInput(pert=(least, likeliest, most)):
            return beta_quantile_of(u, *pert_shapes(least, likeliest, most), least, most)
        case UniformInput(uniform=(least, most)):
            return uniform_quantile(u, least, most)
        case BetaInput(beta=law):
            return beta_quantile_of(u, law.alpha, law.beta, law.least, law.most)
        case DiscreteInput(discrete=law):
            ranked = sorted(zip(law.values, law.probabilities, strict=True))
            kept = [(value, part) for value, part in ranked if bounds.low <= value <= bounds.high]
            total = sum(part for _, part in kept)
            return discrete_quantile(u, [value for value, _ in kept], [part / total for _, part in kept])
    raise TypeError(type(number))


def _is_one_of_some(number: UncertainNumber) -> bool:
    """Whether it has single values: then nothing is cut by probabilities."""
    match number:
        case NormalInput(normal=(_, spread)) | LognormalInput(lognormal=MeanAndVariation(cv=spread)):
            return not spread
    return isinstance(number, DiscreteInput)


def _below(number: UncertainNumber, x: float) -> float:
    """The probability of less than x."""
    match number:
        case NormalInput(normal=(mean, sd)):
            return normal_below(x, mean, sd)
        case LognormalInput(lognormal=law):
            return lognormal_below(x, law.mean, law.cv)
        case TriangularInput(triangular=(least, likeliest, most)):
            return triangular_below(x, least, likeliest, most)
        case PertInput(pert=(least, likeliest, most)):
            return beta_below(x, *pert_shapes(least, likeliest, most), least, most)
        case UniformInput(uniform=(least, most)):
            return uniform_below(x, least, most)
        case BetaInput(beta=law):
            return beta_below(x, law.alpha, law.beta, law.least, law.most)
    raise TypeError(type(number))
