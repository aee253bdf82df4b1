"""Initiatives that change nothing, or of which something that is said makes no difference: a warning each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from simengine.scenario.distribution import bounds
from simengine.scenario.problems import Problem

if TYPE_CHECKING:
    from simengine.scenario.allocation import Allocation
    from simengine.scenario.initiative import Initiative
    from simengine.scenario.model import Scenario
    from simengine.scenario.yaml_source import Path


def _all(scenario: Scenario) -> Iterator[tuple[Allocation, str, Initiative]]:
    """(allocation, name, initiative), each once: where it is stated, and shifted ones with their own dates."""
    seen: set[tuple[Path, Path]] = set()
    for allocation in scenario.allocations.values():
        for name, each in allocation.initiatives.items():
            if (each.path, each.dated) not in seen:
                seen.add((each.path, each.dated))
                yield allocation, name, each


def _least_end(initiatives: Mapping[str, Initiative], name: str) -> float:
    """The earliest time, in periods, at which an initiative can be completed."""
    each = initiatives[name]
    before = [_least_end(initiatives, other) for other in each.after]
    return max([float(each.start), *before]) + bounds(each.duration)[0]


def warn_if_the_calendar_ends_before_an_initiative(scenario: Scenario) -> Iterator[Problem]:
    labels = scenario.calendar.labels
    for allocation, name, each in _all(scenario):
        if _least_end(allocation.initiatives, name) > len(labels) - 1:
            yield scenario.problem(
                each.dated,
                f"`{name}`, which cannot be completed before {labels[-1]}, so that it has no effect",
                "an initiative whose effect begins within the calendar",
                "begin earlier, or simulate more periods",
            )


def warn_if_an_initiative_is_always_or_never_given_up(scenario: Scenario) -> Iterator[Problem]:
    for _, name, each in _all(scenario):
        if each.cancel_after is None:
            continue
        least, most = bounds(each.duration)
        if each.cancel_after < least or (each.cancel_after == least < most):
            said, hint = f"`{name}` always given up: it takes at least {least:g} periods", "wait longer"
        elif each.cancel_after >= most:
            said, hint = f"`{name}` never given up: it takes at most {most:g} periods", "leave cancel out"
        else:
            continue
        yield scenario.problem((*each.path, "cancel", "after"), said, "a time that makes a difference", hint)


def warn_if_nobody_waits_for_teams(scenario: Scenario) -> Iterator[Problem]:
    """Teams and priorities without a limit, and a limit without initiatives."""
    initiatives = list(_all(scenario))
    if scenario.delivery is not None and not initiatives:
        yield scenario.problem(
            ("delivery",),
            "teams, and no allocation has initiatives",
            "initiatives that need teams",
            "state initiatives in an allocation, or leave delivery out",
        )
    for _, name, each in initiatives if scenario.delivery is None else ():
        for key, usual in (("teams", 1), ("priority", 1)):
            if getattr(each, key) != usual:
                yield scenario.problem(
                    (*each.path, key),
                    f"{key} of `{name}` where teams are not scarce",
                    "a number of teams for which initiatives wait",
                    f"state delivery: {{teams: 4}}, or leave {key} out",
                )


def warn_if_an_initiative_does_nothing(scenario: Scenario) -> Iterator[Problem]:
    for allocation, name, each in _all(scenario):
        awaited = any(name in other.after for other in allocation.initiatives.values())
        if not any(each.effect.values()) and not awaited:
            yield scenario.problem(
                each.path,
                f"`{name}` without any effect",
                "an initiative that changes something, or after which another comes",
                "state its effect, such as effect: {service: 1}",
            )
