"""From the text of a condition to what it says, by recursive descent; or where it stops making sense.

    condition  = conjunction {"or" conjunction}
    conjunction = negation {"and" negation}
    negation   = "not" negation | comparison
    comparison = sum [("<" | "<=" | ">" | ">=") sum]
    sum        = product {("+" | "-") product}
    product    = signed {("*" | "/") signed}
    signed     = "-" signed | "(" condition ")" | measure | number
    measure    = word "(" name {"," name} ")"
    name       = any text without , ( ) < > = and quotation marks, or any text in quotation marks

Amounts and conditions are told apart once they are read: a comparison of conditions, or `and` between amounts, is
refused where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn, TypeVar

from simengine.scenario.condition import (
    COMPARISONS,
    MEASURES,
    WORDS,
    Amount,
    Arithmetic,
    Comparison,
    Condition,
    Joined,
    Measure,
    Name,
    Negative,
    Not,
    Number,
    Part,
    Span,
    parts_of,
)
from simengine.scenario.problems import did_you_mean, listed
from simengine.scenario.units import MULTIPLIERS, NumberRefused, read_number

LONGEST = 1_000  # characters
DEEPEST = 20  # brackets, signs and `not` within each other
_NUMBER = re.compile(r"(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:,\d+)*", re.ASCII)
_UNIT = re.compile(r"\s*(%|[A-Za-z]+)", re.ASCII)
_WORD = re.compile(r"[^\W\d]\w*")
_NAME = re.compile(r"[^,()<>=\"']+")
_THING = re.compile(r"\w+|[<>=!&|]+|.", re.DOTALL)
_INSTEAD = {
    "=": ">= or <=", "==": ">= and <=", "=>": ">=", "=<": "<=", "!=": "< or >", "<>": "< or >",
    "&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "~": "not",
    "AND": "and", "OR": "or", "NOT": "not", "And": "and", "Or": "or", "Not": "not",
}  # fmt: skip
_MEASURING = f"{listed(MEASURES)} of a supplier, or a number"
_GOES_ON = "and, or, or the end of the condition"
P = TypeVar("P", bound=Part)


class ConditionRefused(ValueError):
    """A text that is not a condition: where, what was found, what was expected, what to write instead."""

    def __init__(self, span: Span, found: str, expected: str, suggestion: str = "") -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.span, self.found, self.expected, self.suggestion = span, found, expected, suggestion


def parse_condition(text: str) -> Condition:
    """What a text says. Raises `ConditionRefused`."""
    if len(text) > LONGEST:
        raise ConditionRefused(Span(0, 0), f"{len(text):,} characters", f"a condition of at most {LONGEST:,}")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._blank()

    def whole(self) -> Condition:
        if self._at == len(self._text):
            self._refuse("nothing", "a condition", "such as share(us) > 38%")
        read = self._condition(self._any())
        if self._at < len(self._text):
            self._refuse_rest(read)
        return read

    def _any(self) -> Part:
        return self._joined("or", lambda: self._joined("and", self._negation))

    def _joined(self, word: str, part: Callable[[], Part]) -> Part:
        left = part()
        while self._takes(word):
            first, second = self._condition(left), self._condition(part())
            left = Joined(word, first, second, first.span.to(second.span))
        return left

    def _negation(self) -> Part:
        begun = Span(self._at, 3)
        if not self._takes("not"):
            return self._comparison()
        inner = self._condition(self._deeper(self._negation))
        return Not(inner, begun.to(inner.span))

    def _comparison(self) -> Part:
        left = self._sum()
        sign = self._takes(*COMPARISONS)
        if not sign:
            if (found := self._thing()) and set(found) <= set("<>=!"):
                self._refuse(f"`{found}`", listed(COMPARISONS), _instead(found))
            return left
        first, second = self._amount(left), self._amount(self._sum())
        compared = Comparison(sign, first, second, first.span.to(second.span))
        if self._thing() in COMPARISONS:
            hint = f"write {compared} and {second} {self._thing()} ..."
            self._refuse(f"`{self._thing()}` after a comparison", "one comparison at a time", hint)
        return compared

    def _sum(self) -> Part:
        return self._arithmetic(("+", "-"), lambda: self._arithmetic(("*", "/"), self._signed))

    def _arithmetic(self, signs: tuple[str, ...], part: Callable[[], Part]) -> Part:
        left = part()
        while sign := self._takes(*signs):
            first, second = self._amount(left), self._amount(part())
            if sign == "/" and isinstance(second, Number) and second.value == 0:
                raise ConditionRefused(second.span, "a division by 0", "a number other than 0")
            left = Arithmetic(sign, first, second, first.span.to(second.span))
        return left

    def _signed(self) -> Part:
        begun = Span(self._at, 1)
        if self._takes("-"):
            inner = self._amount(self._deeper(self._signed))
            return Negative(inner, begun.to(inner.span))
        if self._takes("("):
            inside = self._deeper(self._any)
            self._close("a `(`")
            return inside
        return self._number() or self._measure()

    def _number(self) -> Number | None:
        digits = _NUMBER.match(self._text, self._at)
        if digits is None:
            return None
        written = digits[0]
        unit = _UNIT.match(self._text, digits.end())
        if unit and unit[1] not in WORDS and (unit[1] in MULTIPLIERS or _meant(written + unit[0])):
            written += unit[0]
        span = Span(self._at, len(written))
        try:
            value = read_number(written)
        except NumberRefused as error:
            raise ConditionRefused(
                span, f"`{written}`", "a number such as 38%, 95, 40k or 1.2M", error.suggestion
            ) from None
        self._skip(len(written))
        return Number(value, " ".join(written.split()), span)

    def _measure(self) -> Measure:
        begun = self._at
        word = _WORD.match(self._text, self._at)
        if word is None or word[0] in WORDS:
            found = self._thing()
            hint = _instead(found) if found else "write what comes after it"
            self._refuse(f"`{found}`" if found else "the end of the condition", _MEASURING, hint)
        what = word[0]
        if what not in MEASURES:
            self._refuse(f"`{what}`", _MEASURING, self._meant(what), len(what))
        self._skip(len(what))
        usage = f"{what}({', '.join(MEASURES[what])})"
        if not self._takes("("):
            self._refuse(f"`{what}` of nobody", f"{usage}, segment left out for all", f"write {what}(us)")
        names = [self._name(usage)]
        while self._takes(","):
            names.append(self._name(usage))
        self._close(f"`{what}(`")
        return self._measured(what, names, Span(begun, len(self._text[begun : self._at].rstrip())), usage)

    def _meant(self, what: str) -> str:
        """What to write for a word that measures nothing."""
        for word in (what, *what.split("_")):
            if hint := did_you_mean(word, MEASURES):
                return hint
        called = self._text[self._at + len(what) :].lstrip().startswith("(")
        return "" if called else _instead(what) or f"such as share({what})"

    def _measured(self, what: str, names: list[Name], span: Span, usage: str) -> Measure:
        wanted = MEASURES[what]
        if not len(wanted) - 1 <= len(names) <= len(wanted):
            many = len(names) > len(wanted)
            at = names[len(wanted)].span if many else span
            raise ConditionRefused(at, f"{len(names)} names" if many else f"no {wanted[len(names)]}", usage)
        said = dict(zip(wanted, names, strict=False))
        return Measure(what, said["who"], said.get("need"), said.get("segment"), span)

    def _name(self, usage: str) -> Name:
        begun = self._at
        sign = self._text[begun : begun + 1]
        if sign and sign in "\"'":
            end = self._text.find(sign, begun + 1)
            if end < 0:
                self._refuse("a quotation mark that nothing closes", f"one more `{sign}` after the name")
            name = Name(self._text[begun + 1 : end], Span(begun, end + 1 - begun))
            self._skip(end + 1 - begun)
            return name
        plain = _NAME.match(self._text, begun)
        if plain is None or not plain[0].strip():
            self._refuse(f"`{sign}`" if sign else "the end of the condition", f"a name, as in {usage}")
        text = plain[0].rstrip()
        self._skip(len(plain[0]))
        return Name(" ".join(text.split()), Span(begun, len(text)))

    def _condition(self, part: Part) -> Condition:
        if isinstance(part, Condition):
            return part
        hint = "such as share(us) > 38%"
        if any(isinstance(each, Measure) for each in parts_of(part)):
            hint = f"compare it, such as {part} > {'38%' if 'share' in str(part) else '...'}"
        raise ConditionRefused(part.span, f"`{part}`", "a comparison, with <, <=, > or >=", hint)

    def _amount(self, part: Part) -> Amount:
        if isinstance(part, Amount):
            return part
        raise ConditionRefused(part.span, f"the condition `{part}`", "an amount", "put conditions together by and, or")

    def _deeper(self, part: Callable[[], P]) -> P:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse("brackets within brackets", f"at most {DEEPEST} within each other")
        inner = part()
        self._depth -= 1
        return inner

    def _takes(self, *signs: str) -> str:
        """The sign that comes next if it is one of these, and goes on behind it; else nothing."""
        found = self._thing()
        if found not in signs:
            return ""
        self._skip(len(found))
        return found

    def _close(self, opened: str) -> None:
        if self._takes(")"):
            return
        found = self._thing()
        told = f"`{found}`" if found else "the end of the condition"
        self._refuse(f"{told} where {opened} is still open", "a `)`", _instead(found))

    def _refuse_rest(self, read: Condition) -> NoReturn:
        found = self._thing()
        if found == ")":
            self._refuse("a `)` that closes nothing", _GOES_ON, "delete it")
        self._refuse(f"`{found}` after `{read}`", _GOES_ON, _instead(found))

    def _refuse(self, found: str, expected: str, suggestion: str = "", length: int = 0) -> NoReturn:
        """At what comes next; at the last character where nothing does."""
        at = min(self._at, max(len(self._text.rstrip()) - 1, 0))
        raise ConditionRefused(Span(at, length or max(len(self._thing()), 1)), found, expected, suggestion)

    def _thing(self) -> str:
        """The word or the sign that comes next."""
        found = _THING.match(self._text, self._at)
        return found[0] if found else ""

    def _skip(self, length: int) -> None:
        self._at += length
        self._blank()

    def _blank(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1


def _instead(found: str) -> str:
    return f"write {_INSTEAD[found]}" if found in _INSTEAD else ""


def _meant(number: str) -> bool:
    """Whether a number with a word behind it is meant as one number, though not so written."""
    try:
        read_number(number)
    except NumberRefused as error:
        return bool(error.suggestion)
    return True
