"""Numbers that nobody knows yet: distributions in place of one number."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import AfterValidator, Field, Tag

from simengine.scenario.fields import Model, NotNegative, Positive, Variation, refused


def rising(bounds: tuple[float, ...]) -> tuple[float, ...]:
    """Parameters that must rise, and not all be one number."""
    if list(bounds) != sorted(bounds) or bounds[0] == bounds[-1]:
        instead = "" if bounds[0] == bounds[-1] else f"write [{', '.join(f'{each:g}' for each in sorted(bounds))}]"
        raise refused("numbers in rising order, the last above the first", instead)
    return bounds


class Triangular(Model):
    """An uncertain number whose density rises and falls in straight lines."""

    triangular: Annotated[tuple[NotNegative, ...], Field(min_length=3, max_length=3), AfterValidator(rising)]
    """[least, likeliest, most]. Example: `[3, 5, 12]`."""


class Uniform(Model):
    """An uncertain number that is anything between two bounds, with equal probability."""

    uniform: Annotated[tuple[NotNegative, ...], Field(min_length=2, max_length=2), AfterValidator(rising)]
    """[least, most]. Example: `[4, 8]`."""


class MeanAndVariation(Model):
    """Mean and coefficient of variation of an uncertain number."""

    mean: Positive
    """Its mean. Example: `6`."""
    cv: Variation
    """Standard deviation over mean. Example: `0.4`."""


class LognormalNumber(Model):
    """An uncertain number above 0 with a long tail."""

    lognormal: MeanAndVariation
    """Mean and coefficient of variation. Example: `{mean: 6, cv: 0.4}`."""


Distribution = Triangular | Uniform | LognormalNumber
Distributions = (  # beside a number tagged "#number", under a discriminator by `kind_of_number`
    Annotated[Triangular, Tag("#triangular")]
    | Annotated[Uniform, Tag("#uniform")]
    | Annotated[LognormalNumber, Tag("#lognormal")]
)


def bounds(number: Distribution | float) -> tuple[float, float]:
    """The least and the most that a number may be."""
    if isinstance(number, Triangular):
        return number.triangular[0], number.triangular[-1]
    if isinstance(number, Uniform):
        return number.uniform[0], number.uniform[-1]
    return (0.0, math.inf) if isinstance(number, LognormalNumber) else (number, number)


def kind_of_number(value: object) -> str:
    """The tag of a distribution, or of a number; of a mapping that is neither, that of the first."""
    for kind, model in (("triangular", Triangular), ("uniform", Uniform), ("lognormal", LognormalNumber)):
        if isinstance(value, model) or (isinstance(value, dict) and kind in value):
            return f"#{kind}"
    return "#triangular" if isinstance(value, dict) else "#number"
