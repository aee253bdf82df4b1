"""What touchpoints deliver: the mean of a power of their qualities, lower the more people answer for them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Response = Callable[[str, int], float]  # what levers add to a level of employees in a period, for good


def ratio(scenario: Any, allocation: str | None, period: int, respond: Response, rested: bool) -> float:
    """D over D today, in a period. `rested`: employees are where levers would bring them for good."""
    if scenario.experience is None:
        return 1.0
    (owner, quality), today = touchpoints(scenario, allocation, period), touchpoints(scenario, None, 0)
    served = {name: worked(scenario, each, period, respond, rested) for name, each in quality.items()}
    return whole(scenario, owner, served) / whole(scenario, *today)


def worked(scenario: Any, quality: float, period: int, respond: Response, rested: bool) -> float:
    """What employees make of a quality: its logit moves by a part of the change of each of their levels."""
    if scenario.employees is None or quality == 1:
        return quality
    logit = math.log(quality / (1 - quality))
    for target in ("enablement", "motivation"):
        stated = getattr(scenario.employees, target)
        logit += stated.sensitivity * (level(scenario, target, period, respond, rested) - stated.today)
    return 1 / (1 + math.exp(-logit))


def level(scenario: Any, target: str, period: int, respond: Response, rested: bool) -> float:
    """A level of employees at the end of a period: half of the distance to the aim in a half-life."""
    stated = getattr(scenario.employees, target)
    found = float(stated.today)
    for earlier in range(period + 1):
        aim = max(0.0, min(1.0, stated.today + respond(target, earlier)))
        half_life = stated.half_life_up if aim > found else stated.half_life_down
        left = 2 ** (-scenario.calendar.years_per_period / half_life)
        found = aim if rested else aim + (found - aim) * left
    return found


def touchpoints(scenario: Any, allocation: str | None, period: int) -> tuple[dict[str, str], dict[str, float]]:
    """Owner and quality of every touchpoint; allocation None: today's."""
    owner = {name: point.owner for name, point in scenario.experience.touchpoints.items()}
    quality = {name: point.quality for name, point in scenario.experience.touchpoints.items()}
    for change in scenario.allocations[allocation].experience if allocation else ():
        if change.start <= period < change.end:
            if change.owner:
                owner = dict.fromkeys(owner, change.owner)
            owner |= change.owners
            quality |= change.quality
    return owner, quality


def whole(scenario: Any, owner: dict[str, str], quality: dict[str, float]) -> float:
    """D = (sum w q^rho)^(1/rho), rho = 1 - silo (n - 1)."""
    stated = scenario.experience
    weight = {name: point.weight for name, point in stated.touchpoints.items()}
    total = sum(weight.values())
    rho = 1 - stated.silo * (len(set(owner.values())) - 1)
    if rho == 0:
        return math.exp(sum(weight[name] / total * math.log(quality[name]) for name in weight))
    return float(sum(weight[name] / total * quality[name] ** rho for name in weight) ** (1 / rho))


def gap(centre: dict[str, float], promised: dict[str, float], delivered: dict[str, float]) -> float:
    """Points by which a supplier stays behind its promise, for the mean customer."""
    return max(0.0, sum(weight * (promised[need] - delivered[need]) for need, weight in centre.items()))
