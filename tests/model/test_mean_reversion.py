"""Deviations start from nothing, return, and have the standard deviation that is stated in the long run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.mean_reversion import multiplier_of_mean_one, new_sd, next_deviation, variance_since_today

VOLATILITY, KEPT = st.floats(0.0, 5.0), st.floats(0.0, 0.999)


@given(VOLATILITY, KEPT, st.integers(1, 60))
def test_the_closed_form_of_the_variance_is_that_of_its_steps(volatility: float, kept: float, periods: int) -> None:
    variance = 0.0
    for _ in range(periods):
        variance = kept**2 * variance + new_sd(volatility, kept) ** 2
    assert variance_since_today(volatility, kept, periods) == pytest.approx(variance, rel=1e-9, abs=1e-12)


@given(VOLATILITY, KEPT)
def test_in_the_long_run_it_is_the_stated_one(volatility: float, kept: float) -> None:
    assert kept**2 * volatility**2 + new_sd(volatility, kept) ** 2 == pytest.approx(volatility**2, rel=1e-12)
    assert variance_since_today(volatility, kept, 1e5) == pytest.approx(volatility**2, rel=1e-12)


@given(VOLATILITY, st.floats(0.01, 0.99))
def test_twelve_months_are_a_year(volatility: float, persistence: float) -> None:
    by_month = variance_since_today(volatility, persistence ** (1 / 12), 12.0)
    assert by_month == pytest.approx(variance_since_today(volatility, persistence, 1.0), rel=1e-12)


def test_a_deviation_returns_by_what_is_not_kept() -> None:
    assert next_deviation(0.5, 0.8, 0.0) == pytest.approx(0.4)
    assert next_deviation(0.0, 0.8, 0.3) == 0.3


def test_the_multiplier_has_mean_one_and_is_one_where_nothing_deviates() -> None:
    """The mean by 40-point Gauss-Hermite quadrature."""
    points, weights = np.polynomial.hermite_e.hermegauss(40)
    sd = 0.4
    mean = (weights * multiplier_of_mean_one(sd * points, sd**2)).sum() / math.sqrt(2 * math.pi)
    assert mean == pytest.approx(1.0, rel=1e-12)
    assert (multiplier_of_mean_one(np.zeros(3), 0.0) == 1.0).all()
