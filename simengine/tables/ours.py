"""What we do under an allocation, before any customer or rival: what is spent, what that does, what we offer then."""

from __future__ import annotations

from typing import NamedTuple

from simengine.scenario.allocation import Allocation
from simengine.scenario.model import Scenario
from simengine.tables.design import Designs
from simengine.tables.experience import Delivery, delivered_levels, delivery_of
from simengine.tables.programmes import Effects, programmes
from simengine.tables.propositions import Proposition, our_proposition

Misfit = dict[str, list[int]]  # by segment: which of the misfits of its customers is ours, in each period; 0: today's


class Ours(NamedTuple):
    """What we do: all of it follows from an allocation."""

    spend: dict[str, list[float]]  # by segment: currency a year in each period
    effects: Effects
    misfit: Misfit  # empty: today's
    delivery: Delivery | None  # None: as today


TODAY = Ours({}, {}, {}, None)


def ours_of(scenario: Scenario, allocation: Allocation, designs: Designs) -> Ours:
    """What we do under an allocation."""
    misfit = misfit_path(allocation, designs, scenario.calendar.periods)
    spend, effects = programmes(scenario, allocation)
    return Ours(spend, effects, misfit, delivery_of(scenario, allocation, effects))


def misfit_path(allocation: Allocation, designs: Designs, periods: int) -> Misfit:
    """Our misfit in each period: 0 under today's design, n under the n-th of the segment's finer `designs`."""

    def at(segment: str, period: int) -> int:
        design = allocation.design(segment, period)
        return 0 if design is None or design.groups == 1 else 1 + designs[segment].index(design.groups)

    return {segment: [at(segment, t) for t in range(periods)] for segment in designs}


def perceived_offer(scenario: Scenario, ours: Ours, segment: str, period: int) -> Proposition:
    """Our offer as customers perceive it: what we promise, with what is delivered of it."""
    offer = our_proposition(scenario, ours.effects, segment, period)
    return offer._replace(levels=delivered_levels(scenario, offer.levels, ours.delivery, segment, period))
