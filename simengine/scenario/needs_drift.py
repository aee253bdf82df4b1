"""How the needs of a segment's customers drift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from simengine.scenario.fields import Model, NeedName, Number
from simengine.scenario.market import Persistence

WeightTrend = Annotated[float, Number("a change of a weight a year", minimum=-1, maximum=1)]


class NeedsDrift(Model):
    """How the mean weights of needs move: around today's, or their trend, by luck; they always sum to 1, and where one
    would leave 0 to 1, all move less."""

    volatility: Annotated[float, Number("a standard deviation of weights", minimum=0, below=1)] = 0
    """Standard deviation of each mean weight in the long run. Example: `2%`."""
    persistence: Persistence = 0
    """Fraction of a deviation that is left after a year. Example: `60%`."""
    trend: dict[NeedName, WeightTrend] = Field(default_factory=dict)
    """Change of mean weights a year, for ever: {need: points}. Needs that are not named give or take what is left, all
    the same. Example: `{digital: 2%}`."""

    @property
    def drifts(self) -> bool:
        """Whether anything moves."""
        return self.volatility > 0 or any(self.trend.values())

    def trend_of(self, needs: Sequence[str]) -> list[float]:
        """Change of each mean weight a year, sum 0; all `needs` there are."""
        others = [need for need in needs if need not in self.trend]
        rest = -sum(self.trend.values()) / len(others) if others else 0.0
        return [self.trend.get(need, rest) for need in needs]
