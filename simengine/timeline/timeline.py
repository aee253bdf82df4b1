"""The initiatives of all allocations in time, for some replications: arrays for the tables, and what happened when."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from simengine.luck import INITIATIVE, address, uniforms
from simengine.scenario.initiative import Initiative
from simengine.scenario.lever import TARGETS
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.tables.layout import Floats
from simengine.tables.uncertain import quantiles
from simengine.timeline.effects import share_built, share_of_periods, strength
from simengine.timeline.plan import NEVER, Project, plan


class Times(NamedTuple):
    """When things happened to an initiative, [R] in periods since the opening; infinity where they never did."""

    queued: Floats  # began to wait for teams
    started: Floats
    completed: Floats
    cancelled: Floats  # given up, or will never begin because what comes before it was

    @property
    def end(self) -> Floats:
        return np.minimum(self.completed, self.cancelled)


class Timeline(NamedTuple):
    """A allocations in file order, R replications (1 where no duration is uncertain: all are alike), T periods, S
    segments in name order."""

    effects: dict[tuple[str, str], Floats]  # (segment, target) -> [A, R, T], to be added to what levers do
    building: Floats  # [A, R, T, S + 1] currency a year, spent once; last what no segment bears
    running: Floats  # [A, R, T, S + 1] currency a year, for good; last what no segment bears
    times: dict[str, dict[str, Times]]  # by allocation and initiative

    def effects_of(self, first: int, replications: int) -> dict[tuple[str, str], Floats]:
        """Effects in the replications first, first + 1, ... of the timeline's own."""
        rows = slice(first, first + replications)
        return {key: paths if paths.shape[1] == 1 else paths[:, rows] for key, paths in self.effects.items()}


def timeline_of(scenario: Scenario, seed: int, first: int, replications: int) -> Timeline | None:
    """The timeline of the replications from `first` on; None where no allocation has initiatives. Which replications
    are asked for together changes nothing."""
    allocations = scenario.allocations
    if not any(each.initiatives for each in allocations.values()):
        return None
    uncertain = any(each.uncertain for stated in allocations.values() for each in stated.initiatives.values())
    count = replications if uncertain else 1
    teams = math.inf if scenario.delivery is None else scenario.delivery.teams
    periods, segments = scenario.calendar.periods, tuple(scenario.segments)
    building, running = np.zeros((2, len(allocations), count, periods, len(segments) + 1))
    effects: dict[tuple[str, str], Floats] = {}
    times: dict[str, dict[str, Times]] = {}
    for a, (name, allocation) in enumerate(allocations.items()):
        lasting = durations(allocation.initiatives, seed, first, count)
        alike = next((each for each in times if allocations[each].initiatives == allocation.initiatives), None)
        times[name] = times_of(allocation.initiatives, teams, lasting) if alike is None else times[alike]
        for initiative, stated in allocation.initiatives.items():
            when = times[name][initiative]
            built = share_built(when.started, when.end, lasting[initiative], periods)
            run = share_of_periods(when.completed, np.full(count, NEVER), periods)
            for segment, share in stated.shares.items() or [(None, 1.0)]:
                s = -1 if segment is None else segments.index(segment)
                building[a, :, :, s] += built * (share * stated.build / scenario.calendar.years_per_period)
                running[a, :, :, s] += run * (share * stated.run)
            there = strength(when.completed, stated.ramp_up, periods)
            for target, change in stated.effect.items():
                for segment in stated.shares or acting(scenario, target):
                    whole = effects.setdefault((segment, target), np.zeros((len(allocations), count, periods)))
                    whole[a] += change * there
    return Timeline(dict(sorted(effects.items())), building, running, times)


def acting(scenario: Scenario, target: str) -> tuple[str, ...]:
    """The segments in which a change of a target can do something, as far as their dynamics go."""
    where = TARGETS.get(target, "choice")
    return tuple(
        name
        for name, segment in scenario.segments.items()
        if where == "both" or (where == "choice") == isinstance(segment, ChoiceSegment)
    )


def durations(initiatives: Mapping[str, Initiative], seed: int, first: int, replications: int) -> dict[str, Floats]:
    """[R] periods that each initiative takes, in the replications from `first` on: the luck of its name."""
    return {
        name: quantiles(
            each.duration, uniforms(seed, address(f"initiative {name}"), INITIATIVE, 0, first, replications)
        )
        for name, each in initiatives.items()
    }


def times_of(initiatives: Mapping[str, Initiative], teams: float, lasting: Mapping[str, Floats]) -> dict[str, Times]:
    """Times of each initiative, which lasts as long as `lasting` [R] says, from one environment per replication; from
    one for all where nothing is uncertain."""
    if not initiatives:
        return {}
    projects = [
        Project(name, float(each.start), each.teams, each.priority, each.after, each.cancel_after or NEVER)
        for name, each in initiatives.items()
    ]
    drawn = {name: values.tolist() for name, values in lasting.items()}
    replications = len(next(iter(drawn.values())))
    needed = replications if any(each.uncertain for each in initiatives.values()) else 1
    logs = [plan(projects, teams, {name: values[r] for name, values in drawn.items()}) for r in range(needed)]
    times = {name: np.array([log[name] for log in logs]) for name in initiatives}  # [R, 4]
    return {name: Times(*np.broadcast_to(each, (replications, 4)).T.copy()) for name, each in times.items()}
