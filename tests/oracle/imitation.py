"""What rivals have imitated of what we added: points on a need, or a fraction of their price of today."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Added = Callable[[int], float]  # since today, in a period


def speed(scenario: Any, name: str, key: str) -> float:
    """How fast a rival imitates, a year."""
    return float({**scenario.imitation, **scenario.rivals[name].imitation}.get(key, 0.0))


def imitated(scenario: Any, name: str, key: str, ours: Added, theirs: Added, period: int, since: int = 0) -> float:
    """By the end of a period, of every lead that was seen at the end of an earlier one, from `since` on."""
    part = 1 - math.exp(-speed(scenario, name, key) * scenario.calendar.years_per_period)
    gained = 0.0
    for earlier in range(since, period):
        missing = ours(earlier) - max(0.0, theirs(earlier)) - gained
        gained += part * max(0.0, missing)
    return gained
