"""Retention hazards by tenure of a contract segment: stated, or estimated from who left at which tenure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log1p
from simengine.portfolio.customers import Floats
from simengine.portfolio.population import Hazards
from simengine.portfolio.shifted_beta_geometric import ShiftedBetaGeometric
from simengine.scenario.calendar import MONTHS_PER_YEAR

FEWEST_AT_RISK = 50  # customers: beyond the last tenure with as many, the estimate is a constant rate
POOLED_MONTHS = 24  # over which that rate is taken


class NoEstimate(ValueError):
    """Tenures and departures from which no hazard can be estimated; the message says why."""


def constant_hazard(per_year: float) -> Hazards:
    """The same hazard a year at every tenure."""
    return Hazards(np.zeros(1), per_year / MONTHS_PER_YEAR, 0, 0, np.empty(0))


def stated_shifted_beta_geometric(alpha: float, beta: float) -> Hazards:
    """The hazard of stated parameters, see `shifted_beta_geometric.cumulative_hazard`."""
    return Hazards(np.zeros(1), 0.0, 0, 0, np.empty(0), ShiftedBetaGeometric(alpha, beta))


def departures(tenure_months: NDArray[np.integer], churned: NDArray[np.bool_], weight: Floats) -> tuple[Floats, Floats]:
    """(d, n): of n_t customers who reached month t, d_t left in it; [m] up to the last month that 50 reached.

    From completed months of tenure and whether the customer left then; axis 0 of all: customer. Whoever left
    before completing a month left in the first. `weight` is how many customers a row stands for. Raises NoEstimate.
    """
    longest = int(tenure_months.max(initial=0))
    left: Floats = np.bincount(tenure_months[churned], weight[churned], longest + 1).astype(np.float64)
    ended: Floats = np.bincount(tenure_months, weight, longest + 1).astype(np.float64)
    at_risk = np.cumsum(ended[::-1])[::-1]
    last = int(np.flatnonzero(at_risk >= FEWEST_AT_RISK).max(initial=0))
    if last < 1:
        raise NoEstimate(f"{at_risk[min(1, longest)]:g} customers with a month of tenure or more")
    return left[: last + 1], at_risk[: last + 1]


def survival_of(left: Floats, at_risk: Floats) -> Floats:
    """[m] survival to m completed months: the product of 1 - d_t / n_t up to m.

    Source: Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452.
    """
    survival = np.cumprod(1 - left / at_risk, dtype=np.float64)
    survival[0] = 1.0
    return survival


def estimate_hazard(tenure_months: NDArray[np.integer], churned: NDArray[np.bool_], weight: Floats) -> Hazards:
    """The hazards of Kaplan and Meier's survival, from the customers of `departures`.

    Beyond the last month that 50 customers reached the hazard is -log(1 - d / n), pooled over the last 24
    months before it. Raises NoEstimate.
    """
    left, at_risk = departures(tenure_months, churned, weight)
    leaving = left / at_risk
    if leaving.max() >= 1:
        raise NoEstimate(f"nobody who stayed beyond month {int(np.argmax(leaving))}")
    # The sum of the hazards, not -log(survival): a month without departures then adds exactly nothing.
    cumulative = np.cumsum([-log1p(-share) for share in leaving])
    cumulative[0] = 0.0
    last = len(left) - 1
    pooled = slice(max(1, last - POOLED_MONTHS + 1), last + 1)
    beyond = -log1p(-left[pooled].sum() / at_risk[pooled].sum())
    survival = survival_of(left, at_risk)
    return Hazards(cumulative, beyond, round(weight.sum()), round(weight[churned].sum()), survival)
