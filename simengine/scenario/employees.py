"""Employees: how enabled and motivated they are today, how fast that moves, and what touchpoints make of it."""

from __future__ import annotations

from typing import Annotated

from simengine.scenario.fields import Fraction, Model, Number

EMPLOYEE_TARGETS = ("enablement", "motivation")  # of levers, and names of the levels
HalfLife = Annotated[float, Number("years", above=0, maximum=200)]
Sensitivity = Annotated[float, Number("log odds of a quality", minimum=0, maximum=100)]


class Enablement(Model):
    """Whether employees have the data, tools and skills to serve customers. All defaults are assumptions."""

    today: Fraction = 0.5
    """The level today, from 0 to 1 (all that they could need). Example: `0.5`."""
    half_life_up: HalfLife = 1
    """Years in which half of a rise to what spend aims at has come. Example: `1`."""
    half_life_down: HalfLife = 2
    """Years in which half of a fall has come. Example: `2`."""
    sensitivity: Sensitivity = 2
    """Log odds by which the quality of every touchpoint rises if the level rises by 1. Example: `2`."""


class Motivation(Model):
    """Whether employees want to serve customers well: rewards, direction. All defaults are assumptions."""

    today: Fraction = 0.5
    """The level today, from 0 to 1 (all that they could give). Example: `0.5`."""
    half_life_up: HalfLife = 1
    """Years in which half of a rise to what spend aims at has come. Example: `1`."""
    half_life_down: HalfLife = 0.5
    """Years in which half of a fall has come: motivation is lost faster than it is won. Example: `0.5`."""
    sensitivity: Sensitivity = 1
    """Log odds by which the quality of every touchpoint rises if the level rises by 1. Example: `1`."""


class Employees(Model):
    """Two levels that levers move, those who serve each segment apart, and that touchpoints are as good for. Only
    changes from today act."""

    enablement: Enablement = Enablement()
    """Data, tools and skills: {today, half_life_up, half_life_down, sensitivity}. Example: `{today: 0.4,
    half_life_up: 1.5}`."""
    motivation: Motivation = Motivation()
    """Rewards and direction: {today, half_life_up, half_life_down, sensitivity}. Example: `{today: 0.6,
    half_life_down: 0.25}`."""
