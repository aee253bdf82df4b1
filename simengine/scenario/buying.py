"""How customers buy until they are gone: the parameters of BG/NBD and of gamma-gamma spend."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from simengine.scenario.fields import Model, Number, OneOf
from simengine.scenario.time_units import YEARS

Shape = Annotated[float, Number("a shape", minimum=0.01, maximum=1e6)]
TimeUnit = Literal["year", "quarter", "month", "week", "day"]
TIME_UNITS = {
    "year": "a year",
    "quarter": "a quarter of a year",
    "month": "a twelfth of a year",
    "week": "7 days",
    "day": "a year has 365.25",
}


class BgNbd(Model):
    """While a customer is ours it buys at a rate of its own, gamma distributed over customers, and each purchase after
    the first is its last with a probability of its own, beta distributed (Fader, Hardie & Lee 2005,
    doi:10.1287/mksc.1040.0098)."""

    r: Shape
    """Shape of the rates at which customers buy: the smaller, the more they differ. Example: `0.243`."""
    alpha: Annotated[float, Number("a length of time, in units of `unit`", minimum=1e-6, maximum=1e9)]
    """Scale of the rates: the mean rate is r / alpha purchases per `unit`. Example: `4.414`."""
    a: Shape
    """First parameter of the probability that a purchase is the last. Example: `0.793`."""
    b: Shape
    """Second parameter: a / (a + b) is the mean probability that a purchase is the last. Example: `2.426`."""
    unit: Annotated[TimeUnit, OneOf(TIME_UNITS)] = "year"
    """What alpha counts. Example: `week`."""

    @property
    def alpha_years(self) -> float:
        """`alpha` in years."""
        return self.alpha * YEARS[self.unit]


class Purchases(Model):
    """The law of purchases."""

    bg_nbd: BgNbd
    """Beta-geometric / negative binomial: {r, alpha, a, b, unit}, as `calibrate` estimates them from transactions.
    Example: `{r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, unit: week}`."""


class GammaGammaParameters(Model):
    """What a customer's purchases bring varies around a mean of its own, and these means between customers, whatever
    the number of purchases (Fader, Hardie & Lee 2005, doi:10.1509/jmkr.2005.42.4.415)."""

    p: Shape
    """Shape of what a customer's purchases bring: the larger, the more alike they are. Example: `6.25`."""
    q: Annotated[float, Number("a shape", above=1, maximum=1e6)]
    """Shape of the means: the larger, the more alike customers are. Above 1: else their mean is infinite. Example:
    `3.74`."""
    gamma: Annotated[float, Number("money", above=0)]
    """Scale: the mean over customers is p × gamma / (q − 1). Example: `15.44`."""


class GammaGamma(Model):
    """Money a purchase that differs between customers."""

    gamma_gamma: GammaGammaParameters
    """{p, q, gamma}, as `calibrate` estimates them from transactions. Example: `{p: 6.25, q: 3.74, gamma: 15.44}`."""


def _spend_kind(value: object) -> str:
    return "#gamma_gamma" if isinstance(value, (dict, GammaGamma)) else "#money"


Spend = Annotated[
    Annotated[GammaGamma, Tag("#gamma_gamma")] | Annotated[float, Number("money a purchase", above=0), Tag("#money")],
    Discriminator(_spend_kind),
]
