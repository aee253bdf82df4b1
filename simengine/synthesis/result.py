"""What a synthetic file turned out to hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SyntheticSegment:
    """One segment of the file."""

    rows: int
    churned: int
    present: dict[str, int]  # customers who have not left, by supplier; suppliers of nobody are left out


@dataclass(frozen=True)
class SyntheticFile:
    """A synthetic customer file."""

    path: Path
    rows: int
    seed: int
    segments: dict[str, SyntheticSegment]
