"""Designs for groups of customers: where customers choose among designs, for no more groups than customers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from simengine.scenario.allocation import AllocationText, DesignPhase
from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, counted
from simengine.scenario.rules.allocations import overlap, phase_date_problems, two_at_a_time
from simengine.scenario.rules.offers import unknown_segment
from simengine.scenario.segment import LeavingSegment
from simengine.scenario.suppliers import segments
from simengine.scenario.yaml_source import Path


def _designs(d: Draft) -> Iterator[tuple[Path, DesignPhase, AllocationText]]:
    """(path, phase, allocation) of every phase of designs."""
    for name, allocation in d.file.allocations.items():
        for i, phase in enumerate(allocation.design or ()):
            yield ("allocations", name, "design", i), phase, allocation


def fail_if_a_design_is_for_no_choice_segment(d: Draft) -> Iterator[Problem]:
    for path, phase, _ in _designs(d):
        for name in phase.amounts:
            if name not in d.names("segments"):
                if d.knows("segments"):
                    yield unknown_segment(d, (*path, name), name)
            elif isinstance(segment := segments(d).get(name), LeavingSegment) and d.sound("segments", name):
                yield d.source.problem(
                    (*path, name),
                    found=f"a design for `{name}`",
                    expected="a segment where customers choose",
                    suggestion=f"leave it out: `{name}` is a {segment.dynamics} segment, "
                    "whose customers weigh no needs",
                    at_key=True,
                )


def fail_if_a_design_has_more_groups_than_customers(d: Draft) -> Iterator[Problem]:
    for path, phase, _ in _designs(d):
        for name, stated in phase.amounts.items():
            segment = segments(d).get(name)
            if segment and d.sound("segments", name) and segment.size and stated.groups > segment.size:
                yield d.source.problem(
                    (*path, name, "groups"),
                    found=counted(stated.groups, "group"),
                    expected=f"at most {segment.size:,}: the customers of `{name}`",
                )


def fail_if_dates_of_designs_are_wrong(d: Draft) -> Iterator[Problem]:
    for path, phase, allocation in _designs(d):
        yield from phase_date_problems(d, path, phase, allocation)


def fail_if_designs_overlap(d: Draft) -> Iterator[Problem]:
    if not d.sound("calendar"):
        return
    for name, allocation in d.file.allocations.items():
        for (_, a), (i, b) in combinations(enumerate(allocation.design or ()), 2):
            both = sorted(set(a.amounts) & set(b.amounts))
            if both and overlap(d, allocation, a, b):
                yield two_at_a_time(d, ("allocations", name, "design", i), both)
