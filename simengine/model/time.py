"""From 'a year' to 'a period': everything a person writes is a year, everything the engine does is a period.

`years` is the length of a period: 1/12, 1/4 or 1. A whole year gives the stated figure back, to the bit.
"""

from __future__ import annotations

from typing import Any

from simengine.arithmetic.elementwise import expm1, log1p, power


def rate_per_period(rate_per_year: float, years: float) -> float:
    """Compound rate of a period, (1 + a)^years - 1: discounting and growth. Needs a > -1."""
    if years == 1.0:
        return rate_per_year
    return float(expm1(years * log1p(rate_per_year)))


def probability_from_hazard(hazard_per_year: Any, years: float) -> Any:
    """Probability of at least once in a period, 1 - exp(-h years), for a constant hazard h a year."""
    return -expm1(-hazard_per_year * years)


def fraction_kept(kept_per_year: float, years: float) -> float:
    """Fraction left after a period, lambda^years, of what loses 1 - lambda a year; 0 <= lambda <= 1."""
    if years == 1.0:
        return kept_per_year
    return float(power(kept_per_year, years))
