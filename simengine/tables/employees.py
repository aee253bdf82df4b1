"""How enabled and motivated the employees are who serve a segment, in every period under an allocation."""

from __future__ import annotations

from typing import NamedTuple

from simengine.model.employees import aimed_level, followed_level
from simengine.scenario.employees import Enablement, Motivation
from simengine.scenario.model import Scenario
from simengine.tables.programmes import Effects, effect_path


class Staff(NamedTuple):
    """Levels from 0 to 1 in each period, and what both make of the quality of touchpoints."""

    enablement: list[float]
    motivation: list[float]
    shift: list[float]  # log odds; 0 where both are as today


def staff_of(scenario: Scenario, effects: Effects, segment: str, at_rest: bool) -> Staff | None:
    """Of the employees who serve a segment; None where nothing is said of employees. `at_rest`: what levers do has
    been so for long."""
    if scenario.employees is None:
        return None
    stated: tuple[Enablement | Motivation, ...] = (scenario.employees.enablement, scenario.employees.motivation)
    enablement, motivation = (
        _path(scenario, each, effect_path(effects, segment, target, scenario.calendar.periods), at_rest)
        for each, target in zip(stated, ("enablement", "motivation"), strict=True)
    )
    shift = [
        stated[0].sensitivity * (e - stated[0].today) + stated[1].sensitivity * (m - stated[1].today)
        for e, m in zip(enablement, motivation, strict=True)
    ]
    return Staff(enablement, motivation, shift)


def _path(scenario: Scenario, stated: Enablement | Motivation, responses: list[float], at_rest: bool) -> list[float]:
    level, path = stated.today, []
    for response in responses:
        aimed = aimed_level(stated.today, response)
        years = scenario.calendar.years_per_period
        level = aimed if at_rest else followed_level(level, aimed, stated.half_life_up, stated.half_life_down, years)
        path.append(level)
    return path
