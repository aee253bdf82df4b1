"""What touchpoints deliver: the mean of a power of their qualities, lower the more people answer for them."""

from __future__ import annotations

import math
from typing import Any


def ratio(scenario: Any, allocation: str | None, period: int) -> float:
    """D over D today, in a period."""
    if scenario.experience is None:
        return 1.0
    return whole(scenario, *touchpoints(scenario, allocation, period)) / whole(
        scenario, *touchpoints(scenario, None, 0)
    )


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
