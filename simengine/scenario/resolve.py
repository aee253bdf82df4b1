"""What a person wrote, with dates turned into periods and copies into spend. The rules have passed before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from simengine.scenario.allocation import (
    Allocation,
    AllocationText,
    Design,
    DesignPhase,
    Funding,
    Phase,
    targets_of,
)
from simengine.scenario.budgets import Board, Budget, Meeting, Spread, Spreading
from simengine.scenario.calendar import Calendar
from simengine.scenario.employees import Employees
from simengine.scenario.experience import Experience, ExperiencePhase, Organisation
from simengine.scenario.initiative import (
    Initiative,
    InitiativeText,
    delayed_initiatives,
    initiative_of,
    that_can_begin,
)
from simengine.scenario.knowledge import Knowledge
from simengine.scenario.lever import Lever, act_on_employees, act_on_knowledge
from simengine.scenario.move import Change, ChangeText, Trigger
from simengine.scenario.yaml_source import Path

Phased = Phase | Budget | DesignPhase | ExperiencePhase
Resolved = TypeVar("Resolved", Funding, Spreading, Meeting, Design, Organisation)
Acting = Callable[[str], tuple[str, ...]]  # the segments in which a lever can act


def span(calendar: Calendar, first: str | None, last: str | None) -> tuple[int, int]:
    """The periods start <= t < end from `first` to the end of `last`; the whole calendar where unsaid."""
    start = 0 if first is None else calendar.index(first)
    end = calendar.periods if last is None else calendar.last_index(last) + 1
    return start, end


def own_fundings(calendar: Calendar, allocation: AllocationText, path: Path) -> dict[str, tuple[Funding, ...]]:
    """Spend that the allocation at `path` states itself, by lever."""

    def funding(phase: Phase, at: Path) -> Funding:
        start, end = phase_span(calendar, phase, allocation)
        return Funding(start=start, end=end, path=at, dated=at, amounts=dict(sorted(phase.amounts.items())))

    return {
        lever: tuple(funding(phase, (*path, lever, i)) for i, phase in enumerate(phases) if phase.amounts)
        for lever, phases in allocation.levers.items()
    }


def own_spreads(calendar: Calendar, allocation: AllocationText, acting: Acting, path: Path) -> tuple[Spreading, ...]:
    """Budgets that the allocation at `path` spreads itself."""
    return tuple(
        _spreading(spread, phase_span(calendar, spread, allocation), acting, (*path, "spread", i))
        for i, spread in enumerate(allocation.spread)
    )


def own_boards(calendar: Calendar, allocation: AllocationText, acting: Acting, path: Path) -> tuple[Meeting, ...]:
    """Budgets that boards spread, as the allocation at `path` states itself."""

    def meeting(board: Board, at: Path) -> Meeting:
        spreading = _spreading(board, board_span(calendar, board, allocation), acting, at)
        return Meeting(**vars(spreading), every=board.every)

    return tuple(meeting(board, (*path, "board", i)) for i, board in enumerate(allocation.board))


def _spreading(budget: Spread | Board, span: tuple[int, int], acting: Acting, path: Path) -> Spreading:
    """A budget that is spread over segments in some periods, as stated at `path`."""
    return Spreading(
        start=span[0],
        end=span[1],
        path=path,
        dated=path,
        lever=budget.lever,
        budget=budget.budget,
        by=budget.by,
        segments=tuple(sorted(covered(budget, acting))),
    )


def covered(budget: Budget, acting: Acting) -> set[str]:
    """The segments that a budget is spread over."""
    return set(acting(budget.lever) if budget.segments is None else budget.segments)


def own_designs(calendar: Calendar, allocation: AllocationText, path: Path) -> tuple[Design, ...] | None:
    """Designs that the allocation at `path` states itself; None if it states nothing of them."""
    if allocation.design is None:
        return None

    def design(phase: DesignPhase, at: Path) -> Design:
        start, end = phase_span(calendar, phase, allocation)
        return Design(start=start, end=end, path=at, dated=at, groups=dict(sorted(phase.amounts.items())))

    stated = enumerate(allocation.design)
    return tuple(design(phase, (*path, "design", i)) for i, phase in stated if phase.amounts)


def own_experience(calendar: Calendar, allocation: AllocationText, path: Path) -> tuple[Organisation, ...] | None:
    """What the allocation at `path` itself changes at touchpoints; None if it states nothing of them."""
    if allocation.experience is None:
        return None

    def organisation(phase: ExperiencePhase, at: Path) -> Organisation:
        start, end = phase_span(calendar, phase, allocation)
        return Organisation(
            start=start,
            end=end,
            path=at,
            dated=at,
            owner=phase.owner,
            owners=dict(sorted(phase.owners.items())),
            quality=dict(sorted(phase.quality.items())),
        )

    stated = enumerate(allocation.experience)
    return tuple(organisation(phase, (*path, "experience", i)) for i, phase in stated if phase.changes)


def own_initiatives(calendar: Calendar, allocation: AllocationText, path: Path) -> dict[str, Initiative]:
    """Initiatives that the allocation at `path` states itself."""

    def initiative(name: str, text: InitiativeText) -> Initiative:
        start, _ = span(calendar, text.first or allocation.first, None)
        return initiative_of(text, start, (*path, "initiatives", name))

    return {name: initiative(name, text) for name, text in allocation.initiatives.items() if not text.left_out}


def resolve_experience(experience: Experience | None, needs: tuple[str, ...]) -> Experience | None:
    """Touchpoints in name order, and the needs that they deliver; `needs` are all there are."""
    if experience is None:
        return None
    delivers = needs or None if experience.delivers is None else tuple(sorted(set(experience.delivers)))
    touchpoints = dict(sorted(experience.touchpoints.items()))
    return experience.model_copy(update={"touchpoints": touchpoints, "delivers": delivers})


def resolve_employees(
    employees: Employees | None, levers: Mapping[str, Lever], allocations: Mapping[str, Allocation]
) -> Employees | None:
    """As stated, else as assumed where a lever or an initiative acts on them."""
    return employees or (Employees() if act_on_employees(targets_of(levers, allocations)) else None)


def resolve_knowledge(knowledge: Knowledge | None, levers: Mapping[str, Lever]) -> Knowledge | None:
    """As stated, else as assumed where a lever acts on it."""
    return knowledge or (Knowledge() if act_on_knowledge(levers) else None)


def phase_span(calendar: Calendar, phase: Phased, allocation: AllocationText) -> tuple[int, int]:
    """The periods start <= t < end of a phase; the allocation's dates where it states none."""
    return span(calendar, phase.first or allocation.first, phase.last or allocation.last)


