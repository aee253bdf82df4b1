"""What a rival spends that runs the programme of one of our allocations, and what that does for it.

The programme begins when the move says, with what the allocation states first, and goes on phase by phase as ours does
from there. What a lever does is done customer by customer: a rival that serves twice as many of a segment as we do
today spends twice as much for the same effect. So the response is that to our own spend, with carry-over from the
rival's start on, and what it spends is scaled by the stated shares of today. A design is made once, however many it is
for: what that costs is not scaled.

Charged is what the programme spends beyond our spend of today, so scaled. What corresponds to today's spend is in a
rival's economics already: a rival that runs the programme of today stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from simengine.scenario.allocation import Allocation
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import COMPANY
from simengine.tables.design import Designs
from simengine.tables.programmes import Paths, lever_effect, misfit_path, spend_path

Run = tuple[Allocation, Change]  # what a rival runs, and when
Figure = TypeVar("Figure", int, float)


class RivalProgramme(NamedTuple):
    """What a rival does that runs a programme of ours; by segment that it serves."""

    spend: dict[str, list[float]]  # currency a year in each period, beyond what corresponds to our spend of today
    effects: Paths
    misfit: dict[str, list[int]]  # which of the misfits of customers is the rival's, in each period


def rival_programmes(scenario: Scenario, changes: Sequence[Change], designs: Designs) -> dict[str, RivalProgramme]:
    """By rival that runs a programme in a move. Of two at a time, the one that is written last is run."""
    runs: dict[str, list[Run]] = {}
    for change in changes:
        if change.who is not None and change.like is not None:
            runs.setdefault(change.who, []).append((scenario.allocations[change.like], change))
    return {rival: _programme(scenario, rival, stated, designs) for rival, stated in runs.items()}


def _programme(scenario: Scenario, rival: str, runs: Sequence[Run], designs: Designs) -> RivalProgramme:
    programme = RivalProgramme({}, {}, {})
    for name, segment in scenario.segments.items():
        here = [(allocation, change) for allocation, change in runs if name in change.segments]
        if here and isinstance(segment, ChoiceSegment) and rival in segment.available:
            levers = _spend_on_levers(scenario, _size_beside_ours(segment, rival), name, here, programme.effects)
            design = _design(name, here, designs, scenario.calendar.periods, programme.misfit)
            programme.spend[name] = [a + b for a, b in zip(levers, design, strict=True)]
    return programme


def _size_beside_ours(segment: ChoiceSegment, rival: str) -> float:
    """A rival's customers today for each of ours, by the stated shares."""
    shares = segment.shares or {}
    return shares.get(rival, 0.0) / shares[COMPANY]


def _spend_on_levers(scenario: Scenario, size: float, segment: str, runs: Sequence[Run], effects: Paths) -> list[float]:
    """Currency a year in each period; `effects` gets what that does."""
    periods = scenario.calendar.periods
    spend = [0.0] * periods
    for name, lever in scenario.levers.items():
        today = lever.today.get(segment, 0.0)
        path = [today] * periods
        for allocation, change in runs:
            _run(path, spend_path(allocation, name, today, segment, periods), allocation, change)
        if any(money != today for money in path):
            spend = [total + (money - today) * size for total, money in zip(spend, path, strict=True)]
            effect = lever_effect(lever, path, today, scenario.calendar.years_per_period)
            so_far = effects.get((segment, lever.target), [0.0] * periods)
            effects[segment, lever.target] = [a + b for a, b in zip(so_far, effect, strict=True)]
    return spend


def _design(
    segment: str, runs: Sequence[Run], designs: Designs, periods: int, misfits: dict[str, list[int]]
) -> list[float]:
    """Currency a year in each period; `misfits` gets whose design it is."""
    misfit, cost = [0] * periods, [0.0] * periods
    for allocation, change in runs:
        groups = [allocation.design(segment, t) for t in range(periods)]
        _run(misfit, misfit_path(allocation, designs, periods)[segment], allocation, change)
        _run(cost, [each.groups * each.cost_per_group if each else 0.0 for each in groups], allocation, change)
    misfits[segment] = misfit
    return cost


def _run(path: list[Figure], ours: Sequence[Figure], allocation: Allocation, change: Change) -> None:
    """Put what we do, from the first date of an allocation on, where a rival does it; what we end with lasts."""
    last = len(ours) - 1
    for t in range(change.start, change.end):
        path[t] = ours[min(allocation.first_start + t - change.start, last)]
