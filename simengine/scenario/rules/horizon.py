"""Whether the calendar is long enough to see what is in it: a warning each where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.problems import Problem

if TYPE_CHECKING:
    from simengine.scenario.allocation import Funding
    from simengine.scenario.model import Scenario
    from simengine.scenario.yaml_source import Path

SEEN = 0.5  # of the effect of a lever: the calendar shows at least so much of its rise, or of its fading


def _missed(scenario: Scenario, lever: str, periods: int) -> float:
    """Fraction of a change of effective spend that is still to come after some periods."""
    years = periods * scenario.calendar.years_per_period
    return float(scenario.levers[lever].carry_over ** years)


def _phases(scenario: Scenario) -> Iterator[tuple[Path, str, Funding]]:
    """(path, lever, phase) of what differs from today's spend."""
    for name, allocation in scenario.allocations.items():
        for lever, phases in allocation.fundings.items():
            today = scenario.levers[lever].today
            for i, phase in enumerate(phases):
                if any(money != today.get(segment, 0.0) for segment, money in phase.amounts.items()):
                    yield ("allocations", name, lever, i), lever, phase


def _wanted(scenario: Scenario, lever: str, what: str) -> str:
    kept = scenario.levers[lever].carry_over
    return f"a calendar that shows at least {SEEN:.0%} of {what}, with carry_over {kept:.4g}"


def warn_if_the_calendar_ends_before_a_lever_works(scenario: Scenario) -> Iterator[Problem]:
    labels = scenario.calendar.labels
    for path, lever, phase in _phases(scenario):
        missed = _missed(scenario, lever, len(labels) - phase.start)
        if phase.end == len(labels) and missed > SEEN:
            yield scenario.problem(
                path,
                f"spend from {labels[phase.start]}, of whose effect {1 - missed:.0%} is reached by {labels[-1]}",
                _wanted(scenario, lever, "its effect"),
                "begin earlier, or simulate more periods",
            )


def warn_if_the_calendar_ends_before_a_lever_fades(scenario: Scenario) -> Iterator[Problem]:
    labels = scenario.calendar.labels
    for path, lever, phase in _phases(scenario):
        missed = _missed(scenario, lever, len(labels) - phase.end)
        if phase.end < len(labels) and missed > SEEN:
            yield scenario.problem(
                path,
                f"spend until {labels[phase.end - 1]}, of whose effect {missed:.0%} is still left after {labels[-1]}",
                _wanted(scenario, lever, "its fading"),
                "end earlier, or simulate more periods",
            )
