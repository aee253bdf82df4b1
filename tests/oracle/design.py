"""Finer designs: the centres of groups of customers, in exact arithmetic, and who fits them how well."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

GRID = 2**30  # steps per unit of a need's weight
ROUNDS = 50
Point = tuple[Fraction, ...]


def groups_of(scenario: Any, allocation: str | None, segment: str, period: int) -> int:
    """For how many groups of a segment we design in a period; one unless an allocation says more."""
    design = _design(scenario, allocation, segment, period)
    return 1 if design is None else int(design.groups)


def yearly_cost(scenario: Any, allocation: str | None, segment: str, period: int) -> float:
    """What the design costs in a period, currency a year."""
    design = _design(scenario, allocation, segment, period)
    return 0.0 if design is None else float(design.groups * design.cost_per_group)


def _design(scenario: Any, allocation: str | None, segment: str, period: int) -> Any:
    found = None
    for design in scenario.allocations[allocation].designs if allocation else ():
        if design.start <= period < design.end and segment in design.groups:
            found = design.groups[segment]
    return found


def designs(scenario: Any, segment: str) -> set[int]:
    """Every number of groups that some allocation designs for in a segment."""
    return {
        design.groups[segment].groups
        for allocation in scenario.allocations.values()
        for design in allocation.designs
        if segment in design.groups
    }


def misfits(needs: list[list[float]], weights: list[float], groups: int) -> list[float]:
    """Half the L1 distance of each customer's needs to the nearest of so many centres of those at the opening, who come
    first and have weights."""
    centres = group_centres(needs[: len(weights)], weights, groups)
    return [
        float(min(sum(abs(Fraction(w) - c) for w, c in zip(own, centre, strict=True)) for centre in centres) / 2)
        for own in needs
    ]


def group_centres(needs: list[list[float]], weights: list[float], groups: int) -> list[Point]:
    """Lloyd's iteration from the customer farthest from the mean, then the farthest from those before."""
    points = [tuple(Fraction(round(w * GRID), GRID) for w in own) for own in needs]
    counts = [Fraction(weight) for weight in weights]
    centres: list[Point] = []
    far = [_squared(point, _mean(points, counts)) for point in points]
    while len(centres) < groups:
        most = max(far)
        if centres and most == 0:
            break
        centres.append(min(point for point, distance in zip(points, far, strict=True) if distance == most))
        far = [min(_squared(point, centre) for centre in centres) for point in points]
    for _ in range(ROUNDS):
        nearest = [min(range(len(centres)), key=lambda g: _squared(point, centres[g])) for point in points]
        for g in range(len(centres)):
            own = [i for i, group in enumerate(nearest) if group == g]
            if own:
                centres[g] = _mean([points[i] for i in own], [counts[i] for i in own])
    return centres


def _mean(points: list[Point], counts: list[Fraction]) -> Point:
    total = sum(counts)
    return tuple(
        sum((count * x for count, x in zip(counts, axis, strict=True)), Fraction()) / total
        for axis in zip(*points, strict=True)
    )


def _squared(one: Point, other: Point) -> Fraction:
    return sum(((a - b) * (a - b) for a, b in zip(one, other, strict=True)), Fraction())
