"""How often a customer reconsiders where to buy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from simengine.arithmetic.elementwise import exp


def promise_gap(weights: Iterable[Any], promised: Iterable[Any], delivered: Iterable[Any]) -> Any:
    """Points by which a supplier falls short of its promise, weighed by the needs of the segment's mean customer;
    0 where it delivers more.

    Source: the gaps model, Parasuraman, Zeithaml & Berry 1985, Journal of Marketing 49(4), 41-50,
    doi:10.1177/002224298504900403.
    """
    short: Any = 0.0
    for weight, level, perceived in zip(weights, promised, delivered, strict=True):
        short = short + weight * (level - perceived)
    return np.maximum(0.0, short)


def review_hazard(stated_per_year: Any, change: Any, cap: Any, dissatisfaction: Any = 0.0) -> Any:
    """Hazard of reconsidering, a year: the stated one times (1 + change) exp(dissatisfaction), at most `cap` times
    the stated one.

    `dissatisfaction` is the segment's sensitivity times its `promise_gap`, a log hazard. A lever or move may lower the
    hazard to nothing but not below. A hazard, so that any calendar gives the same year.
    """
    return stated_per_year * np.minimum(np.maximum(1.0 + change, 0.0) * exp(dissatisfaction), cap)
