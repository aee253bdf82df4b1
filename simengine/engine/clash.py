"""Figures of today that exclude each other."""

from __future__ import annotations

from typing import NamedTuple


class Clash(NamedTuple):
    """Figures of a segment that no constants and inertia can explain together."""

    segment: str
    field: str  # the field to point at: churn or shares
    found: str
    expected: str
    suggestion: str


class CalibrationClash(Exception):
    """Stated figures that exclude each other, for every segment where they do."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__("; ".join(f"{c.segment}: {c.found}; expected {c.expected}" for c in clashes))
        self.clashes = clashes
