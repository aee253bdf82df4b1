"""Whether the calendar is long enough to see what is in it: a warning each where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.problems import Problem
from simengine.scenario.units import percent

if TYPE_CHECKING:
    from simengine.scenario.allocation import Outlay
    from simengine.scenario.model import Scenario

SEEN = 0.5  # of the effect of a lever: the calendar shows at least so much of its rise, or of its fading


def _missed(scenario: Scenario, lever: str, periods: int) -> float:
    """Fraction of a change of effective spend that is still to come after some periods."""
    years = periods * scenario.calendar.years_per_period
    return float(scenario.levers[lever].carry_over ** years)


def _differing(scenario: Scenario) -> Iterator[Outlay]:
    """What differs from today's spend, once for each place where its dates are stated."""
    seen = set()
    for allocation in scenario.allocations.values():
        for outlay in allocation.outlays():
            today = scenario.levers[outlay.lever].today
            if outlay.money != sum(today.get(segment, 0.0) for segment in outlay.segments):
                key = outlay.dated, outlay.lever, outlay.start, outlay.end
                if key not in seen:
                    seen.add(key)
                    yield outlay


def _wanted(scenario: Scenario, lever: str, what: str) -> str:
    kept = scenario.levers[lever].carry_over
    return f"a calendar that shows at least {percent(SEEN)} of {what}, with carry_over {kept:.4g}"


def warn_if_the_calendar_ends_before_a_lever_works(scenario: Scenario) -> Iterator[Problem]:
    labels = scenario.calendar.labels
    for outlay in _differing(scenario):
        missed = _missed(scenario, outlay.lever, len(labels) - outlay.start)
        if outlay.end == len(labels) and missed > SEEN:
            reached = percent(1 - missed, 2)
            yield scenario.problem(
                outlay.dated,
                f"spend from {labels[outlay.start]}, of whose effect {reached} is reached by {labels[-1]}",
                _wanted(scenario, outlay.lever, "its effect"),
                "begin earlier, or simulate more periods",
            )


def warn_if_the_calendar_ends_before_a_lever_fades(scenario: Scenario) -> Iterator[Problem]:
    labels = scenario.calendar.labels
    for outlay in _differing(scenario):
        missed = _missed(scenario, outlay.lever, len(labels) - outlay.end)
        if outlay.end < len(labels) and missed > SEEN:
            left = percent(missed, 2)
            yield scenario.problem(
                outlay.dated,
                f"spend until {labels[outlay.end - 1]}, of whose effect {left} is still left after {labels[-1]}",
                _wanted(scenario, outlay.lever, "its fading"),
                "end earlier, or simulate more periods",
            )
