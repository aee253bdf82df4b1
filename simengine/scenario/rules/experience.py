"""The experience of customers: needs and touchpoints that are known, owners that are meant, one change at a time."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from itertools import combinations

from simengine.scenario.allocation import AllocationText
from simengine.scenario.draft import Draft
from simengine.scenario.experience import ExperiencePhase, owners_of
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.allocations import overlap, phase_date_problems, two_at_a_time
from simengine.scenario.yaml_source import Path

ALIKE = 0.8  # names that are at least so similar, of 1, are taken for one of them misspelt


def _phases(d: Draft) -> Iterator[tuple[Path, ExperiencePhase, AllocationText]]:
    """(path, phase, allocation) of all that allocations change at touchpoints."""
    for name, allocation in d.file.allocations.items():
        for i, phase in enumerate(allocation.experience or ()):
            yield ("allocations", name, "experience", i), phase, allocation


def fail_if_touchpoints_deliver_an_unknown_need(d: Draft) -> Iterator[Problem]:
    if d.file.experience is None or not d.sound("needs"):
        return
    for i, need in enumerate(d.file.experience.delivers or ()):
        if need not in d.file.needs:
            yield d.source.problem(
                ("experience", "delivers", i),
                expected=f"one of {listed(d.file.needs) or 'the names under needs, of which there are none'}",
                suggestion=did_you_mean(need, d.file.needs, otherwise="list it under needs"),
            )


def fail_if_touchpoints_change_that_are_not_stated(d: Draft) -> Iterator[Problem]:
    if d.file.experience is not None or not d.sound("experience"):
        return
    for path, _, _ in _phases(d):
        yield d.source.problem(
            path[:3],
            found="changes at touchpoints",
            expected="touchpoints that are stated under experience, beside segments",
            suggestion="state experience: {touchpoints: {<touchpoint>: {weight: 1, quality: 0.8, owner: <owner>}}}",
            at_key=True,
        )


def fail_if_an_unknown_touchpoint_changes(d: Draft) -> Iterator[Problem]:
    if d.file.experience is None:
        return
    known = list(d.file.experience.touchpoints)
    for path, phase, _ in _phases(d):
        for block in ("owners", "quality"):
            for name in getattr(phase, block):
                if name not in known:
                    yield d.source.problem(
                        (*path, block, name),
                        found=f"the unknown touchpoint `{name}`",
                        expected=listed(known),
                        suggestion=did_you_mean(name, known),
                        at_key=True,
                    )


def fail_if_an_owner_is_misspelt(d: Draft) -> Iterator[Problem]:
    """An owner of another name is another owner, whose silo weakens the whole."""
    if d.file.experience is None:
        return
    known = owners_of(d.file.experience.touchpoints.values())
    for path, phase, _ in _phases(d):
        for touchpoint, owner in phase.owners.items():
            alike = difflib.get_close_matches(owner, known, n=1, cutoff=ALIKE)
            if owner not in known and alike:
                yield d.source.problem(
                    (*path, "owners", touchpoint),
                    found=f"the unknown owner `{owner}`",
                    expected=listed([*known, "a name that is like none of them"]),
                    suggestion=f"did you mean '{alike[0]}'?",
                )


def fail_if_one_owner_is_several(d: Draft) -> Iterator[Problem]:
    for path, phase, _ in _phases(d):
        if phase.owner is not None and phase.owners:
            yield d.source.problem(
                (*path, "owners"),
                found="`owner` and `owners`",
                expected="one owner of all touchpoints, or owners of some",
                suggestion=d.source.how_to_remove([(*path, "owner"), (*path, "owners")]) or "leave one of them out",
                at_key=True,
            )


def fail_if_dates_of_touchpoints_are_wrong(d: Draft) -> Iterator[Problem]:
    for path, phase, allocation in _phases(d):
        yield from phase_date_problems(d, path, phase, allocation)


def fail_if_changes_at_touchpoints_overlap(d: Draft) -> Iterator[Problem]:
    if d.file.experience is None or not d.sound("calendar"):
        return
    everywhere = set(d.file.experience.touchpoints)
    for name, allocation in d.file.allocations.items():
        for (_, a), (i, b) in combinations(enumerate(allocation.experience or ()), 2):
            both = set(a.quality) & set(b.quality) | _owned(a, everywhere) & _owned(b, everywhere)
            if both and overlap(d, allocation, a, b):
                yield two_at_a_time(d, ("allocations", name, "experience", i), sorted(both))


def _owned(phase: ExperiencePhase, everywhere: set[str]) -> set[str]:
    """The touchpoints whose owner a phase states."""
    return everywhere if phase.owner is not None else set(phase.owners)
