"""Whether a condition holds in one world, by letting Python work out its text: nothing is shared with the parser.

Only for texts that tests have made: numbers as in the language, names of letters, spaces and digits.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

TIMES = {"%": "/100", "k": "*1000", "K": "*1000", "M": "*1000000", "thousand": "*1000", "million": "*1000000",
         "billion": "*1000000000", "": ""}  # fmt: skip


class Shown(NamedTuple):
    """One world at the end of a period, by segment and supplier: only those who can be chosen, where they can be."""

    customers: dict[str, dict[str, float]]
    price: dict[str, dict[str, float]]
    level: dict[str, dict[str, dict[str, float]]]  # and need
    knowledge: dict[str, dict[str, float]]
    competing: frozenset[str]  # segments


def holds(text: str, shown: Shown) -> bool:
    """Whether the condition holds."""

    def where(segment: str | None) -> list[str]:
        return sorted(shown.competing) if segment is None else [segment]

    def customers(who: str, segment: str | None = None) -> np.float64:
        return np.float64(sum(shown.customers[name].get(who, 0.0) for name in where(segment)))

    def share(who: str, segment: str | None = None) -> np.float64:
        everybody = sum(sum(shown.customers[name].values()) for name in where(segment))
        return customers(who, segment) / everybody if everybody else np.float64(0)

    def mean(values: list[float]) -> np.float64:
        return np.float64(values[0] if len(set(values)) == 1 else sum(values) / len(values))

    def price(who: str, segment: str | None = None) -> np.float64:
        return mean([shown.price[name][who] for name in where(segment) if who in shown.price[name]])

    def knowledge(who: str, segment: str | None = None) -> np.float64:
        return mean([shown.knowledge[name][who] for name in where(segment) if who in shown.knowledge[name]])

    def level(who: str, need: str, segment: str | None = None) -> np.float64:
        return mean([shown.level[name][who][need] for name in where(segment) if who in shown.level[name]])

    names = {each.__name__: each for each in (customers, share, price, knowledge, level)}
    with np.errstate(all="ignore"):
        return bool(eval(in_python(text), {"__builtins__": {}, "number": np.float64}, names))


def in_python(text: str) -> str:
    """The same in Python: names become texts, numbers floats that may be divided by 0."""
    quoted = re.sub(r"\(([^()\"]*)\)", _names, text) if "(" in text else text
    quoted = re.sub(r"\((\"[^()]*\")\)", r"(\1)", quoted)
    return re.sub(
        r"(?<![\w\"])(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(%|k|K|M|thousand|million|billion)?(?![\w\"])", _number, quoted
    )


def _names(found: re.Match[str]) -> str:
    inside = found[1]
    if not re.fullmatch(r"[A-Za-z][\w ]*(,[\w ]*)*", inside) or re.search(r"\b(and|or|not)\b", inside):
        return found[0]
    return "(" + ", ".join(f'"{name.strip()}"' for name in inside.split(",")) + ")"


def _number(found: re.Match[str]) -> str:
    return f"(number({found[1]}){TIMES[found[2] or '']})"
