"""Enterprise value of a line, or of the company, in two forms that always agree.

    free cash flow:   EV = u [sum_t v^{t+1} FCF_t + v^T RV]
    economic profit:  EV = u [C_0 + sum_t v^{t+1} EP_t + v^T (RV - C_T)]

Arrays have time last: NOPAT [..., T] of the periods, capital [..., T + 1] at their openings and at the
horizon. Source: Preinreich 1938, Econometrica 6(3), 219-241, doi:10.2307/1907053; Ohlson 1995, Contemporary
Accounting Research 11(2), 661-687, doi:10.1111/j.1911-3846.1995.tb00461.x.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.model.discounting import discount_factors, timing_factor
from simengine.model.economic_profit import economic_profit, free_cash_flow
from simengine.model.residual import residual_coefficients
from simengine.tables.layout import Axes, Economics, Floats, Residual


class Terms(NamedTuple):
    """How money over time becomes value."""

    rate_per_period: float
    periods_per_year: int
    timing: str  # end, mid, start
    residual: Residual

    @classmethod
    def of(cls, economics: Economics, axes: Axes) -> Terms:
        """The terms that a scenario states."""
        return cls(economics.discount_rate_per_period, axes.periods_per_year, economics.timing, economics.residual)

    def at_horizon(self, periods: int) -> float:
        """Value today of 1 at the end of the last of so many periods: u v^T."""
        return timing_factor(self.rate_per_period, self.timing) * discount_factors(self.rate_per_period, periods)[-1]


class Parts(NamedTuple):
    """Enterprise value within the horizon and beyond it; currency, shape [...]."""

    explicit: Floats
    residual: Floats


def _present_value(flow: Floats, factors: list[float]) -> Floats:
    """Sum over the last axis of flow_t times factors[t + 1], in order: same bits for any shape."""
    total = np.zeros(flow.shape[:-1])
    for t in range(flow.shape[-1]):
        total = total + flow[..., t] * factors[t + 1]
    return total


def residual_value(nopat: Floats, capital: Floats, terms: Terms) -> Floats:
    """Value at the horizon of what lies beyond it; [...]. NOPAT counts by its mean over the last year."""
    last_year = min(nopat.shape[-1], terms.periods_per_year)
    mean = np.zeros(nopat.shape[:-1])
    for t in range(nopat.shape[-1] - last_year, nopat.shape[-1]):
        mean = mean + nopat[..., t]
    mean = mean / last_year
    per_nopat, per_capital = residual_coefficients(terms.residual, terms.rate_per_period)
    return np.asarray(mean * per_nopat + capital[..., -1] * per_capital)


def from_free_cash_flow(nopat: Floats, capital: Floats, terms: Terms) -> Parts:
    """Enterprise value as discounted free cash flow."""
    periods = nopat.shape[-1]
    u = timing_factor(terms.rate_per_period, terms.timing)
    factors = discount_factors(terms.rate_per_period, periods)
    flow = free_cash_flow(nopat, capital[..., :-1], capital[..., 1:])
    return Parts(
        explicit=_present_value(flow, factors) * u,
        residual=residual_value(nopat, capital, terms) * (u * factors[periods]),
    )


def from_economic_profit(nopat: Floats, capital: Floats, terms: Terms) -> Parts:
    """Enterprise value as opening capital plus discounted economic profit."""
    periods = nopat.shape[-1]
    u = timing_factor(terms.rate_per_period, terms.timing)
    factors = discount_factors(terms.rate_per_period, periods)
    profit = economic_profit(nopat, capital[..., :-1], terms.rate_per_period)
    worth = capital[..., 0] + _present_value(profit, factors) - capital[..., -1] * factors[periods]
    return Parts(
        explicit=worth * u,
        residual=residual_value(nopat, capital, terms) * (u * factors[periods]),
    )


def both_forms(nopat: Floats, capital: Floats, terms: Terms) -> tuple[Parts, Floats]:
    """Parts of the value of lines with time last, and their value in the other form."""
    other = from_economic_profit(nopat, capital, terms)
    return from_free_cash_flow(nopat, capital, terms), other.explicit + other.residual


def without_capital(nopat: Floats, terms: Terms) -> tuple[Parts, Floats]:
    """The same of lines that tie up none."""
    return both_forms(nopat, np.zeros((*nopat.shape[:-1], nopat.shape[-1] + 1)), terms)
