"""Initiatives: known names, teams enough, an end to waiting, effects where they can act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simengine.scenario.allocation import AllocationText
from simengine.scenario.draft import Draft
from simengine.scenario.initiative import InitiativeText
from simengine.scenario.lever import CONVERT, TARGETS
from simengine.scenario.problems import Problem, counted, did_you_mean, listed
from simengine.scenario.resolve import ancestry
from simengine.scenario.rules.dates import date_problems
from simengine.scenario.rules.levers import idle_target, out_of_range, unknown_target
from simengine.scenario.rules.offers import unknown_segment
from simengine.scenario.rules.segments import CLOSE
from simengine.scenario.suppliers import segments
from simengine.scenario.units import percent
from simengine.scenario.yaml_source import Path

Named = dict[str, tuple[Path, InitiativeText]]


def _stated(d: Draft) -> Iterator[tuple[Path, InitiativeText, AllocationText]]:
    """(path, initiative, allocation) of all that are stated."""
    for name, allocation in d.file.allocations.items():
        for initiative, text in allocation.initiatives.items():
            yield ("allocations", name, "initiatives", initiative), text, allocation


def _carried_out(d: Draft, allocation: str) -> Named:
    """The initiatives of an allocation, copied ones too, and where each is stated."""
    initiatives: Named = {}
    for name in reversed(ancestry(allocation, d.file.allocations)):
        own = d.file.allocations[name].initiatives
        initiatives = {each: stated for each, stated in initiatives.items() if each not in own}
        initiatives |= {
            each: (path, text)
            for each, text in own.items()
            if not _left_out(d, path := ("allocations", name, "initiatives", each))
        }
    return initiatives


def _left_out(d: Draft, path: Path) -> bool:
    """Whether nothing is said of an initiative, so that one that is copied is left out."""
    return not d.written(*map(str, path))


def fail_if_an_initiative_has_no_duration(d: Draft) -> Iterator[Problem]:
    for path, text, _ in _stated(d):
        if text.duration is None and not _left_out(d, path):
            yield d.source.problem(
                path,
                found="no `duration`",
                expected="periods from its start to its completion",
                suggestion="state duration: 6, or {triangular: [3, 5, 12]}; {} leaves out one that is copied",
                at_key=True,
            )


def fail_if_an_initiative_is_left_out_that_is_not_copied(d: Draft) -> Iterator[Problem]:
    for path, _, allocation in _stated(d):
        if _left_out(d, path) and allocation.like is None:
            yield d.source.problem(
                path,
                found="nothing",
                expected="{cost, duration, teams, effect}: only one that is copied by `like` is left out by {}",
                suggestion="state a duration, or leave it out",
            )


def fail_if_an_initiative_needs_more_teams_than_there_are(d: Draft) -> Iterator[Problem]:
    if d.file.delivery is None:
        return
    teams = d.file.delivery.teams
    for path, text, _ in _stated(d):
        if text.teams > teams:
            yield d.source.problem(
                (*path, "teams"),
                found=counted(text.teams, "team"),
                expected=f"at most {teams:,}: all that delivery.teams says there are",
                suggestion="state more under delivery, or let it take longer with fewer",
            )


def fail_if_an_initiative_comes_after_an_unknown_one(d: Draft) -> Iterator[Problem]:
    for allocation in d.file.allocations:
        initiatives = _carried_out(d, allocation)
        for name, (path, text) in initiatives.items():
            for i, other in enumerate(text.after or ()):
                if other not in initiatives and path[1] == allocation:
                    known = [each for each in initiatives if each != name]
                    yield d.source.problem(
                        (*path, "after", i),
                        expected=f"another initiative of `{allocation}`: {listed(known) or 'it has none'}",
                        suggestion=did_you_mean(other, known, otherwise="state it beside this one, or leave it out"),
                    )


def fail_if_an_initiative_is_left_out_that_others_come_after(d: Draft) -> Iterator[Problem]:
    for path, _, _ in _stated(d):
        allocation, name = str(path[1]), path[-1]
        waiting = [
            other
            for other, (where, each) in _carried_out(d, allocation).items()
            if name in (each.after or ()) and where[1] != allocation
        ]
        if _left_out(d, path) and waiting:
            others = listed([f"`{other}`" for other in waiting], "and")
            yield d.source.problem(
                path,
                found=f"`{name}` left out, and not {others} after it",
                expected="initiatives that do not come after one that is left out",
                suggestion=f"add {', '.join(f'{other}: {{}}' for other in waiting)}",
                at_key=True,
            )


def fail_if_initiatives_wait_for_each_other(d: Draft) -> Iterator[Problem]:
    told: set[frozenset[Path]] = set()
    for allocation in d.file.allocations:
        initiatives = _carried_out(d, allocation)
        for circle in _circles({name: text.after or () for name, (_, text) in initiatives.items()}):
            paths = frozenset(initiatives[each][0] for each in circle)
            if paths not in told:
                told.add(paths)
                yield d.source.problem(
                    (*initiatives[circle[0]][0], "after"),
                    found=f"a circle: {' waits for '.join(f'`{each}`' for each in [*circle, circle[0]])}",
                    expected="initiatives of which one can begin",
                    suggestion="take one `after` out",
                    at_key=True,
                )


def _circles(after: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Each circle of initiatives that wait for one another, once, from the first by name."""
    done: set[str] = set()
    for start in sorted(after):
        chain = [start]
        while chain and start not in done:
            ahead = [each for each in after[chain[-1]] if each in after and each not in done]
            if not ahead:
                done.add(chain.pop())
            elif ahead[0] in chain:
                circle = chain[chain.index(ahead[0]) :]
                done.update(chain)
                first = circle.index(min(circle))
                yield circle[first:] + circle[:first]
            else:
                chain.append(ahead[0])


