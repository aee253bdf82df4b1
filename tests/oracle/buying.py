"""A slow twin of buy-till-you-die: every customer's every purchase, one after the other, with another generator."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tests.buyers import ALPHA, GAMMA, A, B, P, Q, R, alive

QUARTER = 365.25 / 4 / 7  # weeks


class Lives(NamedTuple):
    customers: np.ndarray  # [times, quarters] at the ends
    revenue: np.ndarray  # [times, quarters]


def live(customers: list[list[float]], quarters: int, hazard: list[float], times: int, seed: int) -> Lives:
    """Of customers (x, t_x, T, mean spend); each purchase is the last with its probability times the quarter's
    `hazard` or, where that is above 1, the customer also leaves at some moment between purchases."""
    random = np.random.default_rng(seed)
    found = Lives(np.zeros((times, quarters)), np.zeros((times, quarters)))
    for time in range(times):
        for x, last, observed, mean in customers:
            if random.random() < alive(x, last, observed):
                _live_one(random, found, time, (x, observed, mean), hazard)
    return found


def _live_one(
    random: np.random.Generator, found: Lives, time: int, history: tuple[float, float, float], hazard: list[float]
) -> None:
    x, observed, mean = history
    rate = random.gamma(R + x) / (ALPHA + observed)
    leaving = random.beta(A, B + x)
    spend = P / (random.gamma(Q + P * x) / (GAMMA + x * mean))
    week, there = random.exponential(1 / rate), True
    for quarter, factor in enumerate(hazard):
        silent = max(leaving * factor - 1, 0.0) * rate  # leaves without a purchase
        gone = quarter * QUARTER + random.exponential(1 / silent) if silent else np.inf
        while there and week < min((quarter + 1) * QUARTER, gone):
            found.revenue[time, quarter] += spend
            there = random.random() >= leaving * factor
            week += random.exponential(1 / rate)
        there = there and gone >= (quarter + 1) * QUARTER
        if not there:
            return
        found.customers[time, quarter] += 1
