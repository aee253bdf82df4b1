"""Allocations: what is spent, on which lever, for which segment, when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, ConfigDict, Field

from simengine.scenario.budgets import Boards, Meeting, Spreading, Spreads
from simengine.scenario.calendar import Period
from simengine.scenario.experience import ExperiencedTouchpoint, ExperiencePhases, Organisation
from simengine.scenario.fields import Model, Number, Spend, Text
from simengine.scenario.initiative import Initiative, InitiativeText
from simengine.scenario.lever import Lever
from simengine.scenario.phases import Dated, as_list
from simengine.scenario.yaml_source import Path

InitiativeName = Annotated[str, Field(strict=True, min_length=1, description="the name of an initiative")]


class Phase(Model):
    """Spend on one lever, {segment: money a year}, within some periods."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Spend]
    """{segment: money a year}: the total spent there, not the increment. Example: `12M`."""
    first: Period | None = Field(None, alias="from")
    """First period of this spend; before it, today's spend is kept. Example: `2027-Q3`."""
    last: Period | None = Field(None, alias="until")
    """Last period of this spend; after it, today's spend returns. Example: `2029-Q2`."""

    @property
    def amounts(self) -> dict[str, float]:
        """Money a year by segment: the total, not the increment."""
        return self.__pydantic_extra__


class Groups(Model):
    """A design of our offer for groups of customers within a segment: each customer gets that of the nearest group."""

    groups: Annotated[int, Number("a number of groups", minimum=1, maximum=1000, whole=True)]
    """How many groups; 1 is today's design for the mean customer. Example: `8`."""
    cost_per_group: Spend
    """What it costs to keep up a group's design, money a year. Example: `250k`."""


class DesignPhase(Model):
    """Designs {segment: {groups, cost_per_group}} within some periods."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Groups]
    """{segment: {groups, cost_per_group}}: how finely the offer is designed there. Example: `{groups: 8,
    cost_per_group: 250k}`."""
    first: Period | None = Field(None, alias="from")
    """First period of these designs; before it there is one design a segment. Example: `2027-Q3`."""
    last: Period | None = Field(None, alias="until")
    """Last period of these designs; after it there is one design a segment again. Example: `2029-Q2`."""

    @property
    def amounts(self) -> dict[str, Groups]:
        """Groups by segment."""
        return self.__pydantic_extra__


Phases = Annotated[tuple[Phase, ...], BeforeValidator(as_list, json_schema_input_type=Phase | list[Phase])]
DesignPhases = Annotated[
    tuple[DesignPhase, ...], BeforeValidator(as_list, json_schema_input_type=DesignPhase | list[DesignPhase])
]


class AllocationText(Model):
    """An allocation as written: {lever: {segment: money a year}}. What it leaves out keeps today's spend."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Phases]
    """{lever: {segment: money a year}}, or a list of phases with `from` and `until`. Examples: `{affluent: 12M, mass:
    3M}`, `[{from: 2027-Q1, until: 2027-Q4, affluent: 9M}, {from: 2028-Q1, affluent: 12M}]`."""
    like: Text | None = None
    """The allocation that this one copies; the levers named here replace the copied ones. Example:
    `by_customer_value`."""
    shift: Annotated[int, Number("a number of periods", minimum=0, whole=True)] | None = None
    """Periods by which everything that `like` copies begins and ends later, today's spend until then; what is stated
    here keeps its own dates, and what would begin after the calendar falls away. Example: `8`."""
    spread: Spreads = ()
    """Budgets that are spread over segments by a habit, {budget, lever, by}, or a list of such; each stands for its
    lever, as if that were named with money for every segment. Example: `{budget: 15M, lever: advisers, by: column
    region}`."""
    board: Boards = ()
    """Budgets that are spread anew again and again by what came of them, {budget, lever, by, every}, or a list of such;
    nothing else is stated for their levers. Example: `{budget: 15M, lever: advisers, by: profit, every: 4}`."""
    design: DesignPhases | None = None
    """Finer designs of our offer, {segment: {groups, cost_per_group}}, in place of the copied ones. Example:
    `{affluent: {groups: 8, cost_per_group: 250k}}`."""
    experience: ExperiencePhases | None = None
    """Who answers for touchpoints and how good they are, {owner, owners, quality}, in place of what is copied; needs
    `experience` at the top. Examples: `{owner: one}`, `{from: 2027-Q3, owners: {call: retail}, quality: {call:
    0.7}}`."""
    initiatives: dict[InitiativeName, InitiativeText] = Field(default_factory=dict)
    """What is built once, {initiative: {cost, duration, teams, effect}}; each named here replaces a copied one of that
    name, `{}` leaves it out. Example: `{single_view: {cost: 12M, duration: {triangular: [3, 5, 12]}, teams: 2, effect:
    {service: 1}}}`."""
    first: Period | None = Field(None, alias="from")
    """First period, for the levers and initiatives named here that do not state their own. Example: `2027-Q3`."""
    last: Period | None = Field(None, alias="until")
    """Last period, for the levers named here that do not state their own. Example: `2029-Q2`."""

    @property
    def levers(self) -> dict[str, tuple[Phase, ...]]:
        return self.__pydantic_extra__


