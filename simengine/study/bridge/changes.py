"""What one allocation changes against another, one by one, and allocations in which only some of it is changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from itertools import groupby
from typing import TypeVar

from simengine.scenario.allocation import Allocation, Design, Funding, Groups
from simengine.scenario.budgets import Meeting
from simengine.scenario.experience import Organisation
from simengine.scenario.initiative import that_can_begin
from simengine.scenario.model import Scenario
from simengine.scenario.problems import counted, listed
from simengine.scenario.units import write_number

BOARD, DESIGN, EXPERIENCE, INITIATIVES = "board", "design", "experience", "initiatives"
OWNERS, QUALITY = "owners", "quality"
Place = tuple[str, ...]
Wanted = Callable[[Place], bool]
T = TypeVar("T")


@dataclass(frozen=True)
class Change:
    """What is made or left as one; whatever an allocation states of it for whatever periods."""

    place: Place  # a lever and a segment, `board` and a lever, `design` and a segment, ..., as allocations state it
    before: str  # in words
    after: str
    names: tuple[str, ...] = ()  # of the initiatives that it is about

    @property
    def label(self) -> str:
        """`advisers › affluent`."""
        return " › ".join(self.place)


def changes_between(scenario: Scenario, before: Allocation, after: Allocation) -> tuple[Change, ...]:
    """Everything that two allocations, whose budgets are spread, do not do alike: money by lever and segment, a board,
    the design in a segment, who answers for touchpoints, the quality of each, each initiative. What is stated in other
    words, as today's spend that is named, is no change. Initiatives that would wait for each other if only some came
    from one allocation are one change.
    """
    return tuple(_Pair(scenario, before, after).all())


def mixed(before: Allocation, after: Allocation, made: Collection[Change]) -> Allocation:
    """`before` with some of the changes to `after` made. Initiatives that come after one that is not there are not
    begun: they are left out."""
    places = {change.place for change in made}
    names = {name for change in made for name in change.names}

    def is_made(place: Place) -> bool:
        return place in places or (BOARD, place[0]) in places

    def is_left(place: Place) -> bool:
        return not is_made(place)

    parts = ((before, is_left), (after, is_made))
    initiatives = {name: each for name, each in before.initiatives.items() if name not in names}
    initiatives |= {name: each for name, each in after.initiatives.items() if name in names}
    levers = dict.fromkeys((*before.fundings, *after.fundings))
    fundings = {lever: tuple(each for part in parts for each in _fundings(lever, *part)) for lever in levers}
    return replace(
        before,
        fundings={lever: phases for lever, phases in fundings.items() if phases},
        boards=tuple(each for side, wanted in parts for each in side.boards if wanted((each.lever,))),
        designs=tuple(each for part in parts for each in _designs(*part)),
        experience=tuple(each for part in parts for each in _organisations(*part)),
        initiatives=that_can_begin(initiatives),
    )


def _fundings(lever: str, allocation: Allocation, wanted: Wanted) -> Iterator[Funding]:
    for funding in allocation.fundings.get(lever, ()):
        if amounts := {segment: money for segment, money in funding.amounts.items() if wanted((lever, segment))}:
            yield replace(funding, amounts=amounts)


def _designs(allocation: Allocation, wanted: Wanted) -> Iterator[Design]:
    for design in allocation.designs:
        if groups := {segment: each for segment, each in design.groups.items() if wanted((DESIGN, segment))}:
            yield replace(design, groups=groups)


def _organisations(allocation: Allocation, wanted: Wanted) -> Iterator[Organisation]:
    for each in allocation.experience:
        owners = wanted((EXPERIENCE, OWNERS))
        kept = replace(
            each,
            owner=each.owner if owners else None,
            owners=each.owners if owners else {},
            quality={name: q for name, q in each.quality.items() if wanted((EXPERIENCE, QUALITY, name))},
        )
        if kept.owner or kept.owners or kept.quality:
            yield kept


class _Pair:
    def __init__(self, scenario: Scenario, before: Allocation, after: Allocation) -> None:
        self._scenario, self._sides = scenario, (before, after)
        self._periods = range(scenario.calendar.periods)

    def all(self) -> Iterator[Change]:
        for lever in self._scenario.levers:
            yield from self._lever(lever)
        for segment in self._scenario.segments:

            def groups(side: Allocation, t: int, segment: str = segment) -> Groups | None:
                return side.design(segment, t)

            yield from self._change((DESIGN, segment), groups, _design_said)
        if self._scenario.experience is not None:
            yield from self._experience()
        yield from self._initiatives()

    def _lever(self, lever: str) -> Iterator[Change]:
        boards = [tuple(each for each in side.boards if each.lever == lever) for side in self._sides]
        if any(boards):
            spent = [[side.stated(lever, t) for t in self._periods] for side in self._sides]
            if boards[0] != boards[1] or spent[0] != spent[1]:
                before, after = (self._budget_said(lever, *each) for each in zip(self._sides, boards, strict=True))
                yield Change((BOARD, lever), before, after)
            return
        today = self._scenario.levers[lever].today
        for segment in self._scenario.segments:

            def money(side: Allocation, t: int, segment: str = segment) -> float:
                return side.stated(lever, t).get(segment, today.get(segment, 0.0))

            yield from self._change((lever, segment), money, _money_said)

    def _experience(self) -> Iterator[Change]:
        assert self._scenario.experience is not None
        today = self._scenario.experience.touchpoints

        def owners(side: Allocation, t: int) -> tuple[str, ...]:
            return tuple(each.owner for each in side.touchpoints(today, t).values())

        def said(found: tuple[str, ...]) -> str:
            names = sorted(set(found))
            return names[0] if len(names) == 1 else counted(len(names), "owner")

        yield from self._change((EXPERIENCE, OWNERS), owners, said)
        for name in today:

            def quality(side: Allocation, t: int, name: str = name) -> float:
                return side.touchpoints(today, t)[name].quality

            yield from self._change((EXPERIENCE, QUALITY, name), quality, lambda q: f"{q:.10g}")

    def _initiatives(self) -> Iterator[Change]:
        before, after = (side.initiatives for side in self._sides)
        changed = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
        needed = {name: {n for side in (before, after) if name in side for n in side[name].after} for name in changed}
        try:
            TopologicalSorter(needed).prepare()
            apart = [[name] for name in changed]
        except CycleError:
            apart = [changed]
        for names in apart:
            there, then = self._initiatives_said(names, before, after), self._initiatives_said(names, after, before)
            yield Change((INITIATIVES, listed(names, "and")), there, then, tuple(names))

    def _initiatives_said(self, names: Sequence[str], side: Collection[str], other: Collection[str]) -> str:
        there = [name for name in names if name in side]
        if not there:
            return "not built"
        return "as stated" if any(name in other for name in there) else "built"

    def _change(self, place: Place, of: Callable[[Allocation, int], T], said: Callable[[T], str]) -> Iterator[Change]:
        before, after = ([of(side, t) for t in self._periods] for side in self._sides)
        if before != after:
            yield Change(place, self._told(list(map(said, before))), self._told(list(map(said, after))))

    def _told(self, path: Sequence[str]) -> str:
        """`4M`; of what changes over time `4M, 9M from 2027-Q3`."""
        phases = [(text, next(iter(periods))) for text, periods in groupby(range(len(path)), path.__getitem__)]
        labels = self._scenario.calendar.labels
        return ", ".join(text if at == 0 else f"{text} from {labels[at]}" for text, at in phases)

    def _budget_said(self, lever: str, side: Allocation, boards: Sequence[Meeting]) -> str:
        if boards:
            return ", ".join(f"{_money_said(each.budget)} by {each.by}" for each in boards)
        return "as stated" if side.fundings.get(lever) else "today's spend"


def _money_said(amount: float) -> str:
    return write_number(float(f"{amount:.6g}"), large=True)


def _design_said(groups: Groups | None) -> str:
    return "one design" if groups is None else counted(groups.groups, "group")
