"""Leaving where everybody has a probability of their own of leaving in a year: the shifted-beta-geometric.

The probabilities are beta(alpha, beta) distributed over customers, so whoever is likely to leave does so early and
the hazard of those who are left falls with tenure.
Source: Fader & Hardie 2007, Journal of Interactive Marketing 21(1), 76-90, doi:10.1002/dir.20074.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log_gamma_step
from simengine.scenario.calendar import MONTHS_PER_YEAR


class ShiftedBetaGeometric(NamedTuple):
    """The two parameters of a year, and what their estimate says of itself: nan where they are stated."""

    alpha: float
    beta: float
    alpha_error: float = np.nan  # standard error
    beta_error: float = np.nan
    log_likelihood: float = np.nan
    grid_months: int = 0  # who left did so within so many months: 1, 3 or 12; 0: stated
    correlation: float = np.nan  # of the estimates of alpha and beta


def cumulative_hazard(alpha: float, beta: float, years: float) -> float:
    """-log S(t), S(t) = B(alpha, beta + t) / B(alpha, beta) the survival to a tenure of t years.

    At whole years this is the recursion S(t) = S(t - 1) (beta + t - 1) / (alpha + beta + t - 1); the gamma function
    continues it to fractions of a year, so that months, quarters and years agree wherever they meet. Absolute error
    below 1e-15 (10 + t log(alpha + beta + t)), for alpha and beta above 1e-6.
    """
    return float(log_gamma_step(alpha + beta, years) - log_gamma_step(beta, years))


def cumulative_by_month(alpha: float, beta: float, months: int) -> NDArray[np.float64]:
    """[months + 1] the cumulative hazard at every number of completed months."""
    return np.array([cumulative_hazard(alpha, beta, month / MONTHS_PER_YEAR) for month in range(months + 1)])
