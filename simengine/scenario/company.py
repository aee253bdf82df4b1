"""The company: what turns the profit of its customers into value per share."""

from __future__ import annotations

from typing import Annotated, Literal

from simengine.scenario.fields import Fraction, Model, Money, Number, OneOf, Spend, Text

ResidualMethod = Literal["none", "book", "perpetuity", "fade", "run_off"]
Timing = Literal["end", "mid", "start"]


class Residual(Model):
    """Value beyond the last period."""

    method: Annotated[ResidualMethod, OneOf()] = "none"
    """none; book (the capital employed); perpetuity (the last year's profit grows for ever); fade (economic
    profit fades to nothing over `years`); run_off (the customers of the end until they leave: prices and rivals
    stay as they are then, programmes and overhead end, nobody returns)."""
    years: Annotated[float, Number("years", above=0, maximum=200)] | None = None
    """fade only: years until economic profit has gone."""
    growth: Annotated[float, Number("growth a year", above=-1, below=1)] | None = None
    """perpetuity only: growth a year, less than the discount rate."""


class Company(Model):
    """The company whose customers these are."""

    name: Text
    """What it is called."""
    discount_rate: Annotated[float, Number("a fraction a year", minimum=0, below=1)]
    """Cost of capital, a fraction a year: 9%."""
    tax_rate: Annotated[float, Number("a fraction of profit", minimum=0, below=1)] = 0
    """Tax, a fraction of profit; a loss saves tax at once."""
    shares: Annotated[float, Number("a number of shares", above=0)]
    """Shares outstanding: 120 million."""
    net_debt: Money = 0
    """Debt less cash, today, in money."""
    other_assets: Money = 0
    """What else belongs to shareholders, in money."""
    overhead: Spend = 0
    """Cost that belongs to no segment, money a year."""
    knowledge: Fraction = 0
    """How well the company knows its customers' needs, from 0 to 1."""
    timing: Annotated[Timing, OneOf()] = "end"
    """When in a period cash flows: end, mid or start."""
    residual: Residual = Residual()
    """Value beyond the last period."""