def board_span(calendar: Calendar, board: Board, allocation: AllocationText) -> tuple[int, int]:
    """The periods start <= t < end in which a board's budget is spent: it first meets when it has seen a year."""
    start, end = phase_span(calendar, board, allocation)
    return max(start, calendar.periods_per_year), end


def ancestry(name: str, allocations: Mapping[str, AllocationText]) -> list[str]:
    """The allocation and those it copies, nearest first; stops at an unknown name or at one seen before."""
    chain = [name]
    while (like := allocations[chain[-1]].like) is not None and like in allocations and like not in chain:
        chain.append(like)
    return chain


def delayed(phases: tuple[Resolved, ...], shift: int, periods: int, path: Path = ()) -> tuple[Resolved, ...]:
    """Phases that begin and end so many periods later, as the `shift` at `path` states, without those that would
    begin after the calendar."""
    if not shift:
        return phases
    later = ((phase, phase.start + shift, min(phase.end + shift, periods)) for phase in phases)
    return tuple(replace(phase, start=start, end=end, dated=path) for phase, start, end in later if start < end)


def later(allocation: Allocation, shift: int, periods: int) -> Allocation:
    """The same so many periods later, today's spend until then; what would begin after the calendar falls away."""
    fundings = {lever: delayed(phases, shift, periods) for lever, phases in allocation.fundings.items()}
    return Allocation(
        fundings={lever: phases for lever, phases in fundings.items() if phases},
        spreads=delayed(allocation.spreads, shift, periods),
        boards=delayed(allocation.boards, shift, periods),
        designs=delayed(allocation.designs, shift, periods),
        experience=delayed(allocation.experience, shift, periods),
        initiatives=that_can_begin(delayed_initiatives(allocation.initiatives, shift, periods, ())),
    )


