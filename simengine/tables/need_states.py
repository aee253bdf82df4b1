"""The need states of each segment, in numbers: where its customers are, how they move on, what that adds to needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from simengine.model.need_states import displacements, hazards, shares_at_rest, transitions
from simengine.scenario.model import Scenario
from simengine.scenario.need_states import lasting
from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.units import percent
from simengine.tables.layout import Floats, NeedStates

ROUNDED = 0.005  # how far from 0 to 1 a mean weight may be: needs of the segment are worked out by hand, to the percent


def need_states_of(scenario: Scenario, centres: Floats) -> tuple[NeedStates | None, ...]:
    """[S] of every segment; `centres` [S, K] are the mean needs of its customers today.

    Raises ScenarioError where mean weights in a state would not be weights. Where customers are drawn around stated
    needs, these count: the mean of a few customers is off by as much as their luck.
    """
    found = tuple(_of_segment(scenario, name) for name in scenario.segments)
    problems = [
        problem
        for name, states, centre in zip(scenario.segments, found, centres.tolist(), strict=True)
        if states is not None
        for problem in _beyond_weights(scenario, name, states, _stated_needs(scenario, name) or centre)
    ]
    if problems:
        raise ScenarioError(problems)
    return found


def _of_segment(scenario: Scenario, name: str) -> NeedStates | None:
    segment = scenario.choosing.get(name)
    if segment is None or not segment.moving:
        return None
    stated = segment.need_states
    (names,) = lasting(stated)
    chances = np.array([[stated[one].next.get(other, 0.0) for other in names] for one in names])
    needs = np.array([[stated[one].needs.get(need, 0.0) for need in scenario.needs] for one in names])
    hazard = hazards(chances)
    share = shares_at_rest(hazard)
    shift = displacements(share, needs)
    move = transitions(hazard, scenario.calendar.years_per_period)
    moved = 0.5 * np.abs(shift).sum(axis=1)
    return NeedStates(names, share, shift.astype(np.float32), moved.astype(np.float32), hazard, move)


def _stated_needs(scenario: Scenario, segment: str) -> list[float]:
    """The weights that a segment states of all needs; none where a customer file has them."""
    stated = scenario.choosing[segment].needs
    of_file = scenario.portfolio is not None and scenario.portfolio.columns.needs
    return [] if of_file else [stated.get(need, 0.0) for need in scenario.needs]


def _beyond_weights(scenario: Scenario, segment: str, states: NeedStates, centre: Sequence[float]) -> Iterator[Problem]:
    """Mean weights well below 0 or above 1."""
    for name, shift in zip(states.names, states.shift.tolist(), strict=True):
        for need, before, change in zip(scenario.needs, centre, shift, strict=True):
            if not -ROUNDED <= before + change <= 1.0 + ROUNDED:
                yield scenario.problem(
                    ("segments", segment, "need_states", name, "needs"),
                    f"a mean weight of {need} of {percent(before + change)}: {percent(before)} of the segment, "
                    f"{'and' if change > 0 else 'less'} {percent(abs(change))} by which the state is "
                    f"{'above' if change > 0 else 'below'} the mean of all",
                    "a weight between 0% and 100%",
                    "state needs of the segment that are the mean of its need states, or need states that differ less",
                )
