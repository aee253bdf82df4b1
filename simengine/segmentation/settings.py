"""What a person may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simengine.segmentation.clusters import Method

By = Literal["needs", "value", "both"]


@dataclass(frozen=True)
class Settings:
    """What a person may ask for."""

    by: By | None = None  # None: needs where there are any, else value
    method: Method = "mixture"
    segments: int | None = None  # None: as many as there are
    most: int = 8
    value_classes: int = 3
    smallest: float = 0.02  # segment, as a share of customers
    seed: int = 1
