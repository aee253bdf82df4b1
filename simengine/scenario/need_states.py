"""The need states of a segment: what customers weigh in each, and how they move on from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from simengine.scenario.fields import Model, NeedName, Probability, Weight

NeedStateName = Annotated[str, Field(strict=True, min_length=1, description="the name of a need state of the segment")]


class NeedState(Model):
    """A time in customers' lives, and what they then need."""

    needs: dict[NeedName, Weight]
    """What customers weigh while they are in it: {need: weight}, sum 1. What counts is how it differs from the mean of
    all states: that is added to each customer's own weights. Example: `{rate: 0.4, service: 0.2, advice: 0.1, digital:
    0.3}`."""
    next: dict[NeedStateName, Probability] = Field(default_factory=dict)
    """Where customers move on to: {need state: chance within a year}, each as if no other state came before it.
    Example: `{settled: 15%}`."""


def lasting(states: Mapping[str, NeedState]) -> list[tuple[str, ...]]:
    """The groups of need states that customers do not leave once they are there and move about in for ever, in name
    order: one of them, unless some states never lead to others."""
    reached = {name: _reached(states, name) for name in states}
    groups = {tuple(sorted(found)) for found in reached.values() if all(reached[other] == found for other in found)}
    return sorted(groups)


def _reached(states: Mapping[str, NeedState], start: str) -> frozenset[str]:
    """The states that customers in one come to sooner or later, that one included."""
    found, ahead = {start}, [start]
    while ahead:
        for name in states[ahead.pop()].next:
            if name in states and name not in found:
                found.add(name)
                ahead.append(name)
    return frozenset(found)
