"""Allocations: known levers and segments, dates in order, copies that end somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from simengine.scenario.allocation import OWN_KEYS, AllocationText, Phase
from simengine.scenario.draft import Draft
from simengine.scenario.lever import Adbudg
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.resolve import Phased, ancestry, phase_span
from simengine.scenario.rules.dates import date_problems
from simengine.scenario.rules.levers import cannot_act
from simengine.scenario.rules.offers import unknown_segment
from simengine.scenario.yaml_source import Path

Found = tuple[Path, str, Phase, AllocationText]


def _phases(d: Draft) -> Iterator[Found]:
    """(path, lever, phase, allocation) of every phase of spend."""
    for name, allocation in d.file.allocations.items():
        for lever, phases in allocation.levers.items():
            for i, phase in enumerate(phases):
                yield ("allocations", name, lever, i), lever, phase, allocation


def fail_if_an_allocation_copies_an_unknown_one(d: Draft) -> Iterator[Problem]:
    known = d.names("allocations")
    for name, allocation in d.file.allocations.items():
        if allocation.like is not None and allocation.like not in known:
            yield d.source.problem(
                ("allocations", name, "like"),
                expected=f"one of the allocations {listed(known)}",
                suggestion=did_you_mean(allocation.like, [each for each in known if each != name]),
            )


def fail_if_customer_values_are_of_unknown_allocations(d: Draft) -> Iterator[Problem]:
    stated = d.file.simulation.customer_values
    for i, name in enumerate(stated if isinstance(stated, tuple) else ()):
        if name not in d.names("allocations") and d.knows("allocations"):
            yield d.source.problem(
                ("simulation", "customer_values", i),
                expected=f"an allocation: {listed(d.names('allocations'))}",
                suggestion=did_you_mean(name, d.names("allocations")),
            )


def fail_if_copies_go_round_in_circles(d: Draft) -> Iterator[Problem]:
    allocations = d.file.allocations
    told: set[str] = set()
    for name in allocations:
        chain = ancestry(name, allocations)
        if allocations[chain[-1]].like == name and name not in told:
            told.update(chain)
            problems = [
                d.source.problem(
                    ("allocations", each, "like"),
                    found=f"a circle of copies: {' → '.join([*chain, name])}",
                    expected="copies that end at an allocation of its own",
                    suggestion="take one `like` out",
                )
                for each in chain
            ]
            first = problems[0]
            yield replace(first, see=tuple(p.line for p in problems if p.file == first.file and p.line != first.line))


def fail_if_nothing_is_shifted(d: Draft) -> Iterator[Problem]:
    for name, allocation in d.file.allocations.items():
        if allocation.shift is not None and allocation.like is None:
            yield d.source.problem(
                ("allocations", name, "shift"),
                found="`shift` without `like`",
                expected="the allocation that is copied and begins later",
                suggestion="add like: <allocation>, or state `from` instead",
                at_key=True,
            )


def fail_if_an_allocation_funds_what_is_unknown(d: Draft) -> Iterator[Problem]:
    levers = d.names("levers")
    for name, allocation in d.file.allocations.items():
        for lever in allocation.levers:
            if lever not in levers and d.knows("levers"):
                yield d.source.problem(
                    ("allocations", name, lever),
                    found=f"the unknown lever `{lever}`",
                    at_key=True,
                    expected=listed([*levers, *OWN_KEYS]),
                    suggestion=did_you_mean(lever, [*levers, *OWN_KEYS], otherwise="describe it under levers"),
                )
    for path, _, phase, _ in _phases(d):
        for segment in phase.amounts:
            if segment not in d.names("segments") and d.knows("segments"):
                yield unknown_segment(d, (*path, segment), segment)


def fail_if_a_lever_cannot_act_where_it_is_funded(d: Draft) -> Iterator[Problem]:
    for path, name, phase, _ in _phases(d):
        lever = d.file.levers.get(name)
        for segment in phase.amounts if lever else ():
            if lever and (reason := cannot_act(d, lever, segment)):
                yield d.source.problem(
                    (*path, segment),
                    found=f"spend on {lever.target} in `{segment}`",
                    expected="spend where it can act",
                    suggestion=reason,
                    at_key=True,
                )


def fail_if_adbudg_has_no_spend_today(d: Draft) -> Iterator[Problem]:
    """Its answers are relative to today's spend."""
    for path, name, phase, _ in _phases(d):
        lever = d.file.levers.get(name)
        if lever is None or not isinstance(lever.response, Adbudg):
            continue
        for segment in phase.amounts:
            if segment in d.names("segments") and lever.today.get(segment, 0) == 0:
                yield d.source.problem(
                    (*path, segment),
                    found=f"spend on `{name}` in `{segment}`, where today's spend is 0",
                    expected="spend today above 0 for an adbudg response",
                    at_key=True,
                    suggestion=f"state levers.{name}.today.{segment}, or use hill",
                )


def fail_if_allocation_dates_are_wrong(d: Draft) -> Iterator[Problem]:
    for name, allocation in d.file.allocations.items():
        path = ("allocations", name)
        yield from date_problems(d, path, ("from", allocation.first), ("until", allocation.last))
        budgets = (*allocation.spread, *allocation.board)
        dated = (allocation.levers, budgets, allocation.design, allocation.experience, allocation.initiatives)
        if (allocation.first or allocation.last) and not any(dated):
            yield d.source.problem(
                (*path, "from" if allocation.first else "until"),
                found="dates without a lever",
                expected="levers that these dates are for",
                at_key=True,
                suggestion="name the levers again: copied ones keep their own dates",
            )
    for at, _, phase, allocation in _phases(d):
        yield from phase_date_problems(d, at, phase, allocation)


def phase_date_problems(d: Draft, path: Path, phase: Phased, allocation: AllocationText) -> Iterator[Problem]:
    """What is wrong with the dates of a phase, which are its allocation's where it states none."""
    if phase.first or phase.last:
        first, last = phase.first or allocation.first, phase.last or allocation.last
        yield from date_problems(d, path, ("from", first), ("until", last))


def fail_if_phases_overlap(d: Draft) -> Iterator[Problem]:
    if not d.sound("calendar"):
        return
    for name, allocation in d.file.allocations.items():
        for lever, phases in allocation.levers.items():
            for (_, a), (i, b) in combinations(enumerate(phases), 2):
                both = sorted(set(a.amounts) & set(b.amounts))
                if both and overlap(d, allocation, a, b):
                    yield two_at_a_time(d, ("allocations", name, lever, i), both)


def two_at_a_time(d: Draft, path: Path, segments: Iterable[str]) -> Problem:
    return d.source.problem(
        path,
        found=f"two phases at the same time for {listed(segments, 'and')}",
        expected="phases one after the other",
        suggestion="end the first with `until`",
        at_key=True,
    )


def overlap(d: Draft, allocation: AllocationText, *phases: Phased) -> bool:
    """Whether phases of an allocation have a period in common."""
    try:
        spans = [phase_span(d.file.calendar, phase, allocation) for phase in phases]
    except ValueError:
        return False  # told by the rule on dates
    return max(start for start, _ in spans) < min(end for _, end in spans)
