"""Initiatives: what is built once, by teams of which there are few, and changes something when it is completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag

from simengine.scenario.calendar import Period
from simengine.scenario.distribution import Distribution, Distributions, kind_of_number
from simengine.scenario.fields import Fraction, Model, Number, SegmentName, Spend, Text, refused
from simengine.scenario.lever import Effect
from simengine.scenario.yaml_source import Path

Periods = Annotated[float, Number("a number of periods", above=0, maximum=10_000)]
Duration = Annotated[Distributions | Annotated[Periods, Tag("#number")], Discriminator(kind_of_number)]
InTotal = Annotated[float, Number("money in total", minimum=0)]
TargetName = Annotated[
    str, Field(strict=True, min_length=1, description="a need, or another target of levers, but convert")
]


class Delivery(Model):
    """Who carries out initiatives."""

    teams: Annotated[int, Number("a number of teams", minimum=1, maximum=10_000, whole=True)]
    """How many teams there are for all initiatives of an allocation together. Example: `4`."""


class InitiativeCost(Model):
    """What an initiative costs."""

    build: InTotal = 0
    """Money in total, spent evenly over the time that it takes: if it is cancelled, what was not yet due is saved.
    Example: `12M`."""
    run: Spend = 0
    """Money a year from its completion on. Example: `800k`."""


def _as_cost(value: object) -> object:
    """A bare number is what it costs to build."""
    return value if isinstance(value, (dict, InitiativeCost)) else {"build": value}


def _as_shares(value: object) -> object:
    """A list of segments stands for equal shares."""
    if isinstance(value, (list, tuple)):
        if not value or not all(isinstance(each, str) and each for each in value) or len(set(value)) < len(value):
            raise refused("a list of segments, each once, or {segment: share of the cost}")
        return {each: 1.0 / len(value) for each in value}
    return value


class Cancellation(Model):
    """When an initiative is given up."""

    after: Periods
    """Periods after its start, unless it is completed by then; what was spent is lost. What comes `after` it is never
    begun. Example: `8`."""


class InitiativeText(Model):
    """An initiative as written. Time is counted in periods, parts of periods included; it waits until as many teams as
    it needs are free at once. Whoever waits begins in the order of `priority`; one that needs more teams than are free
    lets others pass. {}: an initiative that is copied is left out."""

    cost: Annotated[InitiativeCost, BeforeValidator(_as_cost, json_schema_input_type=InTotal | InitiativeCost)] = (
        InitiativeCost()
    )
    """What it costs: money in total, spent evenly over the time that it takes, or {build: money in total, run: money a
    year from its completion on}. Examples: `12M`, `{build: 12M, run: 800k}`."""
    duration: Duration | None = None
    """Periods from its start to its completion, a number or a distribution; the luck of it is the same under every
    allocation that has an initiative of this name. Examples: `6`, `{triangular: [3, 5, 12]}`, `{lognormal: {mean: 6,
    cv: 0.4}}`."""
    teams: Annotated[int, Number("a number of teams", minimum=1, maximum=10_000, whole=True)] = 1
    """How many teams work on it, from its start to its end. Example: `2`."""
    priority: Annotated[int, Number("a rank", minimum=1, maximum=10_000, whole=True)] = 1
    """Who gets teams first where they are scarce: the lower, the earlier; equals in the order of their names. Example:
    `2`."""
    after: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Initiatives of the same allocation that must be completed before. Example: `[data_clean_up]`."""
    first: Period | None = Field(None, alias="from")
    """The period from which on it may begin; left out, the allocation's `from`, else the first. Example: `2027-Q3`."""
    segments: (
        Annotated[
            dict[SegmentName, Fraction],
            Field(min_length=1),
            BeforeValidator(_as_shares, json_schema_input_type=list[Text] | dict[SegmentName, Fraction]),
        ]
        | None
    ) = None
    """Where it has its effect, and which shares of its cost they bear: a list (equal shares), or {segment: share}.
    Left out: it acts wherever it can, and its cost is allocated to no segment. Examples: `[affluent]`, `{affluent:
    70%, mass: 30%}`."""
    effect: dict[TargetName, Effect] = Field(default_factory=dict)
    """What changes with it, {target: change}, in the unit of levers with that target; added to what they do, from the
    first period that begins after its completion. Examples: `{knowledge: 0.15}`, `{service: 1, cost_to_serve: -5%}`."""
    ramp_up: Annotated[int, Number("a number of periods", minimum=0, maximum=10_000, whole=True)] = 0
    """Periods over which the effect grows evenly from nothing to all of it; each has the mean of its start and its
    end. Example: `4`."""
    cancel: Cancellation | None = None
    """When it is given up: {after: periods}; left out, never. Example: `{after: 8}`."""

    @property
    def left_out(self) -> bool:
        """Whether it says nothing: an initiative that is copied is left out."""
        return not self.model_fields_set


