"""The experience of customers: its touchpoints, and who answers for them, today and in an allocation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field

from simengine.scenario.calendar import Period
from simengine.scenario.fields import Model, NotNegative, Number, Positive, Text, TouchpointName
from simengine.scenario.phases import Dated, as_list

Quality = Annotated[float, Number("a quality", above=0, maximum=1)]


class ExperiencedTouchpoint(Model):
    """What a touchpoint is to customers, and who answers for it."""

    weight: Positive
    """How much it counts beside the others; only ratios matter. Example: `0.3`."""
    quality: Quality
    """How well customers are served there, from above 0 to 1 (as well as can be). Example: `0.8`."""
    owner: Text
    """Who answers for it; touchpoints of the same owner are in one hand. Example: `retail`."""


class Experience(Model):
    """What customers experience: as good as the average touchpoint in one hand, ever closer to the weakest the more
    owners there are. Levels of offers contain what is delivered today: only changes act."""

    touchpoints: Annotated[dict[TouchpointName, ExperiencedTouchpoint], Field(min_length=1)]
    """Where customers meet us: {touchpoint: {weight, quality, owner}}. Example: `{branch: {weight: 0.3, quality: 0.9,
    owner: retail}, call: {weight: 0.7, quality: 0.4, owner: operations}}`."""
    silo: NotNegative = 2
    """How much each owner more weakens the whole: the experience is the mean of power 1 - silo (owners - 1) of the
    qualities. 0: owners make no difference. An assumption. Example: `2`."""
    delivers: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The needs that touchpoints deliver; left out, all needs. Example: `[service, advice]`."""


class ExperiencePhase(Model):
    """What changes at touchpoints within some periods; at once, from the first of them."""

    owner: Text | None = None
    """Who alone answers for all touchpoints: any name. Example: `one`."""
    owners: dict[TouchpointName, Text] = Field(default_factory=dict)
    """Who answers for some touchpoints: {touchpoint: owner}; others keep theirs. Example: `{branch: retail, call:
    retail}`."""
    quality: dict[TouchpointName, Quality] = Field(default_factory=dict)
    """Quality of some touchpoints, from above 0 to 1: {touchpoint: quality}; others keep theirs. Example: `{call:
    0.7}`."""
    first: Period | None = Field(None, alias="from")
    """First period of these changes; before it, all is as today. Example: `2027-Q3`."""
    last: Period | None = Field(None, alias="until")
    """Last period of these changes; after it, all is as today again. Example: `2029-Q2`."""

    @property
    def changes(self) -> bool:
        """Whether it says anything."""
        return bool(self.owner or self.owners or self.quality)


ExperiencePhases = Annotated[
    tuple[ExperiencePhase, ...],
    BeforeValidator(as_list, json_schema_input_type=ExperiencePhase | list[ExperiencePhase]),
]


@dataclass(frozen=True, kw_only=True)
class Organisation(Dated):
    """Who answers for touchpoints, and how good they are, where that differs from today."""

    owner: str | None = None
    """Who alone answers for all of them."""
    owners: dict[str, str]
    """By touchpoint."""
    quality: dict[str, float]
    """By touchpoint."""

    def changed(self, touchpoints: dict[str, ExperiencedTouchpoint]) -> dict[str, ExperiencedTouchpoint]:
        """Touchpoints as they then are."""
        return {
            name: each.model_copy(
                update={
                    "owner": self.owner or self.owners.get(name, each.owner),
                    "quality": self.quality.get(name, each.quality),
                }
            )
            for name, each in touchpoints.items()
        }


def owners_of(touchpoints: Iterable[ExperiencedTouchpoint]) -> tuple[str, ...]:
    """The distinct owners, in name order."""
    return tuple(sorted({each.owner for each in touchpoints}))
