"""How numbers are written as text: which sign stands before decimals and which between thousands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from simengine.portfolio.sql_text import literal
from simengine.scenario.units import separated

_SPACES = " \u00a0\u202f"
_NEVER_DECIMAL = f"'’{_SPACES}"  # signs between thousands that cannot be before decimals
_THOUSANDS = {".": "[.]", ",": "[,]", "'": "['’]", "space": f"[{_SPACES}]", "none": ""}
_EXPONENT = "([eE][+-]?[0-9]+)?"
# A number that is not written plainly, as far as a quick look tells.
_SEPARATED = f"[+-]?([0-9.]*[,{_NEVER_DECIMAL}][0-9].*|[0-9]{{1,3}}([.][0-9]{{3}}){{2,}})"


class NumberStyle(NamedTuple):
    """Signs of numbers in text."""

    decimal: str = "."
    thousands: str = ""  # regular expression of one sign; "" if there are none

    def sql(self, text: str) -> str:
        """SQL of the number that the SQL `text` is, NULL where it is none."""
        if self.decimal == "." and not self.thousands:
            return f"TRY_CAST({text} AS DOUBLE)"
        plain = text
        if self.thousands:
            plain = f"regexp_replace({plain}, {literal(self.thousands)}, '', 'g')"
        if self.decimal != ".":
            plain = f"replace({plain}, {literal(self.decimal)}, '.')"
        return f"CASE WHEN regexp_full_match({text}, {literal(self._pattern())}) THEN TRY_CAST({plain} AS DOUBLE) END"

    def _pattern(self) -> str:
        whole = f"({_grouped(self.thousands)}|[0-9]*)" if self.thousands else "[0-9]*"
        return f"[+-]?{whole}([{self.decimal}][0-9]*)?{_EXPONENT}"


def stated_style(decimal: str, thousands: str) -> NumberStyle | None:
    """The style that `portfolio.format` states, None where both signs are "auto".

    With a stated decimal sign alone, thousands may have any other.
    """
    if decimal == thousands == "auto":
        return None
    if decimal == "auto":
        decimal = "," if thousands == "." else "."
    return NumberStyle(decimal, _any_but(decimal) if thousands == "auto" else _THOUSANDS[thousands])


def found_styles(files: Sequence[Sequence[str]], occurs: Callable[[str, str], bool]) -> list[NumberStyle]:
    """The style of the numbers in each file, which is given by its columns: the rule of `portfolio.format`.

    `occurs(column, pattern)` says whether a whole text of the column has the pattern. A file whose numbers do not
    tell is like the others.
    """

    def told(columns: Sequence[str]) -> str:
        """The decimal signs that some number tells."""
        return "".join(sign for sign in ",." if any(occurs(column, _only(sign)) for column in columns))

    looked_at = {i: told(columns) for i, columns in enumerate(files) if any(occurs(c, _SEPARATED) for c in columns)}
    if "," in looked_at.values():
        looked_at = {i: looked_at.get(i) or told(columns) or "," for i, columns in enumerate(files)}
    return [
        NumberStyle(looked_at[i], _any_but(looked_at[i]))
        if looked_at.get(i) in (",", ".")
        else NumberStyle(".", f"[{_NEVER_DECIMAL}]" if i in looked_at else "")
        for i in range(len(files))
    ]


def _any_but(decimal: str) -> str:
    """The signs between thousands beside a sign before decimals."""
    return f"[{'.' if decimal == ',' else ','}{_NEVER_DECIMAL}]"


def _grouped(sign: str) -> str:
    return f"[0-9]{{1,3}}({sign}[0-9]{{3}})+"


def _only(decimal: str) -> str:
    """A number in which `decimal` stands before decimals and cannot stand between thousands, or the other way round."""
    thousands = _any_but(decimal)
    decimals = f"0*[{decimal}][0-9]+|[0-9]{{4,}}[{decimal}][0-9]*|[0-9]+[{decimal}]([0-9]{{1,2}}|[0-9]{{4,}})"
    both = f"{_grouped(thousands)}[{decimal}][0-9]*"
    repeated = f"[0-9]{{1,3}}([{thousands[1]}][0-9]{{3}}){{2,}}"
    return f"[+-]?({decimals}|{both}|{repeated}){_EXPONENT}"


def number_hint(text: str) -> str:
    """What to write instead of a cell that looks like a number to a person."""
    bare = text.strip("%€$£¥ \u00a0")
    if bare != text and bare.replace(".", "").replace(",", "").isdigit():
        return f"write {bare}, without signs" + ("; weights of needs may state unit: percent" if "%" in text else "")
    plain = text.replace(" ", "").replace("'", "")
    if meant := separated(plain):
        return f"{meant}; or state portfolio.format.decimal"
    if plain.count(",") == 1 and "." not in plain and plain.replace(",", "").lstrip("+-").isdigit():
        return f"write {plain.replace(',', '.')}: a decimal point"
    return ""
