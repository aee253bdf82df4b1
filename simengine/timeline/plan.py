"""One course of events: projects that wait for teams, for each other and for their date, in SimPy."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from typing import Any, NamedTuple

import simpy

from simengine.timeline.teams import Teams

NEVER = math.inf


class Project(NamedTuple):
    """What is carried out. Time is in periods since the opening."""

    name: str
    ready: float = 0.0  # not begun before
    teams: int = 1
    priority: int = 1  # the lower, the earlier
    after: tuple[str, ...] = ()  # projects that must be completed before
    patience: float = NEVER  # how long after its start it is given up, unless completed by then


class Course(NamedTuple):
    """When things happened to one project, in periods since the opening; `NEVER` for what did not."""

    queued: float  # began to wait for teams
    started: float
    completed: float
    cancelled: float  # given up, or will never begin because what comes before it was


Log = dict[str, Course]  # by the name of the project


def plan(projects: Sequence[Project], teams: float, durations: Mapping[str, float]) -> Log:
    """The course of every project, in name order; `durations` are in periods, `teams` may be infinite.

    Raises ValueError if some can never begin: they wait for each other, for an unknown one, or need too many teams.
    """
    environment = simpy.Environment()
    pool = Teams(environment, teams)
    ended = {project.name: environment.event() for project in projects}
    log: Log = {}
    for project in sorted(projects):  # what SimPy creates first comes first
        if project.teams > teams or not ended.keys() >= set(project.after):
            raise ValueError(f"{project.name} can never begin")
        environment.process(_carried_out(environment, project, durations[project.name], pool, ended, log))
    environment.run()
    if len(log) < len(projects):
        raise ValueError(f"{', '.join(sorted(ended.keys() - log.keys()))} wait for each other")
    return dict(sorted(log.items()))


def _carried_out(
    environment: simpy.Environment,
    project: Project,
    duration: float,
    pool: Teams,
    ended: Mapping[str, simpy.Event],
    log: Log,
) -> Generator[simpy.Event, Any, None]:
    if project.ready:
        yield environment.timeout(project.ready)
    for name in project.after:
        yield ended[name]
    given_up = min((log[name].cancelled for name in project.after), default=NEVER)
    if given_up < NEVER:
        log[project.name] = Course(NEVER, NEVER, NEVER, given_up)
    else:
        queued = environment.now
        yield pool.request(project.teams, (project.priority, project.name))
        started = environment.now
        yield environment.timeout(min(duration, project.patience))
        yield pool.give_back(project.teams)
        end = environment.now
        completed = duration <= project.patience
        log[project.name] = Course(queued, started, end if completed else NEVER, NEVER if completed else end)
    ended[project.name].succeed()
