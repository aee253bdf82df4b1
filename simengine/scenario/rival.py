"""A rival: what it knows of its customers, and what they bring it."""

from __future__ import annotations

from pydantic import Field

from simengine.scenario.capital import Capital
from simengine.scenario.fields import AttributeName, Fraction, ImitationSpeed, Margin, Model, Spend, TouchpointName
from simengine.scenario.segment import PerJoiner, Touchpoint

ECONOMICS = ("margin", "overhead", "cost_to_serve", "capital", "acquisition_cost")  # ours where a rival's are left out


class Rival(Model):
    """A rival besides its offer: what it knows, and its economics (ours, today's, where they are left out)."""

    knowledge: Fraction = 0
    """How well the rival knows its customers' needs today, from 0 to 1. Example: `0.3`."""
    margin: Margin | None = None
    """Of its revenue at its price of today, after cost of goods, before cost to serve. Left out: the segment's.
    Example: `45%`."""
    overhead: Spend | None = None
    """Cost that belongs to no segment, money a year. Left out: the company's, all of it, however small the rival is.
    Example: `10M`."""
    cost_to_serve: dict[TouchpointName, Touchpoint] | None = None
    """Activity-based cost of serving a customer: {touchpoint: {uses a year, cost per use}}. Left out: the segment's.
    Example: `{app: {uses: 200, cost: 0.04}}`."""
    capital: Capital | None = None
    """Capital that a customer ties up: `12% of revenue`, or money per customer. Left out: the segment's. Example: `8%
    of revenue`."""
    acquisition_cost: PerJoiner | None = None
    """What winning a customer costs, expensed at once. Left out: the segment's. Example: `90`."""
    imitation: dict[AttributeName, ImitationSpeed] = Field(default_factory=dict)
    """How fast this rival imitates what we add, where it differs from the speeds under `imitation`: {need, price or
    knowledge: speed a year}. Example: `{price: 400%, service: 0}`."""

    @property
    def stated(self) -> list[str]:
        """The economics that the scenario states."""
        return [name for name in ECONOMICS if getattr(self, name) is not None]

    @property
    def unstated(self) -> list[str]:
        """The economics that are therefore ours."""
        return [name for name in ECONOMICS if getattr(self, name) is None]
