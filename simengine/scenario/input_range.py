"""The range that the language gives the number at a path."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simengine.scenario.input_path import input_path
from simengine.scenario.shape import number_at
from simengine.scenario.units import LARGEST, SMALLEST
from simengine.scenario.yaml_source import Path

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, without them where they are open; whole numbers only, if `whole`."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    whole: bool = False

    def cut(self, least: float | None, most: float | None) -> Range:
        """Without what is below `least` or above `most`."""
        low = self.low if least is None else max(self.low, least)
        high = self.high if most is None else min(self.high, most)
        return Range(low, high, self.open_low and low == self.low, self.open_high and high == self.high, self.whole)

    def nearest(self, value: float) -> float:
        """The number of the range that is nearest to a value."""
        value = float(round(value)) if self.whole else value
        if value <= self.low:
            value = self.low if not self.open_low else math.nextafter(self.low, math.inf)
        if value >= self.high:
            value = self.high if not self.open_high else math.nextafter(self.high, -math.inf)
        if abs(value) < SMALLEST:  # nearer to 0 than numbers of the language are
            value = SMALLEST if self.open_low and self.low == 0.0 else 0.0
        return value


def range_at(scenario: Scenario, path: str) -> Range:
    """The range of the number at the path of an input."""
    return range_of(input_path(scenario, path))


def range_of(path: Path) -> Range:
    """The range of the number at a path in steps."""
    number = number_at(path)
    if number is None:  # capital
        return Range(0.0, LARGEST)
    low = number.above if number.above is not None else number.minimum
    high = number.below if number.below is not None else number.maximum
    return Range(
        -LARGEST if low is None else low,
        LARGEST if high is None else high,
        number.above is not None,
        number.below is not None,
        number.whole,
    )
