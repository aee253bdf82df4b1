"""The company: what turns the profit of its customers into value per share."""

from __future__ import annotations

from typing import Annotated, Literal

from simengine.scenario.fields import Fraction, Model, Money, Number, OneOf, Spend, Text

ResidualMethod = Literal["none", "book", "perpetuity", "fade", "run_off"]
METHODS = {
    "none": "nothing",
    "book": "the capital employed",
    "perpetuity": "the last year's profit grows for ever",
    "fade": "economic profit fades to nothing over `years`",
    "run_off": "the customers of the end until they leave: prices, knowledge and rivals stay as they are then, "
    "programmes (today's too) and initiatives end at once with what they did, so does overhead, nobody returns",
}
Timing = Literal["end", "mid", "start"]
TIMINGS = {
    "end": "at the end of each period",
    "mid": "in the middle of each period",
    "start": "at the start of each period",
}


class Residual(Model):
    """Value beyond the last period."""

    method: Annotated[ResidualMethod, OneOf(METHODS)] = "none"
    """What customers are worth after the last period. Example: `fade`."""
    years: Annotated[float, Number("years", above=0, maximum=200)] | None = None
    """fade only: years until economic profit has gone. Example: `10`."""
    growth: Annotated[float, Number("growth a year", above=-1, below=1)] | None = None
    """perpetuity only: growth a year, less than the discount rate. Example: `2%`."""


class Company(Model):
    """The company whose customers these are."""

    name: Text
    """What it is called. Example: `Northbank`."""
    discount_rate: Annotated[float, Number("a fraction a year", minimum=0, below=1)]
    """Cost of capital, a fraction a year. Example: `9%`."""
    tax_rate: Annotated[float, Number("a fraction of profit", minimum=0, below=1)] = 0
    """Tax, a fraction of profit; a loss saves tax at once. Example: `25%`."""
    shares: Annotated[float, Number("a number of shares", above=0)]
    """Shares outstanding. Example: `120 million`."""
    net_debt: Money = 0
    """Debt less cash, today, in money. Example: `300M`."""
    other_assets: Money = 0
    """What else belongs to shareholders, in money. Example: `15M`."""
    overhead: Spend = 0
    """Cost that belongs to no segment, money a year. Example: `40M`."""
    knowledge: Fraction = 0
    """How well the company knows its customers' needs today, from 0 to 1. Example: `0.4`."""
    timing: Annotated[Timing, OneOf(TIMINGS)] = "end"
    """When in a period cash flows. Example: `mid`."""
    residual: Residual = Residual()
    """Value beyond the last period. Example: `{method: fade, years: 10}`."""
