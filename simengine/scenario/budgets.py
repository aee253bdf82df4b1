"""Budgets for a lever over segments: spread once by a habit, or by a board that meets again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from simengine.scenario.calendar import Period
from simengine.scenario.fields import Model, Number, OneOf, Spend, Text, refused
from simengine.scenario.phases import Dated, as_list
from simengine.scenario.problems import did_you_mean, listed

BASES = {
    "customers": "our customers today",
    "revenue": "what our customers bring a year, today",
    "profit": "their economic profit a year today, before programmes and overhead (who earns none gets nothing)",
    "value": "what they are worth to shareholders if today's spend is kept and nobody moves (who is worth nothing gets "
    "nothing)",
    "equal": "the same for every segment",
}
PROFIT, VALUE = "profit", "value"  # of which there may be less than none
COLUMN = "column "


def _read_basis(value: object) -> str:
    """What a budget is spread by: a word, or `column` and the name of a column."""
    text = " ".join(value.strip().split(maxsplit=1)) if isinstance(value, str) else ""
    if text in BASES or (text.startswith(COLUMN) and len(text) > len(COLUMN)):
        return text
    words = (*BASES, "column <name>")
    raise refused(listed(words), did_you_mean(str(value), words, otherwise="a column is named so: column region"))


Basis = Annotated[
    str,
    PlainValidator(_read_basis),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "enum": list(BASES),
                    "enumDescriptions": list(BASES.values()),
                    "description": "; ".join(f"{word}: {meaning}" for word, meaning in BASES.items()),
                },
                {"type": "string", "pattern": f"^{COLUMN}.+$"},
            ]
        }
    ),
]


class Budget(Model):
    """A budget for a lever, over segments."""

    budget: Spend
    """Money a year, over all segments. Example: `15M`."""
    lever: Text
    """What it is spent on. Example: `advisers`."""
    segments: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The segments that it is spread over; left out, all in which the lever can act. Example: `[affluent, mass]`."""
    first: Period | None = Field(None, alias="from")
    """First period of this spend; before it, today's spend is kept. Example: `2027-Q3`."""
    last: Period | None = Field(None, alias="until")
    """Last period of this spend; after it, today's spend returns. Example: `2029-Q2`."""


class Spread(Budget):
    """A budget for a lever, spread over segments by a habit."""

    by: Basis
    """What each segment's part goes by. `value` is that of a run of its own, of today's spend without moves or luck.
    `column region` splits the budget evenly over the values of that column of the customer file, then evenly over our
    customers with each value. Examples: `customers`, `column region`."""


Observed = Literal["customers", "revenue", "profit"]
OBSERVED = {
    "customers": "our customers",
    "revenue": "what our customers brought",
    "profit": "their economic profit, before programmes, overhead and the cost of acquisition (who earned none gets "
    "nothing)",
}


class Board(Budget):
    """A budget for a lever, spread anew at every meeting by what the last year brought in each segment. Nothing is
    spread before a year has been seen: until then today's spend is kept."""

    budget: Annotated[float, Number("money a year", above=0)]
    """Money a year, over all segments. Example: `15M`."""
    by: Annotated[Observed, OneOf(OBSERVED)]
    """What each segment's part goes by, over the last year before the meeting; where no segment has any, spend stays as
    it is. Example: `profit`."""
    every: Annotated[int, Number("a number of periods", minimum=1, whole=True)]
    """Periods from one meeting to the next; what is decided holds until then. Example: `4`."""


Spreads = Annotated[tuple[Spread, ...], BeforeValidator(as_list, json_schema_input_type=Spread | list[Spread])]
Boards = Annotated[tuple[Board, ...], BeforeValidator(as_list, json_schema_input_type=Board | list[Board])]


@dataclass(frozen=True, kw_only=True)
class Spreading(Dated):
    """A budget for a lever, until the customers say what each segment gets."""

    lever: str
    budget: float
    """Money a year, over all segments."""
    by: str
    segments: tuple[str, ...]
    """The segments that it is spread over, in name order."""

    @property
    def column(self) -> str | None:
        """The column of the customer file that it goes by, if it does."""
        return self.by.removeprefix(COLUMN) if self.by.startswith(COLUMN) else None


@dataclass(frozen=True, kw_only=True)
class Meeting(Spreading):
    """A budget for a lever that a board spreads in the period `start`, and anew each so many periods."""

    every: int

    def meets(self, period: int) -> bool:
        """Whether it spreads the budget anew at the beginning of a period."""
        return self.start <= period < self.end and (period - self.start) % self.every == 0