def fail_if_segments_of_an_initiative_are_unknown(d: Draft) -> Iterator[Problem]:
    for path, text, _ in _stated(d):
        for segment in text.segments or ():
            if segment not in d.names("segments") and d.knows("segments"):
                yield unknown_segment(d, _segment_path(d, path, segment), segment)


def fail_if_shares_of_a_cost_do_not_sum_to_one(d: Draft) -> Iterator[Problem]:
    for path, text, _ in _stated(d):
        total = sum((text.segments or {}).values())
        if text.segments and abs(total - 1) > CLOSE:
            yield d.source.problem(
                (*path, "segments"),
                found=f"shares of the cost that sum to {percent(total)}",
                expected="shares that sum to 100%",
                suggestion=f"write [{', '.join(text.segments)}] for equal shares",
                at_key=True,
            )


def fail_if_effects_of_an_initiative_are_not_possible(d: Draft) -> Iterator[Problem]:
    targets = [target for target in TARGETS if target != CONVERT]
    for path, text, _ in _stated(d):
        for target, change in text.effect.items():
            at = (*path, "effect", target)
            unknown = list(unknown_target(d, at, target, targets, key=True))
            yield from unknown
            yield from out_of_range(d, at, target, change)
            if unknown or not d.sound("needs") or not d.sound("segments"):
                continue
            reasons = {name: idle_target(d, target, name) for name in text.segments or segments(d)}
            idle = {name: reason for name, reason in reasons.items() if reason}
            if idle and (text.segments or len(idle) == len(reasons)):
                where = listed([f"`{name}`" for name in idle], "and")
                yield d.source.problem(
                    at,
                    found=f"an effect on {target} in {where}",
                    expected="an effect where it can act",
                    suggestion=next(iter(idle.values())),
                    at_key=True,
                )


def fail_if_dates_of_initiatives_are_wrong(d: Draft) -> Iterator[Problem]:
    for path, text, _ in _stated(d):
        yield from date_problems(d, path, ("from", text.first), ("until", None))


def _segment_path(d: Draft, path: Path, segment: str) -> Path:
    """Where a segment of an initiative is named: in a list, or as a key."""
    written = d.source.at(d.source.nearest((*path, "segments")))
    step = written.index(segment) if isinstance(written, list) and segment in written else segment
    return (*path, "segments", step)
