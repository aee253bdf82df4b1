"""Sums of money as people write them: `advisers.affluent + 2 outreach <= 40% budget`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simengine.scenario.problems import did_you_mean
from simengine.scenario.units import NumberRefused, read_number
from simengine.study.optimize.items import Place

BUDGET = "budget"
_NUMBER = re.compile(r"\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?\s*(?:%|(?:thousand|million|billion|k|M)(?![\w]))?")
_WORD = re.compile(r"[^\s+*<>=]+")
_SIDES = re.compile(r"<=|>=|==|=")


class Refused(ValueError):
    """An expression that cannot be read: what was found, and what may help."""

    def __init__(self, found: str, suggestion: str = "") -> None:
        super().__init__(found)
        self.found, self.suggestion = found, suggestion


@dataclass
class Sum:
    """Money a year: a constant, parts of the budget, and multiples of what is spent on places."""

    money: float = 0.0
    budget: float = 0.0
    places: dict[Place, float] = field(default_factory=dict)

    def add(self, other: Sum, times: float) -> None:
        """Add so many times another one."""
        self.money += times * other.money
        self.budget += times * other.budget
        for place, factor in other.places.items():
            self.places[place] = self.places.get(place, 0.0) + times * factor


def names_of(places: Sequence[Place]) -> dict[str, tuple[Place, ...]]:
    """What may be named: a lever in a segment, a lever in all of its segments, a segment with all levers. A name that
    a lever and a segment share stands for neither."""
    found: dict[str, tuple[Place, ...]] = {str(place): (place,) for place in places}
    levers = sorted({place.lever for place in places})
    segments = sorted({place.segment for place in places})
    for name in levers:
        if name not in segments:
            found[name] = tuple(place for place in places if place.lever == name)
    for name in segments:
        if name not in levers:
            found[name] = tuple(place for place in places if place.segment == name)
    return found


def named(text: str, known: Mapping[str, tuple[Place, ...]]) -> tuple[Place, ...]:
    """The places that a name stands for. Raises Refused."""
    if text in known:
        return known[text]
    raise Refused(f"'{text}'", did_you_mean(text, known))


def compared(text: str, known: Mapping[str, tuple[Place, ...]]) -> tuple[Sum, str]:
    """`left <= right` as (left - right, its sign: `<=`, `>=` or `=`). Raises Refused."""
    sides = _SIDES.findall(text)
    if len(sides) != 1:
        raise Refused(f"'{text}'", "write one of <=, >= and = between two sums")
    left, right = (_sum_of(side, known) for side in _SIDES.split(text))
    left.add(right, -1.0)
    if not any(left.places.values()):
        raise Refused(f"'{text}', which limits nothing", "name a lever, a segment, or lever.segment")
    return left, sides[0][:2] if sides[0] != "==" else "="


def _sum_of(text: str, known: Mapping[str, tuple[Place, ...]]) -> Sum:
    whole, at, sign, pending = Sum(), 0, 1.0, True
    names = sorted([*known, BUDGET], key=len, reverse=True)
    while True:
        at = _blank(text, at)
        if at >= len(text):
            break
        if text[at] in "+-":
            sign, pending, at = (1.0 if text[at] == "+" else -1.0) * (sign if pending else 1.0), True, at + 1
            continue
        if not pending:
            raise Refused(f"'{text[at:].strip()}' after a term", "put + or - between terms")
        term, at = _term(text, at, known, names)
        whole.add(term, sign)
        sign, pending = 1.0, False
    if pending:
        raise Refused(f"'{text.strip()}'", "write a sum such as advisers.affluent + outreach")
    return whole


def _blank(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _term(text: str, at: int, known: Mapping[str, tuple[Place, ...]], names: Sequence[str]) -> tuple[Sum, int]:
    """`2 * advisers`, `advisers`, `40% budget` or `3M`, and where it ends."""
    number, factor = None, 1.0
    if (match := _NUMBER.match(text, at)) and not any(text.startswith(name, at) for name in names):
        try:
            number = factor = read_number(match[0].strip())
        except NumberRefused as refused:
            raise Refused(f"'{match[0]}'", refused.suggestion) from None
        at = _blank(text, match.end())
        if at < len(text) and text[at] == "*":
            number, at = None, _blank(text, at + 1)
        if at >= len(text) or text[at] in "+-":
            if number is None:
                raise Refused(f"'{text.strip()}'", "name something after the *")
            if match[0].endswith("%"):
                raise Refused(f"'{match[0]}' of nothing", f"say of what: {match[0]} budget")
            return Sum(money=number), at
    for name in names:
        if text.startswith(name, at) and not _goes_on(text, at + len(name)):
            if name == BUDGET and BUDGET not in known:
                return Sum(budget=factor), at + len(name)
            return Sum(places=dict.fromkeys(known[name], factor)), at + len(name)
    word = _WORD.match(text, at)
    found = word[0] if word else text[at:]
    raise Refused(f"'{found}'", did_you_mean(found, names))


def _goes_on(text: str, at: int) -> bool:
    """Whether a word does not end here."""
    return at < len(text) and (text[at].isalnum() or text[at] in "._")
