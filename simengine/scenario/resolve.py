"""What a person wrote, with dates turned into periods and copies into spend. The rules have passed before."""

from __future__ import annotations

from collections.abc import Mapping

from simengine.scenario.allocation import Allocation, AllocationText, Funding
from simengine.scenario.calendar import Calendar
from simengine.scenario.move import Change, ChangeText


def span(calendar: Calendar, first: str | None, last: str | None) -> tuple[int, int]:
    """The periods start <= t < end from `first` to the end of `last`; the whole calendar where unsaid."""
    start = 0 if first is None else calendar.index(first)
    end = calendar.periods if last is None else calendar.last_index(last) + 1
    return start, end


def own_fundings(calendar: Calendar, allocation: AllocationText) -> dict[str, tuple[Funding, ...]]:
    """Spend that an allocation states itself, by lever."""
    fundings = {}
    for lever, phases in allocation.levers.items():
        found = []
        for phase in phases:
            start, end = span(calendar, phase.first or allocation.first, phase.last or allocation.last)
            if phase.amounts:
                found.append(Funding(start=start, end=end, amounts=dict(sorted(phase.amounts.items()))))
        fundings[lever] = tuple(found)
    return fundings


def ancestry(name: str, allocations: Mapping[str, AllocationText]) -> list[str]:
    """The allocation and those it copies, nearest first; stops at an unknown name or at one seen before."""
    chain = [name]
    while (like := allocations[chain[-1]].like) is not None and like in allocations and like not in chain:
        chain.append(like)
    return chain


def delayed(phases: tuple[Funding, ...], shift: int, periods: int) -> tuple[Funding, ...]:
    """Phases that begin and end so many periods later, without those that would begin after the calendar."""
    later = ((phase, phase.start + shift, min(phase.end + shift, periods)) for phase in phases)
    return tuple(phase.model_copy(update={"start": start, "end": end}) for phase, start, end in later if start < end)


def resolve_allocation(name: str, allocations: Mapping[str, AllocationText], calendar: Calendar) -> Allocation:
    """`like` copies, `shift` delays what was copied; each lever named afterwards replaces the copied one, `{}` returns
    it to today."""
    fundings: dict[str, tuple[Funding, ...]] = {}
    for each in reversed(ancestry(name, allocations)):
        shift = allocations[each].shift or 0
        copied = {lever: delayed(phases, shift, calendar.periods) for lever, phases in fundings.items()}
        fundings = copied | own_fundings(calendar, allocations[each])
    return Allocation(fundings={lever: phases for lever, phases in fundings.items() if phases})


def change_segments(text: ChangeText, all_segments: tuple[str, ...]) -> tuple[str, ...]:
    """Where a change holds: beside `change`, or inside `change` or `set`, or everywhere."""
    for stated in (text.segments, text.change.segments, text.set.segments):
        if stated is not None:
            return tuple(sorted(set(stated)))
    return all_segments


def resolve_change(text: ChangeText, all_segments: tuple[str, ...], calendar: Calendar) -> Change:
    start, end = span(calendar, text.at, text.until)
    return Change(
        who=text.who,
        start=start,
        end=end,
        change=dict(sorted(text.change.amounts.items())),
        set=dict(sorted(text.set.amounts.items())),
        segments=change_segments(text, all_segments),
    )
