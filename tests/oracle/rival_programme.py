"""What a rival does that runs one of our programmes: the same effects as we would have, from when it begins."""

from __future__ import annotations

from typing import Any

from . import design
from .spending import TODAY, respond, yearly_spend


def running(scenario: Any, move: str | None, name: str, segment: str, period: int) -> tuple[str | None, int]:
    """The allocation that a rival runs (the last one written), and how far it has come, as a period of ours."""
    found: tuple[str | None, int] = (TODAY, 0)
    for change in scenario.moves[move] if move else ():
        there = not change.segments or segment in change.segments
        if change.who == name and change.like and there and change.start <= period < change.end:
            ours = scenario.allocations[change.like]
            dates = [funding.start for phases in ours.fundings.values() for funding in phases]
            first = min(dates + [each.start for each in ours.designs])
            found = change.like, min(first + period - change.start, scenario.calendar.periods - 1)
    return found


def effect(scenario: Any, move: str | None, name: str, segment: str, period: int, target: str) -> float:
    """Of all levers with a target: f(A) - f(A today), A carried over as ours."""
    return sum(
        _effect(scenario, move, name, segment, period, lever)
        for lever, stated in sorted(scenario.levers.items())
        if stated.target == target
    )


def _effect(scenario: Any, move: str | None, name: str, segment: str, period: int, lever: str) -> float:
    kept = scenario.levers[lever].carry_over ** scenario.calendar.years_per_period
    today = acting = yearly_spend(scenario, TODAY, lever, segment, 0)
    for earlier in range(period + 1):
        allocation, at = running(scenario, move, name, segment, earlier)
        spend = yearly_spend(scenario, allocation, lever, segment, at)
        acting = spend + kept * (acting - spend)
    if acting == today:
        return 0.0
    response = scenario.levers[lever].response
    return respond(response, acting, today) - respond(response, today, today)


def groups_of(scenario: Any, move: str | None, name: str, segment: str, period: int) -> int:
    """For how many groups of customers a rival designs."""
    allocation, at = running(scenario, move, name, segment, period)
    return design.groups_of(scenario, allocation, segment, at)


def yearly_cost(scenario: Any, move: str | None, name: str, segment: str, period: int) -> float:
    """What a rival spends beyond what corresponds to our spend of today, currency a year."""
    allocation, at = running(scenario, move, name, segment, period)
    stated = scenario.segments[segment]
    if allocation is TODAY or stated.dynamics == "contract" or name not in stated.shares:
        return 0.0
    more = sum(
        yearly_spend(scenario, allocation, lever, segment, at) - yearly_spend(scenario, TODAY, lever, segment, 0)
        for lever in sorted(scenario.levers)
    )
    size = stated.shares[name] / stated.shares["us"]
    return float(more * size + design.yearly_cost(scenario, allocation, segment, at))
