"""Dates: in the calendar, and in order."""

from __future__ import annotations

from collections.abc import Iterator

from simengine.scenario.calendar import MONTHS, months, spelling
from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem

Stated = tuple[str, str | None]  # key, period


def fail_if_the_start_is_within_a_period(d: Draft) -> Iterator[Problem]:
    calendar = d.file.calendar
    if months(calendar.start)[0] % MONTHS[calendar.step]:
        yield d.source.problem(
            ("calendar", "start"),
            expected=f"the first month of a {calendar.step}",
            suggestion=f"write {calendar.labels[0]}, or a shorter step",
        )


def date_problems(d: Draft, path: tuple[str | int, ...], first: Stated, last: Stated) -> Iterator[Problem]:
    """What is wrong with the first and last period of something."""
    if not d.sound("calendar"):
        return
    bounds = []
    for (key, period), end in ((first, False), (last, True)):
        if period is None:
            continue
        try:
            bounds.append(d.file.calendar.last_index(period) if end else d.file.calendar.index(period))
        except ValueError as error:
            yield d.source.problem((*path, key), found=period, expected=str(error), suggestion=spelling(period))
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        yield d.source.problem(
            (*path, last[0]), expected=f"a period not before {first[1]}", suggestion="swap the two dates"
        )
