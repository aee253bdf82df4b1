"""Moves: what rivals, or the market, do and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, ConfigDict

from simengine.scenario.calendar import Period
from simengine.scenario.condition import Condition
from simengine.scenario.distribution import Distribution
from simengine.scenario.fields import Model, Number, Text

RIVAL_KEYS = ("price", "knowledge")  # and the needs
MARKET_KEYS = ("review", "hazard", "cost")
Amount = Annotated[float, Number("a change")]


class Amounts(Model):
    """What changes, and by how much; `segments` may be stated here or beside `change`."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Amount]
    """{what: amount}, where what is price, a need or knowledge of a rival, or review, hazard or cost of the market.
    Example: `-12.5%`."""
    segments: tuple[Text, ...] | None = None
    """Where: names of segments, all of them if left out. Example: `[affluent]`."""

    @property
    def amounts(self) -> dict[str, float]:
        return self.__pydantic_extra__


class ChangeText(Model):
    """One thing that happens, as written."""

    later: ClassVar[Mapping[str, str]] = {
        "when": "state the period with `at`",
        "arrival": "state the period with `at`",
        "detect": "add the periods to `at`",
        "respond": "add the periods to `at`",
    }
    who: Text | None = None
    """The rival who acts; left out, it is the market. Example: `atlas`."""
    at: Period
    """The period in which it begins. Example: `2027-Q3`."""
    until: Period | None = None
    """The last period in which it holds; left out, it stays. Example: `2029-Q2`."""
    change: Amounts = Amounts()
    """Changes: points on needs, % on price, review, hazard and cost, absolute on knowledge. Examples: `{price:
    -12.5%}`, `{advice: 3, knowledge: 0.2}`."""
    set: Amounts = Amounts()
    """Levels of a rival's price, needs and knowledge. Example: `{price: 90}`."""
    like: Text | None = None
    """The allocation of ours whose programme the rival runs from `at` on, until `until`: the same effect of every
    lever, for spend that is scaled by its customers today over ours, and charged to it. Example:
    `by_customer_value`."""
    segments: tuple[Text, ...] | None = None
    """Where: names of segments, all of them if left out. Example: `[affluent, mass]`."""


class NoChange(Model):
    """Nothing happens."""


def _as_list(value: object) -> object:
    """`{}` is no change at all; one mapping stands for a list of one."""
    return ([value] if value else []) if isinstance(value, dict) else value


MoveText = Annotated[
    tuple[ChangeText, ...],
    BeforeValidator(_as_list, json_schema_input_type=NoChange | ChangeText | list[ChangeText]),
]


@dataclass(frozen=True)
class Trigger:
    """What a change waits for: true at the end of a period t, the change begins in t + 1 + lag."""

    condition: Condition
    detect: int = 0
    respond: int = 0

    @property
    def lag(self) -> int:
        """Periods until it is noticed and answered."""
        return self.detect + self.respond


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that happens: in the periods start <= t < end, or from when it is triggered or comes of itself."""

    who: str | None
    """The rival who acts, or None for the market."""
    start: int
    end: int
    """Of what waits for something start and end are the end of the calendar: it is scheduled in no period."""
    change: dict[str, float]
    """Changes: points on needs, fractions on price, review, hazard and cost, absolute on knowledge."""
    set: dict[str, float]
    """Levels of a rival's price, needs and knowledge."""
    segments: tuple[str, ...]
    """Where, in name order."""
    like: str | None = None
    """The allocation whose programme the rival runs."""
    trigger: Trigger | None = None
    arrival: float | None = None
    """Probability that it comes within a year, whatever happens."""
    lasts: int | None = None
    """Periods that what is not scheduled holds; None if it stays."""
    repeatedly: bool = False
    """Whether it can begin again when it has ended."""
    size: Distribution | None = None
    """Multiplies the amounts of `change`, drawn anew each time."""
    name: str = field(default="", compare=False)
    """By which its luck is addressed."""

    @property
    def waits(self) -> bool:
        """Whether it begins when something happens, rather than on a date."""
        return self.trigger is not None or self.arrival is not None

    @property
    def unfolds(self) -> bool:
        """Whether when it holds, or how large it is, shows only as the market unfolds."""
        return self.waits or self.size is not None
