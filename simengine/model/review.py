"""How often a customer reconsiders where to buy."""

from __future__ import annotations


def review_hazard(stated_per_year: float, change: float, cap: float) -> float:
    """Hazard of reconsidering, a year: the stated one times (1 + change), at most `cap` times the stated one.

    A lever or move may lower it to nothing but not below. A hazard, so that any calendar gives the same year.
    """
    return stated_per_year * min(max(1.0 + change, 0.0), cap)