@dataclass(frozen=True, kw_only=True)
class Initiative:
    """An initiative with its date resolved. Names are in name order."""

    start: int
    """The period from which on it may begin."""
    build: float
    run: float
    duration: Distribution | float
    """In periods."""
    teams: int
    priority: int
    after: tuple[str, ...]
    shares: dict[str, float]
    """Of its cost, by segment in which it acts; empty: it acts wherever it can, and no segment bears its cost."""
    effect: dict[str, float]
    ramp_up: int
    cancel_after: float | None
    path: Path = field(default=(), compare=False, repr=False)
    """Where it is stated: of what is copied, in the allocation that states it."""
    dated: Path = field(default=(), compare=False, repr=False)
    """Where its date is stated: there too, or at the `shift` that moved it."""

    @property
    def uncertain(self) -> bool:
        """Whether it is luck how long it takes."""
        return not isinstance(self.duration, (int, float))


def initiative_of(text: InitiativeText, start: int, path: Path) -> Initiative:
    """What the text at `path` says, of an initiative that may begin in the period `start`."""
    return Initiative(
        start=start,
        build=text.cost.build,
        run=text.cost.run,
        duration=1.0 if text.duration is None else text.duration,  # refused by a rule
        teams=text.teams,
        priority=text.priority,
        after=tuple(sorted(set(text.after or ()))),
        shares=dict(sorted((text.segments or {}).items())),
        effect=dict(sorted(text.effect.items())),
        ramp_up=text.ramp_up,
        cancel_after=text.cancel.after if text.cancel else None,
        path=path,
        dated=path,
    )


def as_written(initiative: Initiative, labels: tuple[str, ...]) -> dict[str, Any]:
    """A resolved initiative as the language has it; `labels` are those of the calendar's periods."""
    plain = initiative.duration
    stated: dict[str, Any] = {
        "from": labels[initiative.start] if initiative.start else None,
        "cost": {"build": initiative.build, "run": initiative.run},
        "duration": plain if isinstance(plain, (int, float)) else plain.model_dump(mode="json"),
        "teams": initiative.teams,
        "priority": initiative.priority,
        "after": list(initiative.after),
        "segments": initiative.shares,
        "effect": initiative.effect,
        "ramp_up": initiative.ramp_up,
        "cancel": None if initiative.cancel_after is None else {"after": initiative.cancel_after},
    }
    return {key: value for key, value in stated.items() if value not in (None, [], {})}


def delayed_initiatives(
    initiatives: Mapping[str, Initiative], shift: int, periods: int, path: Path
) -> dict[str, Initiative]:
    """Initiatives that may begin so many periods later, as the `shift` at `path` states, without those that would begin
    after the calendar."""
    if not shift:
        return dict(initiatives)
    later = {name: replace(each, start=each.start + shift, dated=path) for name, each in initiatives.items()}
    return {name: each for name, each in later.items() if each.start < periods}


def that_can_begin(initiatives: Mapping[str, Initiative]) -> dict[str, Initiative]:
    """In name order, without those that come after one that is not there."""
    there = dict(sorted(initiatives.items()))
    while waiting := [name for name, each in there.items() if not there.keys() >= set(each.after)]:
        there = {name: each for name, each in there.items() if name not in waiting}
    return there
