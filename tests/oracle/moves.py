"""When a triggered move holds, period by period, and how moves come of themselves, one look at a time."""

from __future__ import annotations


def periods_held(breached: list[bool], detect: int, respond: int, lasts: int | None, repeatedly: bool) -> list[bool]:
    """Whether it holds in each period, where the condition is or is not met at the end of each."""
    held = [False] * len(breached)
    looks = True
    left = None  # periods until it begins, then periods that it still holds
    begun = False
    for period in range(len(breached)):
        if left is not None and not begun and left == 0:
            begun, left = True, lasts
        if begun:
            held[period] = True
        # the end of the period
        if begun and left is not None:
            left -= 1
            if left == 0:
                begun, left, looks = False, None, repeatedly
        elif not begun and left is not None:
            left -= 1
        if looks and breached[period]:
            looks, left = False, detect + respond
    return held


def chance_of_arrival_by(period: int, probability_per_year: float, periods_per_year: int) -> float:
    """The probability that it has come by the end of a period, by adding up the chances of each period."""
    chance, nothing_yet = 0.0, 1.0
    a_period = 1 - (1 - probability_per_year) ** (1 / periods_per_year)
    for _ in range(period + 1):
        chance += nothing_yet * a_period
        nothing_yet *= 1 - a_period
    return chance
