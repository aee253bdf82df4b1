"""Designs of our offer for groups of customers: where the groups' centres lie, and how far customers are from theirs.

Sums are of integers and everything else is done customer by customer in a fixed order, so that the centres depend on
neither the processor nor the order of customers, and a row of weight n counts exactly like n rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.jit import kernel
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, counted

ROUNDS = 50
NEEDS_GRID = 2.0**30  # steps per unit of a need's weight
MOST_WEIGHT = 2.0**32  # steps of customers in a segment: times the needs' steps they stay within int64

Designs = dict[
    str, tuple[int, ...]
]  # by segment: the numbers of groups above 1 that some allocation designs for, rising


def designs_of(scenario: Scenario) -> Designs:
    """The finer designs of every segment; one group is today's design."""
    found: dict[str, set[int]] = {segment: set() for segment in scenario.segments}
    for allocation in scenario.allocations.values():
        for design in allocation.designs:
            for segment, stated in design.groups.items():
                found[segment] |= {stated.groups} - {1}
    return {segment: tuple(sorted(groups)) for segment, groups in found.items()}


def too_many_groups(scenario: Scenario, customers: Sequence[float]) -> list[Problem]:
    """Designs for more groups than a segment has customers; `customers` [S] is known once the file is read."""
    return [
        scenario.problem(
            (*design.path, segment, "groups"),
            counted(stated.groups, "group"),
            f"at most {count:,.0f}: the customers of `{segment}`",
        )
        for allocation in scenario.allocations.values()
        for design in allocation.designs
        for segment, count in zip(scenario.segments, customers, strict=True)
        if (stated := design.groups.get(segment)) is not None and stated.groups > count
    ]


def misfits(needs: NDArray[np.float32], weight: NDArray[np.float64], groups: int) -> NDArray[np.float32]:
    """[N] half the L1 distance of every customer's needs [N, K] to the nearest centre of so many groups.

    `weight` [N] is how many customers a row stands for, 0 of newcomers: what is designed is designed today.
    """
    there = weight > 0.0
    misfit = np.empty(len(needs), np.float32)
    fill_misfits(needs.astype(np.float64), group_centres(needs[there], weight[there], groups), misfit)
    return misfit


def group_centres(needs: NDArray[np.float32], weight: NDArray[np.float64], groups: int) -> NDArray[np.float64]:
    """[G, K] centres of groups of customers with similar needs [N, K]; `weight` [N].

    Lloyd's iteration (1982, IEEE Transactions on Information Theory 28(2), 129-137, doi:10.1109/TIT.1982.1056489),
    at most 50 rounds. It starts at the customer farthest from the mean, then at each customer farthest from those
    chosen before (Gonzalez 1985, doi:10.1016/0304-3975(85)90224-5); of equally far ones at the smallest needs, in
    the order of their names. G is less than `groups` if fewer customers differ.
    """
    steps = np.rint(needs.astype(np.float64) * NEEDS_GRID).astype(np.int64)
    scale = 1.0
    while scale * weight.sum() > MOST_WEIGHT:
        scale /= 2.0
    while 2.0 * scale * weight.sum() <= MOST_WEIGHT:
        scale *= 2.0
    counts = np.rint(weight * scale).astype(np.int64)
    centres = lloyd(steps, counts, min(groups, len(steps)))
    return np.asarray(centres / NEEDS_GRID)


@kernel
def lloyd(steps: Any, counts: Any, groups: Any) -> Any:
    """[G, K] centres of integer needs `steps` [N, K], weighted by integers `counts` [N]."""
    customers, width = steps.shape
    centres = np.empty((groups, width))
    mean = np.zeros((1, width))
    group = np.zeros(customers, np.int64)
    _means(steps, counts, group, mean)
    distance = np.empty(customers)
    for i in range(customers):
        distance[i] = _squared(steps[i], mean[0])
    chosen = 0
    while chosen < groups:
        farthest = 0
        for i in range(1, customers):
            if distance[i] > distance[farthest] or (
                distance[i] == distance[farthest] and _before(steps[i], steps[farthest])
            ):
                farthest = i
        if chosen > 0 and distance[farthest] == 0.0:  # nobody differs from those chosen
            break
        centres[chosen] = steps[farthest]
        for i in range(customers):
            to_it = _squared(steps[i], centres[chosen])
            distance[i] = to_it if chosen == 0 else min(distance[i], to_it)
        chosen += 1
    centres = centres[:chosen]
    for _ in range(ROUNDS):
        moved = False
        for i in range(customers):
            nearest, least = 0, np.inf
            for g in range(chosen):
                to_it = _squared(steps[i], centres[g])
                if to_it < least:
                    nearest, least = g, to_it
            moved |= nearest != group[i]
            group[i] = nearest
        _means(steps, counts, group, centres)
        if not moved:  # further rounds change nothing
            break
    return centres


@kernel
def _squared(steps: Any, centre: Any) -> Any:
    """Squared Euclidean distance."""
    total = 0.0
    for k in range(centre.shape[0]):
        apart = np.float64(steps[k]) - centre[k]
        total += apart * apart
    return total


@kernel
def _before(one: Any, other: Any) -> Any:
    """Whether one customer's needs come before another's, in the order of the needs."""
    for k in range(one.shape[0]):
        if one[k] != other[k]:
            return one[k] < other[k]
    return False


@kernel
def _means(steps: Any, counts: Any, group: Any, centres: Any) -> None:
    """Move each centre to the mean of its customers; one without customers stays."""
    groups, width = centres.shape
    sums, totals = np.zeros((groups, width), np.int64), np.zeros(groups, np.int64)
    for i in range(steps.shape[0]):
        totals[group[i]] += counts[i]
        for k in range(width):
            sums[group[i], k] += counts[i] * steps[i, k]
    for g in range(groups):
        if totals[g] > 0:
            for k in range(width):
                centres[g, k] = np.float64(sums[g, k]) / np.float64(totals[g])


@kernel
def fill_misfits(needs: Any, centres: Any, misfit: Any) -> None:
    """misfit [N] = half the L1 distance of needs [N, K] to the nearest of centres [G, K]."""
    for i in range(needs.shape[0]):
        least = np.inf
        for g in range(centres.shape[0]):
            apart = 0.0
            for k in range(needs.shape[1]):
                apart += abs(needs[i, k] - centres[g, k])
            least = min(least, apart)
        misfit[i] = np.float32(0.5 * least)
