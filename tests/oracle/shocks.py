"""What moves a market by chance, number by number from its address."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

from .luck import words

SHOCK, DRIFT = 34, 35
New = Callable[[int], float]  # what is new in a period, of standard deviation 1


def address(text: str) -> int:
    """The id of a text: 62 bits of its hash."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") // 4


def uniform(seed: int, text: str, decision: int, period: int, replication: int) -> float:
    """A number between 0 and 1 from 52 bits."""
    high, low, _, _ = words(seed, address(text), decision, period, replication)
    return (high * 2**20 + (low >> 12) + 0.5) / 2**52


def normal(seed: int, text: str, decision: int, period: int, replication: int) -> float:
    """A standard normal number."""
    return NormalDist().inv_cdf(uniform(seed, text, decision, period, replication))


def deviation(volatility: float, persistence: float, years: float, new: New, period: int) -> float:
    """Everything new so far, each as far as it is left: `persistence` is what a year leaves."""
    left = persistence**years
    return sum(
        left ** (period - earlier) * volatility * math.sqrt(1 - left**2) * new(earlier) for earlier in range(period + 1)
    )


def mixed(factor: Sequence[Sequence[float]], row: int, independent: Sequence[New]) -> New:
    """A row of a triangular factor of correlations, of independent numbers."""
    return lambda period: sum(factor[row][n] * independent[n](period) for n in range(row + 1))


def need_shifts(
    seed: int,
    texts: Sequence[str],
    replication: int,
    period: int,
    years: float,
    volatility: float,
    persistence: float,
    trend: Sequence[float],
    centre: Sequence[float],
) -> list[float]:
    """By how much each mean weight of a segment differs from today's; `texts` are the addresses, by need."""

    def new(need: int) -> New:
        def centred(t: int) -> float:
            drawn = [normal(seed, text, DRIFT, t, replication) for text in texts]
            return (drawn[need] - sum(drawn) / len(drawn)) * math.sqrt(len(drawn) / (len(drawn) - 1))

        return centred

    wanted = [
        trend[k] * years * (period + 1) + deviation(volatility, persistence, years, new(k), period)
        for k in range(len(texts))
    ]
    shorter = 1.0
    for weight, change in zip(centre, wanted, strict=True):
        if weight + change < 0:
            shorter = min(shorter, weight / -change)
        if weight + change > 1:
            shorter = min(shorter, (1 - weight) / change)
    return [shorter * change for change in wanted]
