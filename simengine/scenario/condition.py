"""Conditions on the market, on which a move may wait: what they say, and how they are written.

A condition compares amounts: numbers, and what can be measured of a supplier at the end of a period. It is parsed
(`condition_parser`) and never run as a program. Every part knows where it stands in the text, for messages; two
conditions are equal if they say the same, wherever and however it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from simengine.scenario.units import write_number

# What can be measured, and what its arguments are; segments in brackets may be left out.
MEASURES = {
    "share": ("who", "segment"),
    "customers": ("who", "segment"),
    "price": ("who", "segment"),
    "level": ("who", "need", "segment"),
    "knowledge": ("who", "segment"),
}
COMPARISONS = ("<=", ">=", "<", ">")
PLAIN = re.compile(r"[^\W\d][\w .-]*", re.ASCII)
WORDS = ("and", "or", "not")


@dataclass(frozen=True)
class Span:
    """Where a part stands in the text: its first character, counted from 0, and how many it has."""

    at: int = 0
    length: int = 0

    def to(self, other: Span) -> Span:
        """From the beginning of this part to the end of another."""
        return Span(self.at, other.at + other.length - self.at)


_NOWHERE = Span()


@dataclass(frozen=True)
class Number:
    """A number, 0 or more; `words` is how it is written."""

    value: float
    words: str = field(default="", compare=False)
    span: Span = field(default=_NOWHERE, compare=False)

    def __str__(self) -> str:
        return self.words or write_number(self.value)


@dataclass(frozen=True)
class Name:
    """The name of a supplier, a segment or a need."""

    text: str
    span: Span = field(default=_NOWHERE, compare=False)

    def __str__(self) -> str:
        if PLAIN.fullmatch(self.text) and self.text == " ".join(self.text.split()):
            return self.text
        return f'"{self.text}"' if '"' not in self.text else f"'{self.text}'"


@dataclass(frozen=True)
class Measure:
    """What is measured of a supplier at the end of a period, in one segment or over several."""

    what: str
    who: Name
    need: Name | None = None
    segment: Name | None = None
    span: Span = field(default=_NOWHERE, compare=False)

    def __str__(self) -> str:
        names = filter(None, (self.who, self.need, self.segment))
        return f"{self.what}({', '.join(map(str, names))})"


@dataclass(frozen=True)
class Negative:
    """An amount with the other sign."""

    amount: Amount
    span: Span = field(default=_NOWHERE, compare=False)

    def __str__(self) -> str:
        return f"-{_within(self.amount, Negative)}"


@dataclass(frozen=True)
class Arithmetic:
    """Two amounts put together by + - * or /."""

    sign: str
    left: Amount
    right: Amount
    span: Span = field(default=_NOWHERE, compare=False)

    def __str__(self) -> str:
        return _between(self.left, self.sign, self.right, _is_sum, tight=self.sign in "*/")


@dataclass(frozen=True)
class Comparison:
    """Whether an amount is less or more than another."""

    sign: str
    left: Amount
    right: Amount
    span: Span = field(default=_NOWHERE, compare=False)

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


@dataclass(frozen=True)
class Not:
    """Whether a condition does not hold."""

    condition: Condition
    span: Span = field(default=_NOWHERE, compare=False)

    def __str__(self) -> str:
        return f"not {_within(self.condition, Joined)}"


@dataclass(frozen=True)
class Joined:
    """Two conditions put together by `and` or `or`."""

    word: str
    left: Condition
    right: Condition
    span: Span = field(default=_NOWHERE, compare=False)

    def __str__(self) -> str:
        return _between(self.left, self.word, self.right, _is_or, tight=self.word == "and")


Amount = Number | Measure | Negative | Arithmetic
Condition = Comparison | Not | Joined
Part = Amount | Condition


def measures_of(part: Part) -> Iterator[Measure]:
    """Everything that is measured, from left to right."""
    for each in parts_of(part):
        if isinstance(each, Measure):
            yield each


def comparisons_of(part: Part) -> Iterator[Comparison]:
    """All comparisons, from left to right."""
    for each in parts_of(part):
        if isinstance(each, Comparison):
            yield each


def parts_of(part: Part) -> Iterator[Part]:
    """The part itself, and everything that it is made of."""
    yield part
    match part:
        case Arithmetic() | Comparison() | Joined():
            yield from parts_of(part.left)
            yield from parts_of(part.right)
        case Negative():
            yield from parts_of(part.amount)
        case Not():
            yield from parts_of(part.condition)


def _is_sum(part: Part) -> bool:
    return isinstance(part, Arithmetic) and part.sign in "+-"


def _is_or(part: Part) -> bool:
    return isinstance(part, Joined) and part.word == "or"


def _between(left: Part, word: str, right: Part, loose: Callable[[Part], bool], *, tight: bool) -> str:
    """The text of two parts and of what puts them together, `tight` or not; in brackets where a part, if it is `loose`
    or stands on the right, would otherwise be read as part of something else."""
    pair = isinstance(right, (Arithmetic, Joined))
    before = f"({left})" if tight and loose(left) else left
    after = f"({right})" if pair and (tight or loose(right)) else right
    return f"{before} {word} {after}"


def _within(part: Part, kind: type[Negative] | type[Joined]) -> str:
    """The text of a part, in brackets where what stands before it would otherwise take hold of a piece of it."""
    bound = isinstance(part, (Arithmetic, kind)) if kind is Negative else isinstance(part, kind)
    return f"({part})" if bound else str(part)
