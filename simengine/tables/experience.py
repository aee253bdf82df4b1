"""What our touchpoints deliver of what is promised, under every allocation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.model.employees import served_quality
from simengine.model.experience import delivered_level, experience, exponent
from simengine.scenario.allocation import Allocation
from simengine.scenario.experience import Experience as StatedExperience
from simengine.scenario.experience import ExperiencedTouchpoint, owners_of
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.tables.employees import Staff, staff_of
from simengine.tables.layout import Axes, Employees, Experience
from simengine.tables.programmes import Effects
from simengine.tables.propositions import our_proposition


class Service(NamedTuple):
    """What touchpoints are in one period, for one segment."""

    quality: tuple[float, ...]  # by touchpoint, 0 to 1
    experience: float  # D, 0 to 1


class Delivery(NamedTuple):
    """What touchpoints deliver in each period under an allocation."""

    today: float  # D today
    owners: list[int]
    services: dict[str, list[Service]]  # by segment
    staff: dict[str, Staff]  # by segment; empty where nothing is said of employees

    def ratio(self, segment: str, period: int) -> float:
        """D over D today; exactly 1 while nothing differs from today."""
        return self.services[segment][period].experience / self.today


def delivery_of(scenario: Scenario, allocation: Allocation, effects: Effects, at_rest: bool = False) -> Delivery | None:
    """What touchpoints deliver under an allocation, with what its levers do; None where the scenario states none.
    `at_rest`: levers have done so for long."""
    stated = scenario.experience
    if stated is None:
        return None
    periods = range(scenario.calendar.periods)
    touchpoints = [allocation.touchpoints(stated.touchpoints, t) for t in periods]
    found = {name: staff_of(scenario, effects, name, at_rest) for name in scenario.segments}
    staff = {name: each for name, each in found.items() if each is not None}
    return Delivery(
        service(stated, stated.touchpoints, 0.0).experience,
        [len(owners_of(each.values())) for each in touchpoints],
        {
            name: [service(stated, touchpoints[t], staff[name].shift[t] if staff else 0.0) for t in periods]
            for name in scenario.segments
        },
        staff,
    )


def service(stated: StatedExperience, touchpoints: Mapping[str, ExperiencedTouchpoint], shift: float) -> Service:
    """What touchpoints are together, where employees shift the log odds of each quality."""
    rho = exponent(len(owners_of(touchpoints.values())), stated.silo)
    quality = tuple(served_quality(each.quality, shift) for each in touchpoints.values())
    return Service(quality, experience(quality, [each.weight for each in touchpoints.values()], rho))


def delivered_levels(
    scenario: Scenario, promised: Sequence[float], delivery: Delivery | None, segment: str, period: int
) -> tuple[float, ...]:
    """[K] our levels as customers perceive them, of those that we promise."""
    if delivery is None or scenario.experience is None:
        return tuple(promised)
    ratio, delivers = delivery.ratio(segment, period), scenario.experience.delivers or ()
    return tuple(
        delivered_level(level, ratio) if need in delivers else level
        for need, level in zip(scenario.needs, promised, strict=True)
    )


def experience_of(
    scenario: Scenario, axes: Axes, by_allocation: Mapping[str, tuple[Effects, Delivery | None]]
) -> Experience | None:
    """Tables of every cell, see `layout.Experience`; None where the scenario states no touchpoints."""
    if scenario.experience is None:
        return None
    tables = {
        name: _table(scenario, axes, effects, delivery)
        for name, (effects, delivery) in by_allocation.items()
        if delivery is not None
    }
    of_cells = [tables[allocation] for allocation, _ in axes.cells]

    def stacked(table: Callable[[Experience], NDArray[Any]]) -> NDArray[Any]:
        return np.stack([table(each) for each in of_cells])

    return Experience(
        of_cells[0].touchpoints,
        of_cells[0].today,
        stacked(lambda of: of.owners),
        stacked(lambda of: of.quality),
        stacked(lambda of: of.experience),
        stacked(lambda of: of.promised),
        None
        if of_cells[0].employees is None
        else Employees(*(np.stack([each.employees[level] for each in of_cells if each.employees]) for level in (0, 1))),
    )


def _table(scenario: Scenario, axes: Axes, effects: Effects, delivery: Delivery) -> Experience:
    """Of one allocation: without the axis of cells."""
    assert scenario.experience is not None
    touchpoints, shape = tuple(scenario.experience.touchpoints), (len(axes.periods), len(axes.segments))
    table = Experience(
        touchpoints,
        delivery.today,
        np.array(delivery.owners, np.int64),
        np.empty((*shape, len(touchpoints))),
        np.empty(shape),
        np.full((*shape, len(axes.needs)), np.nan),
        Employees(
            np.array([staff.enablement for staff in delivery.staff.values()]).T,
            np.array([staff.motivation for staff in delivery.staff.values()]).T,
        )
        if delivery.staff
        else None,
    )
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for t, (quality, whole) in enumerate(delivery.services[name]):
            table.quality[t, s], table.experience[t, s] = quality, whole
            if isinstance(segment, ChoiceSegment):
                table.promised[t, s] = our_proposition(scenario, effects, name, t).levels
    return table
