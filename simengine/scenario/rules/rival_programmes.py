"""Programmes of ours that rivals run: known ones, of levers that rivals have, where their size is known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from simengine.scenario.allocation import Allocation
from simengine.scenario.draft import Draft
from simengine.scenario.employees import EMPLOYEE_TARGETS
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.resolve import change_segments, resolve_allocation
from simengine.scenario.rules.levers import acting_segments
from simengine.scenario.rules.moves import changes_of
from simengine.scenario.suppliers import choice_segments, rivals_of

if TYPE_CHECKING:
    from simengine.scenario.lever import Lever
    from simengine.scenario.model import Scenario
    from simengine.scenario.move import ChangeText
    from simengine.scenario.yaml_source import Path

OURS_ALONE = ("inertia", *EMPLOYEE_TARGETS)  # targets that are known of us only


def _programmes(d: Draft) -> Iterator[tuple[Path, ChangeText, str]]:
    """(path, what a rival does, the allocation that it is like)."""
    for path, change in changes_of(d):
        if change.like is not None:
            yield (*path, "like"), change, change.like


def fail_if_an_unknown_programme_is_run(d: Draft) -> Iterator[Problem]:
    known = d.names("allocations")
    for path, change, like in _programmes(d):
        if change.who is None:
            yield d.source.problem(
                path,
                found="`like` without `who`",
                expected="a rival that runs the programme",
                suggestion="state `who`",
                at_key=True,
            )
        if like not in known and d.knows("allocations"):
            yield d.source.problem(
                path, expected=f"one of the allocations {listed(known)}", suggestion=did_you_mean(like, known)
            )


def fail_if_a_rival_cannot_run_a_programme(d: Draft) -> Iterator[Problem]:
    if not all(d.sound(block) for block in ("calendar", "levers", "allocations")):
        return
    rivals = rivals_of(d)
    for path, change, like in _programmes(d):
        if change.who not in rivals:
            continue  # told by the rules on who moves
        where = {
            name: segment
            for name, segment in choice_segments(d).items()
            if change.who in segment.available and name in change_segments(change, tuple(d.file.segments))
        }
        if like not in d.file.allocations or not where:
            continue
        try:
            allocation = resolve_allocation(like, d.file.allocations, d.file.calendar, partial(acting_segments, d))
        except ValueError:
            continue  # told by the rule on dates
        refused = beyond_rivals(allocation, d.file.levers, where)
        if refused:
            yield d.source.problem(
                path,
                found=f"`{like}`, with {listed(refused, 'and')}",
                expected="a programme of what is known of rivals: needs, price, acquisition, wallet, cost_to_serve and "
                "designs",
                suggestion=f"name an allocation without it: {{like: {like}, {', '.join(refused.values())}}}",
            )
        for name, segment in where.items():
            if segment.shares is None:
                yield d.source.problem(
                    path,
                    found=f"`{like}` in `{name}`, where the shares of today are not stated",
                    expected="shares, by which its spend is scaled: a rival's customers over ours",
                    suggestion=f"state segments.{name}.shares in place of constants, or the `segments` of the move",
                )


def beyond_rivals(allocation: Allocation, levers: Mapping[str, Lever], where: Collection[str]) -> dict[str, str]:
    """What of an allocation no rival can run in some segments, each with what to write to leave it out."""
    refused = {
        f"`{outlay.lever}`, which acts on {levers[outlay.lever].target}": f"{outlay.lever}: {{}}"
        for outlay in allocation.outlays()
        if outlay.lever in levers and levers[outlay.lever].target in OURS_ALONE and set(where) & set(outlay.segments)
    }
    for lever in dict.fromkeys(board.lever for board in allocation.boards if set(where) & set(board.segments)):
        refused[f"a board for `{lever}`, which answers what it sees of us"] = f"{lever}: {{}}"
    if allocation.experience:
        refused["our touchpoints"] = "experience: {}"
    if allocation.initiatives:
        left_out = ", ".join(f"{each}: {{}}" for each in allocation.initiatives)
        refused["our initiatives"] = f"initiatives: {{{left_out}}}"
    return refused


def warn_if_a_rival_runs_the_programme_of_today(scenario: Scenario) -> Iterator[Problem]:
    for path, change in scenario.changes:
        if change.like is None:
            continue
        allocation = scenario.allocations[change.like]
        if not _differs(allocation, scenario.levers, change.segments):
            yield scenario.problem(
                (*path, "like"),
                f"`{change.like}`, which is as today in {listed(map('`{}`'.format, change.segments), 'and')}",
                "a programme that spends something else than today",
                "name another allocation, or leave it out",
            )


def _differs(allocation: Allocation, levers: dict[str, Lever], segments: tuple[str, ...]) -> bool:
    """Whether an allocation does anything else than today in some of the segments."""
    stated = any(
        len(outlay.segments) > 1 or outlay.money != levers[outlay.lever].today.get(outlay.segments[0], 0.0)
        for outlay in allocation.outlays()
        if set(segments) & set(outlay.segments)
    )
    return stated or any(set(segments) & set(design.groups) for design in allocation.designs)
