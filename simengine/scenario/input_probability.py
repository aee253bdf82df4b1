"""How likely the values of an uncertain number are, to judge its distribution by: draws are made elsewhere."""

from __future__ import annotations

import math
from bisect import bisect_left

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


def probability_below(number: UncertainNumber, x: float) -> float:
    """The probability that a distribution, uncut, has below x."""
    match number:
        case NormalInput(normal=(mean, sd)):
            return _normal_below((x - mean) / sd) if sd else float(mean < x)
        case LognormalInput(lognormal=law):
            if not law.cv:
                return float(law.mean < x)
            variance = math.log1p(law.cv**2)
            return _normal_below((math.log(x / law.mean) + variance / 2) / math.sqrt(variance)) if x > 0 else 0.0
        case TriangularInput(triangular=(least, likeliest, most)):
            if least < x < most:
                rising_part = x < likeliest
                side, other = (x - least, likeliest - least) if rising_part else (most - x, most - likeliest)
                part = side * side / ((most - least) * other)
                return part if rising_part else 1 - part
        case UniformInput(uniform=(least, most)):
            return min(max((x - least) / (most - least), 0.0), 1.0)
        case PertInput(pert=(least, likeliest, most)):
            shapes = (4 * (likeliest - least) / (most - least) + 1, 4 * (most - likeliest) / (most - least) + 1)
            return _beta_below((x - least) / (most - least), *shapes)
        case BetaInput(beta=law):
            return _beta_below((x - law.least) / (law.most - law.least), law.alpha, law.beta)
        case DiscreteInput(discrete=law):
            return sum(p for value, p in zip(law.values, law.probabilities, strict=True) if value < x)
        case EmpiricalInput(values=values):
            return bisect_left(values, x) / len(values)
    return float(x >= most)


def value_below_which(number: UncertainNumber, probability: float, low: float, high: float) -> float:
    """The value below which a distribution that is cut to `low` to `high` lies with a probability."""
    least, most = _support(number)
    low, high = max(low, least), min(high, most)
    if isinstance(number, DiscreteInput):
        below = 0.0
        ranked = sorted(zip(number.discrete.values, number.discrete.probabilities, strict=True))
        kept = [(value, part) for value, part in ranked if low <= value <= high]
        for value, part in kept:
            below += part / sum(part for _, part in kept)
            if probability <= below:
                return value
        return kept[-1][0]
    if isinstance(number, EmpiricalInput):
        observed = kept_values(number.values, low, high)
        return observed[min(int(probability * len(observed)), len(observed) - 1)]
    before, after = probability_below(number, low), probability_below(number, high)
    aim = before + probability * (after - before)
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (middle, high) if probability_below(number, middle) < aim else (low, middle)
    return (low + high) / 2


def _support(number: UncertainNumber) -> tuple[float, float]:
    """Between what a distribution lies but for what nobody would notice."""
    match number:
        case NormalInput(normal=(mean, sd)):
            return mean - 9 * sd, mean + 9 * sd
        case LognormalInput(lognormal=law):
            return 0.0, law.mean * math.exp(9 * math.sqrt(math.log1p(law.cv**2)))
        case BetaInput(beta=law):
            return law.least, law.most
        case DiscreteInput(discrete=law):
            return min(law.values), max(law.values)
        case EmpiricalInput(values=values):
            return values[0], values[-1]
        case TriangularInput(triangular=bounds) | PertInput(pert=bounds) | UniformInput(uniform=bounds):
            return bounds[0], bounds[-1]
    raise TypeError(type(number))


def _normal_below(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def _beta_below(x: float, alpha: float, beta: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22) from the far end."""
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (alpha + 1) / (alpha + beta + 2):
        return 1 - _beta_below(1 - x, beta, alpha)
    front = alpha * math.log(x) + beta * math.log1p(-x)
    front += math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
    fraction = 1.0
    for k in range(60 + 10 * round(math.sqrt(max(alpha, beta))), 0, -1):
        odd = -(alpha + k - 1) * (alpha + beta + k - 1) * x / ((alpha + 2 * k - 2) * (alpha + 2 * k - 1))
        even = k * (beta - k) * x / ((alpha + 2 * k - 1) * (alpha + 2 * k))
        fraction = 1 + odd / (1 + even / fraction)
    return math.exp(front) / (alpha * fraction)