OWN_KEYS = tuple(field.alias or name for name, field in AllocationText.model_fields.items())  # not names of levers


@dataclass(frozen=True, kw_only=True)
class Funding(Dated):
    """Spend on a lever."""

    amounts: dict[str, float]
    """Money a year by segment: the total, not the increment."""


@dataclass(frozen=True, kw_only=True)
class Design(Dated):
    """Designs for groups of customers."""

    groups: dict[str, Groups]
    """By segment."""


class Outlay(NamedTuple):
    """Money that an allocation states: for one segment, or for several that share it by a habit."""

    path: Path
    dated: Path
    lever: str
    start: int
    end: int  # of the periods start <= t < end
    segments: tuple[str, ...]
    money: float  # a year, over all of them


@dataclass(frozen=True)
class Allocation:
    """An allocation with its dates and copies resolved. Levers and segments not in it keep today's spend."""

    fundings: dict[str, tuple[Funding, ...]]
    """By lever, in file order; the phases of one segment do not overlap."""
    spreads: tuple[Spreading, ...] = ()
    """In file order; none overlaps with fundings of its lever."""
    boards: tuple[Meeting, ...] = ()
    """In file order; each lever has one, and neither fundings nor spreads."""
    designs: tuple[Design, ...] = ()
    """In file order; those of one segment do not overlap."""
    experience: tuple[Organisation, ...] = ()
    """In file order; those of one touchpoint do not overlap."""
    initiatives: dict[str, Initiative] = field(default_factory=dict)
    """In name order."""

    def touchpoints(self, today: dict[str, ExperiencedTouchpoint], period: int) -> dict[str, ExperiencedTouchpoint]:
        """Touchpoints as they are in a period."""
        for each in self.experience:
            if each.start <= period < each.end:
                today = each.changed(today)
        return today

    def design(self, segment: str, period: int) -> Groups | None:
        """How finely it designs for a segment in a period; None where that is as today."""
        for design in self.designs:
            if design.start <= period < design.end and segment in design.groups:
                return design.groups[segment]
        return None

    def outlays(self) -> Iterator[Outlay]:
        """All the money that it states, spread or not."""
        for lever, phases in self.fundings.items():
            for each in phases:
                for segment, money in each.amounts.items():
                    path = (*each.path, segment)
                    yield Outlay(path, each.dated, lever, each.start, each.end, (segment,), money)
        for spread in (*self.spreads, *self.boards):
            path = (*spread.path, "budget")
            span = spread.start, spread.end
            yield Outlay(path, spread.dated, spread.lever, *span, spread.segments, spread.budget)

    @property
    def starts(self) -> list[int]:
        """The periods in which its phases begin."""
        starts = [funding.start for phases in self.fundings.values() for funding in phases]
        return starts + [each.start for each in (*self.spreads, *self.boards, *self.designs, *self.experience)]

    @property
    def targets(self) -> set[str]:
        """What its initiatives act on."""
        return {target for each in self.initiatives.values() for target in each.effect}

    @property
    def first_start(self) -> int:
        """The period in which its first phase begins."""
        return min(self.starts, default=0)

    @property
    def last_start(self) -> int:
        """The period in which its last phase begins; 0 where everything begins at once."""
        return max(self.starts, default=0)

    def stated(self, lever: str, period: int) -> dict[str, float]:
        """What it says of a lever in a period: money a year by segment; segments not in it keep today's spend."""
        amounts: dict[str, float] = {}
        for funding in self.fundings.get(lever, ()):
            if funding.start <= period < funding.end:
                amounts |= funding.amounts
        return amounts


def targets_of(levers: Mapping[str, Lever], allocations: Mapping[str, Allocation]) -> set[str]:
    """What levers and initiatives act on."""
    return {lever.target for lever in levers.values()}.union(*(each.targets for each in allocations.values()))
