"""Numbers as people write them: `9%`, `1.2M`, `40k`, `120 million`, `1.2 billion`, `1e-3`, `1_000`."""

from __future__ import annotations

import difflib
import math
import re
from decimal import Decimal

MULTIPLIERS = {
    "": Decimal(1),
    "%": Decimal("0.01"),
    "k": Decimal(1_000),
    "K": Decimal(1_000),
    "M": Decimal(1_000_000),
    "thousand": Decimal(1_000),
    "million": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
}
HOW = "a number such as 1200, 1.5, 9%, 40k, 1.2M, 120 million or 1.2 billion"
SMALLEST, LARGEST = 1e-12, 1e18  # beyond them, squares and sums over customers may leave what floats hold
_DIGITS = r"[+-]?(?:\d+(?:_\d+)*)?(?:\.\d+|\.)?(?:[eE][+-]?\d+)?"
_WORDS = re.compile(rf"({_DIGITS})\s*([^\d\s.].*)?", re.ASCII)
PATTERN = r"^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)([eE][+-]?\d+)?\s*(%|k|K|M|thousand|million|billion)?$"
_WHOLE = re.compile(PATTERN, re.ASCII)
# What people write instead of a multiplier, and the word to write in its place.
_MEANT = {
    "m": "M", "mn": "M", "mio": "M", "mln": "M", "mm": "M", "millions": "million",
    "b": "billion", "bn": "billion", "g": "billion", "mrd": "billion", "billions": "billion",
    "t": "thousand", "thousands": "thousand", "tsd": "thousand", "percent": "%", "pct": "%", "per cent": "%",
}  # fmt: skip
_ONE_GROUP = re.compile(r"([+-]?[1-9]\d{0,2}),(\d{3})(\s*[A-Za-z%]*)", re.ASCII)  # 1,100
_CONTINENTAL = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+\s*[A-Za-z%]*", re.ASCII)  # 1.100,50
_ENGLISH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+\s*[A-Za-z%]*", re.ASCII)  # 1,100.50
_CURRENCY = re.compile(r"^([€$£¥]|[A-Z]{3}\b)\s*|\s*([€$£¥]|\b[A-Z]{3})$")


def pattern_of(*, signed: bool, percent: bool) -> str:
    """The regular expression of numbers in words, for an editor: below 0 only if signed, with % only if percent."""
    pattern = PATTERN if signed else PATTERN.replace("[+-]", r"\+", 1)
    return pattern if percent else pattern.replace("%|", "")


class NumberRefused(ValueError):
    """A text that is not a number in this language, with what to write instead (may be empty)."""

    def __init__(self, suggestion: str = "") -> None:
        super().__init__(suggestion)
        self.suggestion = suggestion


def read_number(value: object) -> float:
    """The number that a person wrote, as a plain float; fractions for `%`.

    Multipliers are applied in decimal, so that `9%` is exactly the float 0.09 and `1.1M` exactly 1100000.0.
    Raises `NumberRefused` for anything else: booleans, infinities, thousands commas, currency signs.
    """
    if isinstance(value, bool):
        raise NumberRefused("true and false are not numbers")
    if isinstance(value, (int, float)):
        return _finite(value)
    if not isinstance(value, str):
        raise NumberRefused()
    text = value.strip()
    if not _WHOLE.match(text):
        raise NumberRefused(_instead(text))
    digits, word = _WORDS.fullmatch(text).groups(default="")  # type: ignore[union-attr]
    try:
        return _finite(Decimal(digits.replace("_", "")) * MULTIPLIERS[word.strip()])
    except ArithmeticError:  # an exponent beyond what decimals hold
        raise NumberRefused("a number must be finite") from None


def write_number(number: float, *, percent: bool = False, large: bool = False) -> str:
    """A number as a person writes it; reads back to the same float. `large` ones are written 40k, 1.2M, 3 billion."""
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if percent:
        return f"{_plain(exact * 100)}%"
    plain = _plain(exact)
    for word, size in (("k", 3), ("M", 6), (" billion", 9)):
        scaled = exact.scaleb(-size)
        if large and 1 <= abs(scaled) < 1000 and len(digits := _plain(scaled)) < len(plain):
            return f"{digits}{word}"
    return plain


def _plain(number: Decimal) -> str:
    text = f"{number:f}" if abs(number.adjusted()) < 16 else f"{number:g}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _finite(number: float | Decimal) -> float:
    try:
        plain = float(number)
    except OverflowError:
        plain = math.inf
    if not math.isfinite(plain):
        raise NumberRefused("a number must be finite")
    return plain + 0.0  # -0.0 becomes 0.0


def separated(text: str) -> str:
    """What to write for a number whose separators mean one thing here and another there, nothing if they do not."""
    if groups := _ONE_GROUP.fullmatch(text):
        whole, after, word = groups.groups()
        return f"write {whole}{after}{word}, or {whole}.{after.rstrip('0') or '0'}{word} for a decimal point"
    if _CONTINENTAL.fullmatch(text):
        return f"write {text.replace('.', '').replace(',', '.')}, without points between thousands"
    if _ENGLISH.fullmatch(text):
        return f"write {text.replace(',', '')}, without commas between thousands"
    return ""


def _instead(text: str) -> str:
    """What the writer of a refused number most likely meant."""
    bare = _CURRENCY.sub("", text)
    if bare != text:
        return f"leave the currency out: {bare}" if _WHOLE.match(bare) else "leave the currency out"
    if "," in text:
        groups = re.fullmatch(r"([+-]?\d{1,3})((?:,\d{3})+)(\D*)", text)
        if groups and len(groups[2]) > 4:
            return f"write {text.replace(',', '')} without commas"
        if meant := separated(text):
            return meant
        point = text.replace(",", ".")
        if _WHOLE.match(point):
            return f"write a decimal point: {point}"
        return "write a decimal point, and no commas between thousands"
    parts = _WORDS.fullmatch(text)
    if parts and parts[1] and parts[2]:
        word = parts[2].strip()
        meant = word if word in MULTIPLIERS else _MEANT.get(word.lower(), word.lower())
        if meant not in MULTIPLIERS:
            meant = next(iter(difflib.get_close_matches(meant, ["thousand", "million", "billion"], n=1)), meant)
        if meant in MULTIPLIERS:
            joint = "" if len(meant) == 1 else " "
            return f"write {parts[1]}{joint}{meant}"
    if re.fullmatch(r"[+-]?\d+:\d+", text) or "/" in text:
        return "write it as a decimal number"
    return ""


def percent(fraction: float | Decimal, figures: int = 4) -> str:
    """A fraction as a person writes it: 7%, 0.25%, 103.5%."""
    return f"{Decimal(f'{fraction * 100:.{figures}g}').normalize():f}%"
