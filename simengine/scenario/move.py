"""Moves: what rivals, or the market, do and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, PlainValidator, WithJsonSchema

from simengine.scenario.calendar import Period
from simengine.scenario.condition import Condition
from simengine.scenario.condition_parser import ConditionRefused, parse_condition
from simengine.scenario.distribution import (
    Distribution,
    Distributions,
    LognormalNumber,
    Triangular,
    Uniform,
    kind_of_number,
)
from simengine.scenario.fields import Model, Number, OneOf, Text, refused
from simengine.scenario.yaml_source import Path

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


def _read_condition(value: object) -> Condition:
    if not isinstance(value, str):
        raise refused("a condition, such as share(us) > 38%")
    try:
        return parse_condition(value)
    except ConditionRefused as error:
        part = error.span.at, error.span.length
        raise refused(error.expected, error.suggestion, error.found, part) from None


When = Annotated[
    Condition,
    PlainValidator(_read_condition),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "[<>]",
            "patternErrorMessage": "expected a comparison, such as share(us) > 38%",
        }
    ),
]


def _uncertain(value: object) -> object:
    if not isinstance(value, (dict, Triangular, Uniform, LognormalNumber)):
        raise refused("a distribution, such as {uniform: [0.5, 1.5]}", "state a certain size in `change`")
    return value


Size = Annotated[
    Annotated[Distributions, Discriminator(kind_of_number)],
    BeforeValidator(_uncertain),
]
Lag = Annotated[int, Number("a number of periods", minimum=0, maximum=1200, whole=True)]
ArrivalRate = Annotated[
    float, Number("a probability a year", above=0, below=1, at_below="what comes for certain begins `at` a period")
]
Repeat = Literal["once", "repeatedly"]
REPEATS = {"once": "it happens once", "repeatedly": "when it has ended, it can begin again"}


class ChangeText(Model):
    """One thing that happens, as written: on a date, when a condition is met, or of itself."""

    who: Text | None = None
    """The rival who acts; left out, it is the market. Example: `atlas`."""
    at: Period | None = None
    """The period in which it begins; or `when`, or `arrival`. Example: `2027-Q3`."""
    until: Period | None = None
    """The last period in which what begins `at` a date holds; left out, it stays. Example: `2029-Q2`."""
    when: When | None = None
    """The condition on which it waits: looked at on what is so at the end of every period, from the first on; once met,
    the change holds from the next period on, or as much later as `detect` and `respond` say. A condition compares
    amounts (<, <=, >, >=) and may be put together by and, or, not and brackets. Amounts are numbers (38%, 95, 1.2M),
    share(who, segment), customers(who, segment), price(who, segment), level(who, need, segment), knowledge(who,
    segment), and sums, differences, products and quotients of such; who is us, a rival, or none for those who buy
    nowhere. The segment may be left out: shares and customers are then those over all segments in which customers
    choose, the others must be the same in all that the supplier serves today, and are the mean over them later. Names
    with brackets, commas or comparison signs are put in quotation marks. Examples: `share(us, affluent) > 38% and
    price(us) < 95`, `not customers(atlas) >= 1.2M`, `level(us, advice) - level(atlas, advice) > 2`."""
    detect: Lag = 0
    """With `when`: periods until whoever acts notices. Example: `2`."""
    respond: Lag = 0
    """With `when`: periods from noticing until the change holds. Example: `2`."""
    arrival: ArrivalRate | None = None
    """The probability that it comes within a year, in any period as likely as in another, whatever happens. Replication
    by replication it comes at another time, at the same in every allocation. Example: `25%`."""
    lasts: Annotated[int, Number("a number of periods", minimum=1, maximum=1200, whole=True)] | None = None
    """With `when` or `arrival`: periods that it holds; left out, it stays. Example: `4`."""
    repeat: Annotated[Repeat, OneOf(REPEATS)] = "once"
    """With `when` or `arrival`: how often it happens. `repeatedly` needs `lasts`, and is not for programmes (`like`);
    the condition is looked at again from the end of the last period in which it holds. Example: `repeatedly`."""
    size: Size | None = None
    """An uncertain multiple of all that `change` states, drawn each time that it happens. Examples: `{uniform: [0.5,
    1.5]}`, `{triangular: [0.5, 1, 2]}`, `{lognormal: {mean: 1, cv: 0.4}}`."""
    change: Amounts = Amounts()
    """Changes: points on needs, % on price, review, hazard and cost, absolute on knowledge. Examples: `{price:
    -12.5%}`, `{advice: 3, knowledge: 0.2}`."""
    set: Amounts = Amounts()
    """Levels of a rival's price, needs and knowledge. Example: `{price: 90}`."""
    like: Text | None = None
    """The allocation of ours whose programme the rival runs as long as the change holds: the same effect of every
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
    path: Path = field(default=(), compare=False)
    """Where it is stated, whatever move it has become a part of; () where it is not."""

    @property
    def waits(self) -> bool:
        """Whether it begins when something happens, rather than on a date."""
        return self.trigger is not None or self.arrival is not None

    @property
    def unfolds(self) -> bool:
        """Whether when it holds, or how large it is, shows only as the market unfolds."""
        return self.waits or self.size is not None
