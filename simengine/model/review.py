"""How often a customer reconsiders where to buy."""

from __future__ import annotations

from simengine.arithmetic import exp


def review_hazard(stated_per_year: float, change: float, cap: float) -> float:
    """Hazard of reconsidering, a year: the stated one times (1 + change), at most `cap` times the stated one.

    A lever or move may lower it to nothing but not below. A hazard, so that any calendar gives the same year.
    """
    return stated_per_year * min(max(1.0 + change, 0.0), cap)


def review_probability(hazard_per_year: float, years_per_period: float) -> float:
    """Probability of at least one review in a period."""
    return 1.0 - float(exp(-hazard_per_year * years_per_period))
