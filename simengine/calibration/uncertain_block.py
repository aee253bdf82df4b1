"""What evidence leaves open, as the scenario that is written states it: estimates with their standard errors under
`uncertain`, and their correlations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simengine.scenario.distribution import MeanAndVariation
from simengine.scenario.input_probability import probability_below
from simengine.scenario.input_range import range_of
from simengine.scenario.rules.market import positive_definite
from simengine.scenario.rules.uncertain import UNNOTICED
from simengine.scenario.shape import number_at
from simengine.scenario.uncertain import LognormalInput, NormalInput
from simengine.scenario.yaml_source import Path
from simengine.scenario.yaml_text import figure, quoted

DIGITS = 6  # of standard errors and correlations
MOST_VARIATION = 10.0  # standard deviation over mean that a scenario states
LEAST_CORRELATION = 5e-4  # that is worth a line


class Inferred(NamedTuple):
    """An estimate that stands in a scenario."""

    path: Path
    value: float
    error: float  # standard error


class Inferences(NamedTuple):
    """Estimates of one likelihood, in large samples jointly normal."""

    estimates: tuple[Inferred, ...]
    correlations: Sequence[Sequence[float]]  # [estimate][estimate]


def uncertain_lines(found: Sequence[Inferences]) -> list[str]:
    """The block `uncertain`, nothing where no estimate has an error.

    What is above 0 is lognormal with the estimate as its mean, other numbers are normal; either is cut where its input
    ends.
    """
    lines, correlations = list[str](), list[str]()
    for estimates, matrix in found:
        kept = [i for i, each in enumerate(estimates) if _is_known(each)]
        lines += [f"  {_key(estimates[i].path)}: {_law(estimates[i])}" for i in kept]
        correlations += _correlation_lines([estimates[i].path for i in kept], _ranks(matrix, kept))
    if not lines:
        return []
    head = ["", "uncertain:                   # estimates with their standard errors"]
    return [*head, *lines, *(["  correlations:", *correlations] if correlations else [])]


def _is_known(each: Inferred) -> bool:
    return number_at(each.path) is not None and math.isfinite(each.error) and each.error > 0


def _key(path: Path) -> str:
    """The path as --set takes it: names with dots in quotes."""
    return quoted(".".join(f"'{step}'" if "." in str(step) else str(step) for step in path))


def _law(each: Inferred) -> str:
    within = range_of(each.path)
    value, error = figure(each.value, 10), figure(each.error, DIGITS)
    stated = f"{{normal: [{value}, {error}]"
    number: NormalInput | LognormalInput = NormalInput(normal=(each.value, each.error))
    if within.low >= 0 and each.value > 0:
        cv = min(each.error / each.value, MOST_VARIATION)
        stated = f"{{lognormal: {{mean: {value}, cv: {figure(cv, DIGITS)}}}"
        number = LognormalInput(lognormal=MeanAndVariation(mean=each.value, cv=cv))
    if probability_below(number, within.low) > UNNOTICED / 2:
        stated += f", min: {figure(within.low, DIGITS)}"
    if 1 - probability_below(number, within.high) > UNNOTICED / 2:
        stated += f", max: {figure(within.high, DIGITS)}"
    return f"{stated}}}"


def _ranks(matrix: Sequence[Sequence[float]], kept: Sequence[int]) -> list[list[float]]:
    """Spearman's correlations of what is jointly normal: 6 / pi asin(r / 2) (Pearson 1907); a little nearer to 0 all of
    them where rounding would leave them none that can hold together."""
    part = 1.0
    while True:
        normal = [[1.0 if i == j else round(part * matrix[i][j], DIGITS + 2) for j in kept] for i in kept]
        if positive_definite(normal):
            return [[6 / math.pi * math.asin(r / 2) for r in row] for row in normal]
        part -= 1e-4


def _correlation_lines(paths: Sequence[Path], ranks: Sequence[Sequence[float]]) -> Iterator[str]:
    for i, path in enumerate(paths):
        others = [
            f"{_key(paths[j])}: {figure(ranks[i][j], DIGITS)}"
            for j in range(i + 1, len(paths))
            if abs(ranks[i][j]) >= LEAST_CORRELATION
        ]
        if others:
            yield f"    {_key(path)}: {{{', '.join(others)}}}"
