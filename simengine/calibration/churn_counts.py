"""The hazard of leaving from how many customers were added, lost and left at the end of each period.

Joiners come evenly through a period, and everybody leaves with the same hazard h, so that customers N follow
dN/dt = added - h N. With N known at both ends h is the root of end = start e^-h + added (1 - e^-h) / h, and
lost / h is the time that customers spent with us: occurrences over exposure (Keiding 1990, Statistical inference in the
Lexis diagram). It is within h^2/12 of lost over the mean of start and end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.optimize import brentq

from simengine.calibration.result import Horizon
from simengine.portfolio.hazard import NoEstimate

LARGEST = 700.0  # of a hazard a period
FEWEST_PERIODS = 2  # to see how much periods differ


class Period(NamedTuple):
    """Customers of a period."""

    label: str
    start: float
    added: float
    lost: float
    end: float


class Rate(NamedTuple):
    """The hazard of a period, a year, and how sure it is if customers leave independently."""

    period: str
    hazard: float
    standard_error: float  # NaN without customers
    exposure: float  # years that customers spent with us


class ChurnEstimate(NamedTuple):
    """A constant hazard, a year, and what speaks against it."""

    name: str
    periods: tuple[Period, ...]
    rates: tuple[Rate, ...]
    used: int  # periods that the estimate is from, the first
    hazard: float
    standard_error: float  # if customers leave independently with the same hazard in all periods
    between_periods: float | None  # standard error from how much periods differ; None for a single one
    dispersion: float | None  # variance of what was lost over what that independence says; 1 if it holds
    log_likelihood: float
    fitted: int  # periods from which the backtest is predicted
    horizons: tuple[Horizon, ...]  # customers at the end of each period after those, who were added being known

    @property
    def churn(self) -> float:
        """The part of customers who leave within a year."""
        return -math.expm1(-self.hazard)


def estimate_churn(
    name: str, periods: Sequence[Period], per_year: float, until: int | None = None, holdout: float = 1 / 3
) -> ChurnEstimate:
    """The hazard of the first `until` of `periods`, else of all; a year has `per_year`. The backtest is predicted from
    the first `until`, else from all but the share `holdout`. Raises NoEstimate."""
    used = len(periods) if until is None else until
    if not sum(p.lost for p in periods[:used]) > 0:
        raise NoEstimate("nobody was lost")
    rates = tuple(_rate(p, per_year) for p in periods)
    hazard, error, between, dispersion = _pooled(periods[:used], rates[:used])
    fitted = math.ceil(len(periods) * (1 - holdout)) if until is None else until
    expected = [hazard * rate.exposure for rate in rates[:used]]
    value = math.fsum(
        p.lost * math.log(mean) - mean - math.lgamma(p.lost + 1) if mean > 0 else 0.0
        for p, mean in zip(periods, expected, strict=False)
    )
    horizons: tuple[Horizon, ...] = ()
    if any(rate.exposure > 0 for rate in rates[:fitted]):  # of nobody nothing is predicted
        horizons = tuple(_predicted(periods, fitted, _pooled(periods[:fitted], rates[:fitted])[0] / per_year))
    return ChurnEstimate(name, tuple(periods), rates, used, hazard, error, between, dispersion, value, fitted, horizons)


def end_of(start: float, added: float, hazard: float) -> float:
    """Customers at the end of a period with a hazard a period, joiners coming evenly through it."""
    stay = math.exp(-hazard)
    return start * stay + added * (-math.expm1(-hazard) / hazard if hazard > 0 else 1.0)


def _rate(period: Period, per_year: float) -> Rate:
    if not period.lost > 0:
        exposure = (period.start + period.end) / 2 / per_year  # and as unsure as if one had left
        return Rate(period.label, 0.0, 1 / exposure if exposure > 0 else math.nan, exposure)
    if not period.end > end_of(period.start, period.added, LARGEST):
        raise NoEstimate(f"next to nobody is left at the end of {period.label}: the hazard has no end")
    hazard = brentq(
        lambda h: end_of(period.start, period.added, h) - period.end, 1e-12, LARGEST, xtol=1e-15, rtol=1e-14
    )
    yearly = float(hazard) * per_year
    return Rate(period.label, yearly, yearly / math.sqrt(period.lost), period.lost / yearly)


def _pooled(periods: Sequence[Period], rates: Sequence[Rate]) -> tuple[float, float, float | None, float | None]:
    """Hazard, its standard error, that from how much periods differ, and their dispersion.

    The variance between periods is sum (lost - h exposure)^2 / (n - 1) x n, over the exposure squared: that of a ratio
    (Cochran 1977, Sampling Techniques, chapter 6).
    """
    lost, exposure = math.fsum(p.lost for p in periods), math.fsum(r.exposure for r in rates)
    hazard = lost / exposure
    n = len(periods)
    if n < FEWEST_PERIODS or not hazard > 0:
        return hazard, math.sqrt(lost) / exposure, None, None
    misses = [p.lost - hazard * r.exposure for p, r in zip(periods, rates, strict=True)]
    between = math.sqrt(math.fsum(miss * miss for miss in misses) * n / (n - 1)) / exposure
    chi_squared = math.fsum(
        miss * miss / (hazard * r.exposure) for miss, r in zip(misses, rates, strict=True) if r.exposure > 0
    )
    return hazard, math.sqrt(lost) / exposure, between, chi_squared / (n - 1)


def _predicted(periods: Sequence[Period], fitted: int, hazard: float) -> list[Horizon]:
    """Customers after the first `fitted` periods with a hazard a period and those added known."""
    customers, found = periods[fitted - 1].end, []
    for ahead, period in enumerate(periods[fitted:], start=1):
        customers = end_of(customers, period.added, hazard)
        found.append(Horizon(float(ahead), period.end, customers))
    return found
