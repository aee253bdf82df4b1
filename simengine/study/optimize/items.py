"""What money may be spent on: a lever in a segment, in a phase; and allocations that spend it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.scenario.allocation import Allocation, Funding
from simengine.scenario.lever import Adbudg
from simengine.scenario.model import Scenario
from simengine.tables.programmes import spend_path

Floats = NDArray[np.float64]


class Place(NamedTuple):
    """A lever in a segment."""

    lever: str
    segment: str

    def __str__(self) -> str:
        return f"{self.lever}.{self.segment}"


class Phase(NamedTuple):
    """The periods start <= t < end in which spend is the same."""

    start: int
    end: int
    label: str  # of its first period


@dataclass(frozen=True)
class Items:
    """What an optimum decides, n = places x phases amounts of money a year, phases varying fastest; and what it leaves.

    `base` is the allocation that all else is of: what it spends elsewhere (budgets settled), its designs, experience
    and initiatives.
    """

    base: Allocation
    places: tuple[Place, ...]
    phases: tuple[Phase, ...]
    kept: Mapping[Place, tuple[float, ...]]  # money a year in each period of what is left as `base` has it

    def __len__(self) -> int:
        return len(self.places) * len(self.phases)

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """Those that are decided in some segment, in name order."""
        return tuple(sorted({place.lever for place in self.places}))

    def at(self, place: int, phase: int) -> int:
        """Index of an item."""
        return place * len(self.phases) + phase

    def name(self, item: int) -> str:
        """`advisers.affluent`; with the phase's first period where there are several: `advisers.affluent@2029`."""
        place, phase = divmod(item, len(self.phases))
        when = f"@{self.phases[phase].label}" if len(self.phases) > 1 else ""
        return f"{self.places[place]}{when}"

    def kept_in(self, phase: Phase) -> float:
        """The most that is spent in a period of the phase on what is not decided, money a year."""
        return max(sum(path[t] for path in self.kept.values()) for t in range(phase.start, phase.end))

    def total(self, amounts: Floats, phase: int) -> float:
        """All that is spent in a phase, money a year."""
        return float(amounts[phase :: len(self.phases)].sum()) + self.kept_in(self.phases[phase])

    def allocation(self, amounts: Floats, initiatives: Allocation | None = None) -> Allocation:
        """The allocation that spends `amounts` [n]; of another's `initiatives`, if given."""
        fundings = {lever: phases for lever, phases in self.base.fundings.items() if lever not in self.levers}
        for lever in self.levers:
            fundings[lever] = tuple(self._fundings(lever, amounts))
        return replace(
            self.base,
            fundings=fundings,
            boards=tuple(each for each in self.base.boards if each.lever not in self.levers),
            initiatives=(initiatives or self.base).initiatives,
        )

    def _fundings(self, lever: str, amounts: Floats) -> list[Funding]:
        decided = {place.segment: p for p, place in enumerate(self.places) if place.lever == lever}
        found = []
        for funding in self.base.fundings.get(lever, ()):
            for start, end, which in self._around(funding, decided):
                found.append(replace(funding, start=start, end=end, amounts=which))
        where = ("levers", lever)
        for f, phase in enumerate(self.phases):
            spent = {segment: float(amounts[self.at(p, f)]) for segment, p in decided.items()}
            found.append(Funding(start=phase.start, end=phase.end, path=where, dated=where, amounts=spent))
        return sorted(found, key=lambda each: (each.start, each.end))

    def _around(self, funding: Funding, decided: Mapping[str, int]) -> list[tuple[int, int, dict[str, float]]]:
        """What is left of a funding of the base: all of it where it is not decided, elsewhere what comes before."""
        left = {segment: money for segment, money in funding.amounts.items() if segment not in decided}
        early = {segment: money for segment, money in funding.amounts.items() if segment in decided}
        first = self.phases[0].start
        parts = [(funding.start, funding.end, left)] if left else []
        if early and funding.start < first:
            parts.append((funding.start, min(funding.end, first), early))
        return parts

    def amounts_of(self, allocation: Allocation, scenario: Scenario) -> Floats:
        """[n] what another allocation, whose budgets are settled, spends on each item: the mean over the phase."""
        found = np.empty(len(self))
        for p, place in enumerate(self.places):
            path = path_of(allocation, place, scenario)
            for f, phase in enumerate(self.phases):
                found[self.at(p, f)] = sum(path[phase.start : phase.end]) / (phase.end - phase.start)
        return found


def path_of(allocation: Allocation, place: Place, scenario: Scenario) -> list[float]:
    """Money a year in each period."""
    today = scenario.levers[place.lever].today.get(place.segment, 0.0)
    return spend_path(allocation, place.lever, today, place.segment, scenario.calendar.periods)


def fundable(scenario: Scenario) -> tuple[Place, ...]:
    """Every lever in every segment where more money may do something, in name order. An ADBUDG response is relative to
    today's spend: without any, it can state nothing."""
    return tuple(
        Place(lever, segment)
        for lever, stated in scenario.levers.items()
        for segment in scenario.acting.get(lever, ())
        if stated.today.get(segment) or not isinstance(stated.response, Adbudg)
    )


def phases_of(scenario: Scenario, starts: Sequence[int]) -> tuple[Phase, ...]:
    """Phases that begin in the periods `starts`, rising; the last goes on to the end."""
    ends = [*starts[1:], scenario.calendar.periods]
    return tuple(Phase(start, end, scenario.calendar.labels[start]) for start, end in zip(starts, ends, strict=True))


def items_of(scenario: Scenario, base: Allocation, fixed: Sequence[Place], starts: Sequence[int]) -> Items:
    """What is to be decided: all that can be funded, but what is `fixed` as `base` (budgets settled) has it."""
    places = tuple(place for place in fundable(scenario) if place not in fixed)
    spent = {
        Place(lever, segment)
        for lever, stated in scenario.levers.items()
        for segment in (*stated.today, *(s for each in base.fundings.get(lever, ()) for s in each.amounts))
    }
    kept = {place: tuple(path_of(base, place, scenario)) for place in sorted(spent - set(places))}
    decided = {place.lever for place in places}
    for board in base.boards:  # spends its budget, whoever gets it, in place of today's spend
        if board.lever not in decided:
            for segment in board.segments:
                if path := kept.get(Place(board.lever, segment)):
                    kept[Place(board.lever, segment)] = (*path[: board.start], *[0.0] * (len(path) - board.start))
            whole = [board.budget if board.start <= t < board.end else 0.0 for t in range(scenario.calendar.periods)]
            kept[Place(board.lever, "board")] = tuple(whole)
    return Items(base, places, phases_of(scenario, starts), kept)
