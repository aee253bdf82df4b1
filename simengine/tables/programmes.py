"""What an allocation spends on every lever and segment, and what that does: spend -> carry-over -> response."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from simengine.model.carry_over import carried_over
from simengine.model.response import adbudg, adbudg_parameters, hill
from simengine.model.time import fraction_kept
from simengine.scenario.allocation import Allocation
from simengine.scenario.lever import Adbudg, Lever, Response
from simengine.scenario.model import Scenario
from simengine.tables.design import Designs

Paths = dict[tuple[str, str], list[float]]  # (segment, target) -> effect in each period


def spend_path(allocation: Allocation | None, lever: str, today: float, segment: str, periods: int) -> list[float]:
    """Currency a year in each period: today's spend wherever the allocation does not say otherwise."""
    path = [today] * periods
    if allocation is not None:
        for funding in allocation.fundings.get(lever, ()):
            if segment in funding.amounts:
                path[funding.start : funding.end] = [funding.amounts[segment]] * (funding.end - funding.start)
    return path


def response(lever: Lever, accumulated: Any, today: Any) -> Any:
    """Effect of an accumulated spend (currency a year) of a lever whose spend today is `today`; numbers or arrays."""
    return _response(lever.response, accumulated, today)


def _response(answers: Response, accumulated: Any, today: Any) -> Any:
    if isinstance(answers, Adbudg):
        spent = np.greater(today, 0.0)  # a segment without spend today is never funded through an ADBUDG lever
        curve = adbudg_parameters(answers.none, answers.today, answers.plus_half, answers.saturated)
        return np.where(spent, adbudg(accumulated / np.where(spent, today, 1.0), *curve), 0.0)[()]
    return hill(accumulated, answers.max, answers.half, answers.shape)


def lever_effect(lever: Lever, spend: Sequence[float], today: float, years_per_period: float) -> list[float]:
    """Incremental effect f(A_t) - f(A today) in each period; exactly 0 while spend is today's."""
    return list(_effect(lever.response, lever.carry_over, tuple(spend), today, years_per_period))


@lru_cache(maxsize=4096)  # studies ask for many allocations that spend the same on most levers
def _effect(
    answers: Response, carry_over: float, spend: tuple[float, ...], today: float, years_per_period: float
) -> tuple[float, ...]:
    kept = fraction_kept(carry_over, years_per_period)
    accumulated, path = today, []
    for money in spend:
        accumulated = carried_over(accumulated, money, kept)
        path.append(accumulated)
    if all(each == today for each in path):
        return (0.0,) * len(path)
    neutral = _response(answers, today, today)
    return tuple((_response(answers, np.array(path), today) - neutral).tolist())


def programmes(scenario: Scenario, allocation: Allocation | None) -> tuple[dict[str, list[float]], Paths]:
    """Spend of every segment (currency a year, by period; designs included) and effects by (segment, target) of an
    allocation."""
    periods = scenario.calendar.periods
    spend: dict[str, list[float]] = {segment: [0.0] * periods for segment in scenario.segments}
    effects: Paths = defaultdict(lambda: [0.0] * periods)
    for name in sorted(scenario.levers):
        lever = scenario.levers[name]
        for segment in scenario.segments:
            today = lever.today.get(segment, 0.0)
            path = spend_path(allocation, name, today, segment, periods)
            if not any(path) and not today:
                continue
            spend[segment] = [a + b for a, b in zip(spend[segment], path, strict=True)]
            effect = lever_effect(lever, path, today, scenario.calendar.years_per_period)
            key = (segment, lever.target)
            effects[key] = [a + b for a, b in zip(effects[key], effect, strict=True)]
    for design in allocation.designs if allocation else ():
        for segment, stated in design.groups.items():
            for t in range(design.start, design.end):
                spend[segment][t] += stated.groups * stated.cost_per_group
    return spend, effects


def effects_without_spend(scenario: Scenario) -> Paths:
    """Effects by (segment, target), the same in every period, of spending nothing where something is spent today."""
    effects: Paths = defaultdict(lambda: [0.0] * scenario.calendar.periods)
    for name in sorted(scenario.levers):
        lever = scenario.levers[name]
        for segment, today in lever.today.items():
            lost = response(lever, 0.0, today) - response(lever, today, today)
            effects[segment, lever.target] = [effect + lost for effect in effects[segment, lever.target]]
    return effects


def misfit_path(allocation: Allocation, designs: Designs, periods: int) -> dict[str, list[int]]:
    """By segment, which of the misfits of its customers is that of our design in each period: 0 of today's, n of the
    n-th of the segment's finer `designs`."""

    def at(segment: str, period: int) -> int:
        design = allocation.design(segment, period)
        return 0 if design is None or design.groups == 1 else 1 + designs[segment].index(design.groups)

    return {segment: [at(segment, t) for t in range(periods)] for segment in designs}
