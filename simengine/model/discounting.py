"""What money at a later time is worth today."""

from __future__ import annotations

from math import sqrt


def discount_factors(rate_per_period: float, periods: int) -> list[float]:
    """v^0 ... v^periods with v = 1 / (1 + k); length periods + 1."""
    v = 1.0 / (1.0 + rate_per_period)
    factors = [1.0]
    for _ in range(periods):
        factors.append(factors[-1] * v)
    return factors


def timing_factor(rate_per_period: float, timing: str) -> float:
    """Factor on all values when money moves at the `end`, in the `mid`dle or at the `start` of a period.

    Source for the two usual conventions of customer value: Fader & Hardie 2012, note 24,
    http://brucehardie.com/notes/024/.
    """
    if timing == "end":
        return 1.0
    if timing == "mid":
        return sqrt(1.0 + rate_per_period)
    if timing == "start":
        return 1.0 + rate_per_period
    raise ValueError(f"timing is end, mid or start, not {timing!r}")


def fading_annuity(rate_per_period: float, periods: int) -> float:
    """Worth of 1 at the end of the first period that falls in a straight line to nothing after `periods`.

    Sum over i = 1..n of (1 - (i - 1)/n) v^i; for n without bound 1/k, an even perpetuity.
    """
    v = 1.0 / (1.0 + rate_per_period)
    factor, total = 1.0, 0.0
    for i in range(periods):
        factor *= v
        total += (1.0 - i / periods) * factor
    return total
