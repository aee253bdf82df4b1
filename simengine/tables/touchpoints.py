"""What touchpoints, and the employees who work there, are in every period of every world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.model.employees import aimed_level, followed_level, served_quality
from simengine.model.experience import experience, exponent
from simengine.scenario.employees import EMPLOYEE_TARGETS, Enablement, Motivation
from simengine.scenario.experience import owners_of
from simengine.scenario.model import Scenario
from simengine.tables.effects import Effects
from simengine.tables.layout import Floats
from simengine.tables.worlds import Indices, Worlds


class Service(NamedTuple):
    """Touchpoints in a period; M of them, in name order."""

    owners: Indices  # [W] distinct owners
    quality: Floats  # [W, S, M] 0 to 1
    experience: Floats  # [W, S] D, 0 to 1
    staff: tuple[Floats, ...]  # [W, S] enablement and motivation, 0 to 1; () where nothing is said of employees


class Touchpoints:
    """The scenario's touchpoints as allocations change them, period after period."""

    def __init__(self, scenario: Scenario, worlds: Worlds) -> None:
        assert scenario.experience is not None
        stated, employees = scenario.experience, scenario.employees
        self._silo, self._years = stated.silo, scenario.calendar.years_per_period
        self._weights = [touchpoint.weight for touchpoint in stated.touchpoints.values()]
        found = [
            [allocation.touchpoints(stated.touchpoints, t) for t in range(scenario.calendar.periods)]
            for allocation in scenario.allocations.values()
        ]
        owners = np.array([[len(owners_of(each.values())) for each in of] for of in found])
        quality = np.array([[[each[name].quality for name in stated.touchpoints] for each in of] for of in found])
        self._owners, self._quality = owners[worlds.allocation], quality[worlds.allocation]  # [W, T], [W, T, M]
        self._employees: tuple[Enablement | Motivation, ...] = ()
        if employees is not None:
            self._employees = employees.enablement, employees.motivation
        self._shape = len(worlds.allocation), len(scenario.segments)
        self._staff = tuple(np.full(self._shape, stated.today) for stated in self._employees)
        rho = exponent(len(owners_of(stated.touchpoints.values())), stated.silo)
        self.today = float(experience([each.quality for each in stated.touchpoints.values()], self._weights, rho))

    def serve(self, period: int, effects: Effects, at_rest: bool = False) -> Service:
        """Touchpoints in a period, to be asked for one after the other. `at_rest`: employees are as they become when
        levers have had these effects for long."""
        shift = np.zeros(self._shape)  # of the log odds of every quality
        staff = []
        for target, stated, before in zip(EMPLOYEE_TARGETS, self._employees, self._staff, strict=False):
            level = np.broadcast_to(aimed_level(stated.today, effects.get(target, np.zeros(()))), self._shape)
            if not at_rest:
                level = followed_level(before, level, stated.half_life_up, stated.half_life_down, self._years)
            shift = shift + stated.sensitivity * (level - stated.today)
            staff.append(level)
        self._staff = tuple(staff)
        owners, stated_quality = self._owners[:, period], self._quality[:, period]
        quality = served_quality(stated_quality[:, None, :], shift[:, :, None])
        rho = exponent(owners, self._silo)[:, None]
        whole = experience([quality[..., m] for m in range(quality.shape[-1])], self._weights, rho)
        return Service(owners, quality, whole, self._staff)
