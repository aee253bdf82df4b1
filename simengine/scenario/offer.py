"""Value propositions: what each supplier asks and promises, overall and by segment."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from simengine.scenario.fields import Level, Model, Price, SegmentName


class SegmentOffer(Model):
    """What differs in one segment: a price, a level per need."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Level]
    """{need: level}: how good the offer is on a need. Example: `7`."""
    price: Price | None = None
    """Price in this segment. Example: `98`."""

    @property
    def levels(self) -> dict[str, float]:
        """Levels by need, 0 to 10."""
        return self.__pydantic_extra__


class Offer(SegmentOffer):
    """A supplier's price and levels; segments override them."""

    price: Price = 100
    """Price, in any unit: only ratios matter. Example: `98`."""
    segments: dict[SegmentName, SegmentOffer] = Field(default_factory=dict)
    """What differs by segment: {segment: {price, levels}}. Example: `{affluent: {price: 102, advice: 3}}`."""

    def price_in(self, segment: str) -> float:
        own = self.segments.get(segment)
        return self.price if own is None or own.price is None else own.price

    def level_in(self, need: str, segment: str) -> float | None:
        """The level of a need, or None where it is not stated."""
        own = self.segments.get(segment)
        levels: dict[str, Any] = {**self.levels, **(own.levels if own else {})}
        return levels.get(need)