def resolve_allocation(
    name: str, allocations: Mapping[str, AllocationText], calendar: Calendar, acting: Acting
) -> Allocation:
    """`like` copies, `shift` delays what was copied; each lever named afterwards, for a budget too, replaces the copied
    one, `{}` returns it to today; so does each initiative, and so do designs, and changes at touchpoints, all
    together."""
    fundings: dict[str, tuple[Funding, ...]] = {}
    spreads: tuple[Spreading, ...] = ()
    boards: tuple[Meeting, ...] = ()
    designs: tuple[Design, ...] = ()
    experience: tuple[Organisation, ...] = ()
    initiatives: dict[str, Initiative] = {}
    for each in reversed(ancestry(name, allocations)):
        text, path = allocations[each], ("allocations", each)
        named = {*text.levers, *(budget.lever for budget in (*text.spread, *text.board))}
        later = text.shift or 0, calendar.periods, (*path, "shift")
        kept = {lever: delayed(phases, *later) for lever, phases in fundings.items() if lever not in named}
        fundings = kept | own_fundings(calendar, text, path)
        copied = tuple(spread for spread in spreads if spread.lever not in named)
        spreads = delayed(copied, *later) + own_spreads(calendar, text, acting, path)
        sitting = tuple(board for board in boards if board.lever not in named)
        boards = delayed(sitting, *later) + own_boards(calendar, text, acting, path)
        own = own_designs(calendar, text, path)
        designs = delayed(designs, *later) if own is None else own
        changed = own_experience(calendar, text, path)
        experience = delayed(experience, *later) if changed is None else changed
        carried = {name: built for name, built in initiatives.items() if name not in text.initiatives}
        initiatives = delayed_initiatives(carried, *later) | own_initiatives(calendar, text, path)
    fundings = {lever: phases for lever, phases in fundings.items() if phases}
    return Allocation(
        fundings=fundings,
        spreads=spreads,
        boards=boards,
        designs=designs,
        experience=experience,
        initiatives=that_can_begin(initiatives),
    )


def change_segments(text: ChangeText, all_segments: tuple[str, ...]) -> tuple[str, ...]:
    """Where a change holds: beside `change`, or inside `change` or `set`, or everywhere."""
    for stated in (text.segments, text.change.segments, text.set.segments):
        if stated is not None:
            return tuple(sorted(set(stated)))
    return all_segments


def resolve_change(
    text: ChangeText, all_segments: tuple[str, ...], calendar: Calendar, name: str, path: Path
) -> Change:
    """`name` is that by which its luck is addressed, `path` where it is stated."""
    scheduled = span(calendar, text.at, text.until) if text.at is not None else (calendar.periods, calendar.periods)
    return Change(
        who=text.who,
        start=scheduled[0],
        end=scheduled[1],
        change=dict(sorted(text.change.amounts.items())),
        set=dict(sorted(text.set.amounts.items())),
        segments=change_segments(text, all_segments),
        like=text.like,
        trigger=Trigger(text.when, text.detect, text.respond) if text.when is not None else None,
        arrival=text.arrival,
        lasts=text.lasts,
        repeatedly=text.repeat == "repeatedly",
        size=text.size,
        name=name,
        path=path,
    )
