"""Enterprise value is linear: what one unit of NOPAT or capital in each period adds to it.

With these weights a customer's value is a sum over its periods, so it can be built while it is simulated.
"""

from __future__ import annotations

from typing import NamedTuple

from simengine.model.discounting import discount_factors, timing_factor
from simengine.model.residual import ResidualMethod, residual_coefficients


class ValueWeights(NamedTuple):
    """Value of one unit of NOPAT in each period, and of capital at each opening and at the horizon."""

    nopat: list[float]  # [T]
    capital: list[float]  # [T + 1]


def value_weights(
    periods: int, periods_per_year: int, rate_per_period: float, residual: ResidualMethod, timing: str
) -> tuple[ValueWeights, ValueWeights]:
    """Weights w of value within the horizon (explicit) and beyond it (residual), for T = `periods` >= 1.

    Each part of enterprise value is sum_t w_t NOPAT_t + sum_t w_t C_t, from
    EV = u [C_0 + sum_t v^{t+1} (NOPAT_t - k C_t) + v^T (RV - C_T)] with RV as in `residual_coefficients`.
    """
    u = timing_factor(rate_per_period, timing)
    v = discount_factors(rate_per_period, periods)
    at_end = u * v[periods]
    nopat = [u * v[t + 1] for t in range(periods)]
    capital = [-u * rate_per_period * v[t + 1] for t in range(periods)] + [-at_end]
    capital[0] = u * v[1]  # u (1 - k v) = u v

    last_year = min(periods, periods_per_year)
    per_nopat, per_capital = residual_coefficients(residual, rate_per_period)
    beyond = [0.0] * (periods - last_year) + [at_end * per_nopat / last_year] * last_year
    return ValueWeights(nopat, capital), ValueWeights(beyond, [0.0] * periods + [at_end * per_capital])
