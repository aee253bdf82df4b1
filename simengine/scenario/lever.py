"""Levers: what money does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from simengine.scenario.employees import EMPLOYEE_TARGETS
from simengine.scenario.fields import Fraction, Model, Number, Positive, SegmentName, Spend, Text
from simengine.scenario.knowledge import KNOWLEDGE

# What a lever may act on besides a need, and in which segments that can do anything: of one dynamics, of all in which
# customers leave for good, or of both these and those in which they choose.
CONVERT = "convert"
TARGETS = {
    "price": "choice",
    "acquisition": "choice",
    "inertia": "choice",
    "retention": "leaving",
    CONVERT: "contract",
    "wallet": "both",
    "cost_to_serve": "both",
    **dict.fromkeys(EMPLOYEE_TARGETS, "choice"),
    KNOWLEDGE: "choice",
}
RELATIVE = ("price", "acquisition", "wallet", "cost_to_serve")  # targets whose unit is %
Effect = Annotated[float, Number("an effect, in the unit of the target")]


class HillParameters(Model):
    """Effect = max · A^shape / (half^shape + A^shape), A the spend that acts."""

    max: Effect
    """Effect of unlimited spend, in the unit of the target. Examples: `40%`, `2`."""
    half: Annotated[float, Number("money a year", above=0)]
    """Spend with half that effect, money a year. Example: `3M`."""
    shape: Positive = 1
    """1: each unit of money does less than the one before. Above 1: slow at first. Example: `1`."""


class Hill(Model):
    """An effect that saturates, from nothing at no spend."""

    hill: HillParameters
    """How the effect depends on spend, {max, half, shape}; or `adbudg` in its place. Example: `{max: 40%, half: 3M,
    shape: 1}`."""

    @property
    def max(self) -> float:
        return self.hill.max

    @property
    def half(self) -> float:
        return self.hill.half

    @property
    def shape(self) -> float:
        return self.hill.shape


class AdbudgAnswers(Model):
    """What a manager expects of the target at four levels of spend, in the unit of the target; today's is the
    level from which the others differ (Little 1970)."""

    none: Effect
    """With no spend at all. Example: `-2`."""
    today: Effect = 0
    """With today's spend. Example: `0`."""
    plus_half: Effect
    """With half as much again. Example: `0.8`."""
    saturated: Effect
    """With unlimited spend. Example: `2`."""


class Adbudg(Model):
    """A response from a manager's four answers; needs spend today."""

    adbudg: AdbudgAnswers
    """The four answers. Example: `{none: -2, today: 0, plus_half: 0.8, saturated: 2}`."""

    @property
    def none(self) -> float:
        return self.adbudg.none

    @property
    def today(self) -> float:
        return self.adbudg.today

    @property
    def plus_half(self) -> float:
        return self.adbudg.plus_half

    @property
    def saturated(self) -> float:
        return self.adbudg.saturated


def _response_kind(value: object) -> str:
    stated = isinstance(value, Adbudg) or (isinstance(value, dict) and "adbudg" in value)
    return "#adbudg" if stated else "#hill"


Response = Annotated[Annotated[Hill, Tag("#hill")] | Annotated[Adbudg, Tag("#adbudg")], Discriminator(_response_kind)]


class Lever(Model):
    """Something that money can be spent on, a year and per segment."""

    target: Text
    """What it acts on: a need, price, acquisition, inertia, retention, convert, wallet, cost_to_serve, enablement,
    motivation or knowledge (of what is not known yet, the part that spend teaches a year). Example: `advice`."""
    response: Response
    """How the effect depends on spend: {hill: {max, half, shape}}, or {adbudg: {none, today, plus_half, saturated}}.
    Examples: `{hill: {max: 40%, half: 3M, shape: 1}}`, `{adbudg: {none: -2, today: 0, plus_half: 0.8, saturated:
    2}}`."""
    carry_over: Annotated[float, Number("a fraction a year", minimum=0, below=1)] = 0
    """Fraction of the effective spend that is still felt a year later. Example: `70%`."""
    today: dict[SegmentName, Spend] = Field(default_factory=dict)
    """Today's spend, money a year: {segment: money}. Example: `{affluent: 4M, mass: 6M}`."""
    from_segment: SegmentName | None = Field(None, alias="from")
    """convert: the contract segment whose customers move to another contract. They keep their tenure; their revenue,
    costs and value stay with this segment, where spend on the lever is stated. Example: `Month-to-month`."""
    to: SegmentName | None = None
    """convert: the contract segment whose hazard of leaving they approach. Example: `One year`."""
    causal: Fraction | None = None
    """convert: which part of the difference between the two segments' hazards the contract itself causes; the rest is
    who chooses it. Moves and retention levers of each segment act on its part of the hazard of who has converted. An
    assumption. Example: `50%`."""


def act_on_employees(targets: Iterable[str]) -> bool:
    """Whether one of the targets is to enable or motivate employees."""
    return not set(EMPLOYEE_TARGETS).isdisjoint(targets)


def act_on_knowledge(levers: Mapping[str, Lever]) -> bool:
    """Whether one of them teaches what customers need."""
    return any(lever.target == KNOWLEDGE for lever in levers.values())
