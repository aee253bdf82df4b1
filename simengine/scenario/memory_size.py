"""Amounts of memory as people write them: `4GiB`, `512 MB`, `1.5 gib`."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import ceil

from simengine.scenario.problems import did_you_mean

GIB, MIB = 1 << 30, 1 << 20
UNITS = {
    "B": 1,
    "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
    "KIB": 1 << 10, "MIB": MIB, "GIB": GIB, "TIB": 1 << 40,
}  # fmt: skip
HOW = "an amount of memory with its unit, such as 4GiB, 1.5 GB or 800MiB"
_SHORT = {"K": "KiB", "M": "MiB", "G": "GiB", "T": "TiB", "": "GiB"}
_WRITTEN = re.compile(r"(\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})\s*([A-Za-z]*)", re.ASCII)
_POWER = re.compile(r"\d{1,3}(?:\.\d{1,3})?[eE]\+?\d{1,2}", re.ASCII)


class SizeRefused(ValueError):
    """A text that is not an amount of memory, with what to write instead (may be empty)."""

    def __init__(self, suggestion: str = "") -> None:
        super().__init__(suggestion)
        self.suggestion = suggestion


def read_memory(text: str) -> int:
    """Bytes. Capitals do not matter. Raises `SizeRefused`."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise SizeRefused(_in_bytes(text.strip()) if _POWER.fullmatch(text.strip()) else "")
    number, unit = written.groups()
    if Decimal(number) == 0:
        raise SizeRefused("more than nothing")
    if not unit and Decimal(number) >= MIB:
        raise SizeRefused(_in_bytes(number))
    if unit.upper() in _SHORT:
        raise SizeRefused(f"did you mean {number}{_SHORT[unit.upper()]}?")
    if unit.upper() not in UNITS:
        raise SizeRefused(did_you_mean(unit, ("kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB")))
    size = int(Decimal(number) * UNITS[unit.upper()])
    if size <= 0:
        raise SizeRefused("more than nothing")
    return size


def _in_bytes(number: str) -> str:
    """A suggestion for a large number without a unit, such as 1e9: it counts bytes."""
    size = Decimal(number)
    for unit in ("TB", "GB", "MB"):
        amount = size / UNITS[unit]
        if 1 <= amount < 1000 and amount == round(amount, 3):
            return f"did you mean {amount.normalize():f}{unit}?"
    return f"did you mean {int(size)}B?" if MIB <= size < 10**18 else ""


def write_memory(size: float) -> str:
    """An amount of memory, rounded up to three digits: `4.13 GiB`, `812 MiB`. `read_memory` reads at least `size`."""
    unit, name = (GIB, "GiB") if size >= GIB else (MIB, "MiB")
    digits = max(0, 3 - len(str(int(size) // unit))) if unit == GIB else 0
    return f"{Decimal(ceil(Fraction(size) * 10**digits / unit)).scaleb(-digits):f}{name}"
