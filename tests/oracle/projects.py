"""What initiatives of certain duration change and cost, period by period; when things happen, `initiatives` says."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

from .initiatives import NEVER, Office

UNLIMITED = 1000
SAME = 1e-9  # times closer than this are one time


class Project(NamedTuple):
    """One of an allocation's, as the office knows it."""

    name: str
    ready: float
    teams: int
    priority: int
    after: tuple[str, ...]
    patience: float
    duration: float


@cache
def office(projects: tuple[Project, ...], teams: int) -> Office:
    """When everything happens."""
    return Office(projects, teams, {project.name: project.duration for project in projects})


def course(scenario: Any, allocation: str, name: str) -> tuple[float, float, float, float]:
    """Of an initiative: queued, started, completed, cancelled, in periods since the opening."""
    projects = tuple(
        Project(n, each.start, each.teams, each.priority, each.after, each.cancel_after or NEVER, float(each.duration))
        for n, each in scenario.allocations[allocation].initiatives.items()
    )
    return office(projects, UNLIMITED if scenario.delivery is None else scenario.delivery.teams).course(name)


def effect(scenario: Any, allocation: str | None, segment: str, period: int, target: str) -> float:
    """What all initiatives together add to a target: from the first whole period after each is completed."""
    added = 0.0
    for name, each in (scenario.allocations[allocation].initiatives if allocation else {}).items():
        if target not in each.effect or (each.shares and segment not in each.shares):
            continue
        completed = course(scenario, allocation or "", name)[2]
        since = period - math.ceil(completed - SAME) if completed < NEVER else -1
        if since >= 0:
            added += each.effect[target] * (min(1.0, (since + 0.5) / each.ramp_up) if each.ramp_up else 1.0)
    return added


def cost(scenario: Any, allocation: str, segment: str | None, period: int) -> tuple[float, float]:
    """Of building, and of running what is built, currency a year; None: of what no segment bears."""
    building = running = 0.0
    for name, each in scenario.allocations[allocation].initiatives.items():
        share = each.shares.get(segment, 0.0) if segment else float(not each.shares)
        _, started, completed, cancelled = course(scenario, allocation, name)
        worked = _overlap(started, min(completed, cancelled), period) / float(each.duration)
        building += share * each.build * worked / scenario.calendar.years_per_period
        running += share * each.run * _overlap(completed, NEVER, period)
    return building, running


def _overlap(start: float, end: float, period: int) -> float:
    return max(0.0, min(end, period + 1) - max(start, period))
