"""Value propositions: what each supplier asks and promises, overall and by segment."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from simengine.scenario.fields import Level, Model, Price, Text


class SegmentOffer(Model):
    """What differs in one segment: a price, a level per need."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Level]
    price: Price | None = None
    """Price in this segment."""

    @property
    def levels(self) -> dict[str, float]:
        """Levels by need, 0 to 10."""
        return self.__pydantic_extra__


class Offer(SegmentOffer):
    """A supplier's price and levels; segments override them."""

    price: Price = 100
    """Price, in any unit: only ratios matter."""
    segments: dict[Text, SegmentOffer] = Field(default_factory=dict)
    """What differs by segment: {segment: {price, levels}}."""

    def price_in(self, segment: str) -> float:
        own = self.segments.get(segment)
        return self.price if own is None or own.price is None else own.price

    def level_in(self, need: str, segment: str) -> float | None:
        """The level of a need, or None where it is not stated."""
        own = self.segments.get(segment)
        levels: dict[str, Any] = {**self.levels, **(own.levels if own else {})}
        return levels.get(need)
