"""Spend that works on after it was spent."""

from __future__ import annotations

from typing import Any


def carried_over(previous: Any, spend: Any, kept_per_period: float) -> Any:
    """Spend that acts in a period, A_t = lambda A_{t-1} + (1 - lambda) spend_t; money a year.

    Numbers or arrays; `kept_per_period` is lambda. A constant spend acts in full. Written so that it then stays exactly
    itself, and that lambda = 0 is exactly the spend.
    Geometric carry-over; source: Nerlove & Arrow 1962, Economica 29(114), 129-142, doi:10.2307/2551549.
    """
    return spend + kept_per_period * (previous - spend)
