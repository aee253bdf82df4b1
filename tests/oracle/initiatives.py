"""When initiatives begin and end: one office that wakes whenever something may have changed and looks at all of them;
and what is spent on them by then.

Nothing of `simengine.timeline` is used: no process per project, no resource of its own, no events between projects.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from typing import Any

import simpy
from scipy import stats

NEVER = math.inf
_SAME = 1e-9  # times closer than this are one time


class Office:
    """Knows of every project when it was queued, started and ended; `outcome` is completed or cancelled."""

    def __init__(self, projects: Sequence[Any], teams: int, durations: Mapping[str, float]) -> None:
        self.projects, self.durations = projects, durations
        self.queued: dict[str, float] = {}
        self.started: dict[str, float] = {}
        self.ended: dict[str, float] = {}
        self.outcome: dict[str, str] = {}
        self.environment = simpy.Environment()
        self.teams = simpy.Container(self.environment, capacity=teams, init=teams)
        self.environment.run(self.environment.process(self.work()))

    def work(self) -> Generator[simpy.Event, Any, None]:
        while True:
            now = self.environment.now
            while self.end_what_is_due(now):
                pass
            for project in sorted(self.projects, key=lambda p: (p.priority, p.name)):
                if self.waiting(project, now):
                    self.queued.setdefault(project.name, now)
                    if self.teams.level >= project.teams:
                        yield self.teams.get(project.teams)
                        self.started[project.name] = now
            if not (times := list(self.next_times(now))):
                return
            yield self.environment.timeout(min(times) - now)

    def waiting(self, project: Any, now: float) -> bool:
        return (
            project.name not in self.started
            and project.name not in self.outcome
            and project.ready <= now + _SAME
            and all(self.outcome.get(name) == "completed" for name in project.after)
        )

    def due(self, project: Any) -> float:
        return self.started[project.name] + min(self.durations[project.name], project.patience)

    def end_what_is_due(self, now: float) -> bool:
        ended = False
        for project in self.projects:
            name = project.name
            if name in self.outcome:
                continue
            lost = [self.ended[other] for other in project.after if self.outcome.get(other) == "cancelled"]
            if lost:
                self.ended[name], self.outcome[name], ended = min(lost), "cancelled", True
            elif name in self.started and self.due(project) <= now + _SAME:
                self.ended[name] = self.due(project)
                self.outcome[name] = "completed" if self.durations[name] <= project.patience else "cancelled"
                self.teams.put(project.teams)
                ended = True
        return ended

    def next_times(self, now: float) -> Generator[float, None, None]:
        for project in self.projects:
            if project.name in self.started and project.name not in self.outcome:
                yield self.due(project)
            if project.name not in self.outcome and project.ready > now + _SAME:
                yield project.ready

    def course(self, name: str) -> tuple[float, float, float, float]:
        """Queued, started, completed, cancelled."""
        completed = self.outcome[name] == "completed"
        times = (self.ended[name], NEVER) if completed else (NEVER, self.ended[name])
        return (self.queued.get(name, NEVER), self.started.get(name, NEVER), *times)


def law_of(duration: Any) -> Any:
    """The distribution of an uncertain duration, as scipy has it."""
    kind, parameters = next(iter(duration.items()))
    if kind == "uniform":
        return stats.uniform(parameters[0], parameters[1] - parameters[0])
    if kind == "triangular":
        least, likeliest, most = parameters
        return stats.triang((likeliest - least) / (most - least), least, most - least)
    variance = math.log(1 + parameters["cv"] ** 2)
    return stats.lognorm(math.sqrt(variance), scale=parameters["mean"] / math.exp(variance / 2))


def spent_by(
    time: float, started: float, ended: float, completed: float, duration: float, build: float, run_a_period: float
) -> float:
    """Money, from the opening to a time in periods: a part of `build` for every part of its duration that is worked on
    it, and `run_a_period` from its completion on."""
    worked = max(0.0, min(ended, time) - started)
    return build * worked / duration + run_a_period * max(0.0, time - completed)
