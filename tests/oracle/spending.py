"""What is spent on a lever, how long it lingers, and what it does."""

from __future__ import annotations

import math
from typing import Any

TODAY = None  # in place of an allocation's name: what is spent now, for ever
NOTHING = ""  # and: nothing at all, with nothing left of what was spent


def yearly_spend(scenario: Any, allocation: str | None, lever: str, segment: str, period: int) -> float:
    """Currency a year in a period: the last funding that speaks of the segment then, else today's."""
    spend = scenario.levers[lever].today.get(segment, 0.0)
    if allocation is TODAY:
        return float(spend)
    if allocation == NOTHING:
        return 0.0
    for funding in scenario.allocations[allocation].fundings.get(lever, ()):
        if funding.start <= period < funding.end and segment in funding.amounts:
            spend = funding.amounts[segment]
    return float(spend)


def effective_spend(scenario: Any, allocation: str | None, lever: str, segment: str, period: int) -> float:
    """A: the spend that acts in a period, carried over from today's spend on. Currency a year."""
    kept = scenario.levers[lever].carry_over ** scenario.calendar.years_per_period
    acting = 0.0 if allocation == NOTHING else yearly_spend(scenario, TODAY, lever, segment, 0)
    for earlier in range(period + 1):
        spend = yearly_spend(scenario, allocation, lever, segment, earlier)
        acting = spend + kept * (acting - spend)
    return acting


def lever_effect(scenario: Any, allocation: str | None, lever: str, segment: str, period: int) -> float:
    """f(A) - f(A today), in the units of the lever's target."""
    today = yearly_spend(scenario, TODAY, lever, segment, 0)
    acting = effective_spend(scenario, allocation, lever, segment, period)
    if acting == today:
        return 0.0
    response = scenario.levers[lever].response
    return respond(response, acting, today) - respond(response, today, today)


def respond(response: Any, acting: float, today: float) -> float:
    """The response curve at an effective spend."""
    if type(response).__name__ == "Hill":
        return hill(acting, response.max, response.half, response.shape)
    return adbudg(acting / today, response.none, response.today, response.plus_half, response.saturated)


def hill(spend: float, highest: float, half: float, shape: float) -> float:
    """highest x spend^shape / (half^shape + spend^shape) (Hill 1910)."""
    if spend == 0:
        return 0.0
    return highest / float(1 + (half / spend) ** shape)


def adbudg(ratio: float, none: float, today: float, plus_half: float, saturated: float) -> float:
    """Little (1970), doi:10.1287/mnsc.16.8.B466: the curve through four answers, at spend / today's spend."""
    at_today = (today - none) / (saturated - none)
    at_plus_half = (plus_half - none) / (saturated - none)
    d = 1 / at_today - 1
    c = math.log(d * at_plus_half / (1 - at_plus_half)) / math.log(1.5)
    return none + (saturated - none) * float(ratio**c / (d + ratio**c))
