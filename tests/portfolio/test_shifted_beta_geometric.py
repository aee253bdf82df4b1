"""Survival of the shifted-beta-geometric against its recursion, exact sums and the mixture that it is."""

from __future__ import annotations

from fractions import Fraction
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from simengine.portfolio.hazard import stated_shifted_beta_geometric
from simengine.portfolio.shifted_beta_geometric import cumulative_by_month, cumulative_hazard

shapes = st.floats(1e-3, 1e4)


@given(shapes, shapes, st.integers(1, 60))
def test_whole_years_are_the_recursion(alpha: float, beta: float, years: int) -> None:
    a, b = Fraction(alpha), Fraction(beta)
    survival = Fraction(1)
    for t in range(1, years + 1):
        survival *= (b + t - 1) / (a + b + t - 1)
    exact = -log(survival)
    assert cumulative_hazard(alpha, beta, years) == pytest.approx(
        exact, rel=1e-12, abs=1e-15 * (10 + years * log(alpha + beta + years))
    )


@pytest.mark.parametrize(("alpha", "beta", "years"), [(0.668, 3.806, 0.25), (1.7, 2.9, 1 / 12), (3.0, 1.5, 7.5)])
def test_between_whole_years_it_is_the_mean_over_customers(alpha: float, beta: float, years: float) -> None:
    """Who leaves with probability p a year is still there after t years with probability (1 - p)^t."""

    def density(p: float) -> float:
        return float(p ** (alpha - 1) * (1 - p) ** (beta - 1))

    there = quad(lambda p: density(p) * (1 - p) ** years, 0, 1)[0] / quad(density, 0, 1)[0]
    assert exp(-cumulative_hazard(alpha, beta, years)) == pytest.approx(there, rel=1e-7)


@given(shapes, shapes)
def test_the_hazard_falls_with_tenure(alpha: float, beta: float) -> None:
    hazard = np.diff(cumulative_by_month(alpha, beta, 120))
    assert (hazard > 0).all()
    assert (np.diff(hazard) < 1e-12 * hazard[0] + 1e-12).all()


def test_hazards_reach_any_tenure() -> None:
    hazards = stated_shifted_beta_geometric(0.668, 3.806)
    assert hazards.up_to(0).tolist() == [0.0]
    assert np.array_equal(hazards.up_to(6000)[:121], hazards.up_to(120))
    # S(t) falls like t^-alpha
    late = hazards.up_to(12 * 8000)
    assert late[12 * 8000] - late[12 * 4000] == pytest.approx(0.668 * log(2), rel=1e-3)
