"""Texts and numbers as a draft writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLAIN = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_/.]|[ -](?=[A-Za-z0-9]))*", re.ASCII)
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}  # that some reader takes for something else
_MILLION = 1_000_000


def quoted(text: str) -> str:
    """A text as YAML reads it back, on one line: in double quotes unless it is plainly a word."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def comment(text: str) -> str:
    """A text on the one line that a comment has."""
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def flow(pairs: Mapping[str, object]) -> str:
    """`{key: value, ...}` of values that are YAML already."""
    return "{" + ", ".join(f"{quoted(key)}: {value}" for key, value in pairs.items()) + "}"


def figure(value: float, digits: int = 3) -> str:
    """A number of some digits, without an exponent where it is of a usual size."""
    rounded = float(f"{value:.{digits}g}")
    return str(int(rounded)) if rounded == int(rounded) and rounded < 1e15 else f"{rounded:.15g}"


def fractions(weights: Mapping[str, float]) -> dict[str, str]:
    """Shares of a whole, of six decimals, that sum to 1 exactly and of which none is 0."""
    total = sum(weights.values())
    parts = {name: max(1, round(weight / total * _MILLION)) for name, weight in weights.items()}
    largest = max(parts, key=lambda name: parts[name])
    parts[largest] += _MILLION - sum(parts.values())
    return {name: f"{part / _MILLION:.6f}".rstrip("0") for name, part in parts.items()}
