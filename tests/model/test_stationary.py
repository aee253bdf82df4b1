"""Closed forms of rest against the transitions that they are the rest of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.stationary import mass, mass_slope, own_stages, survival

PROBABILITIES = st.floats(0.01, 1.0)
SHARES = st.floats(0.01, 0.95)
PULLS = st.tuples(*[st.floats(1.0, 60.0)] * 3)
PROMOTIONS = st.tuples(st.floats(0.01, 0.9), st.floats(0.01, 0.9))
STEP = 1e-6


def own_matrix(review: float, share: float, pulls: tuple[float, ...], promotions: tuple[float, ...]) -> np.ndarray:
    """Transitions within our three stages; what a row misses of 1 has left."""
    stay = [1 - review * (1 - share) / (1 + share * (pull - 1)) for pull in pulls]
    up = [*promotions, 0.0]
    matrix = np.diag([s * (1 - q) for s, q in zip(stay, up, strict=True)])
    matrix[0, 1], matrix[1, 2] = stay[0] * up[0], stay[1] * up[1]
    return matrix


@given(PROBABILITIES, SHARES, PULLS, PROMOTIONS)
def test_own_stages_are_where_joiners_end_up(
    review: float, share: float, pulls: tuple[float, ...], promotions: tuple[float, ...]
) -> None:
    """With one joiner a period, the stages hold (I - Q')^-1 e_new customers."""
    *stages, _, _ = own_stages(review, share, *pulls, *promotions)
    held = np.linalg.solve(np.eye(3) - own_matrix(review, share, pulls, promotions).T, [1.0, 0.0, 0.0])
    np.testing.assert_allclose(stages, held / held.sum(), rtol=1e-9, atol=1e-12)


@given(PROBABILITIES, SHARES, PULLS, PROMOTIONS)
def test_our_mass_balances_who_joins_and_who_leaves(
    review: float, share: float, pulls: tuple[float, ...], promotions: tuple[float, ...]
) -> None:
    """Everybody's turnover is 1 in the units of `mass`: joiners are share x the sum of all turnovers but our own."""
    *stages, own, _ = own_stages(review, share, *pulls, *promotions)
    leaving = 1 - own_matrix(review, share, pulls, promotions).sum(axis=1)
    left = own * (stages * leaving).sum()
    other = mass(review, 1 - share, 3.0)  # one rival with everything else
    from_other = other * review * share / (1 + (1 - share) * 2.0)
    assert left == pytest.approx(from_other, rel=1e-9)


@given(PROBABILITIES, SHARES, PULLS, PROMOTIONS)
def test_slope_of_our_mass_is_its_derivative(
    review: float, share: float, pulls: tuple[float, ...], promotions: tuple[float, ...]
) -> None:
    def log_mass(at: float) -> float:
        return float(np.log(own_stages(review, at, *pulls, *promotions)[3]))

    h = STEP * share
    numerical = share * (log_mass(share + h) - log_mass(share - h)) / (2 * h)
    assert own_stages(review, share, *pulls, *promotions)[4] == pytest.approx(numerical, rel=1e-5, abs=1e-5)


@given(PROBABILITIES, SHARES, st.floats(1.0, 60.0))
def test_slope_of_a_rivals_mass_is_its_derivative(review: float, share: float, pull: float) -> None:
    h = STEP * share
    numerical = share * (np.log(mass(review, share + h, pull)) - np.log(mass(review, share - h, pull))) / (2 * h)
    assert mass_slope(share, pull) == pytest.approx(numerical, rel=1e-6)


@given(PROBABILITIES, SHARES, st.floats(1.0, 60.0))
def test_stages_that_do_not_differ_are_one_supplier(review: float, share: float, pull: float) -> None:
    _, _, _, own, slope = own_stages(review, share, pull, pull, pull, 0.3, 0.1)
    assert own == pytest.approx(mass(review, share, pull), rel=1e-9)
    assert slope == pytest.approx(mass_slope(share, pull), rel=1e-8)


@given(PROBABILITIES, SHARES, PULLS, PROMOTIONS, st.integers(0, 12))
def test_survival_is_a_power_of_the_transitions(
    review: float, share: float, pulls: tuple[float, ...], promotions: tuple[float, ...], periods: int
) -> None:
    start = np.array([0.2, 0.3, 0.5])
    left = start @ np.linalg.matrix_power(own_matrix(review, share, pulls, promotions), periods)
    survivors = survival(*start, review, share, *pulls, *promotions, periods)
    assert survivors == pytest.approx(left.sum(), rel=1e-12)


def test_a_market_of_one_supplier_keeps_everybody() -> None:
    new, established, loyal, own, slope = own_stages(0.2, 1.0, 3.0, 4.0, 5.0, 0.3, 0.1)
    assert (new, established, loyal) == pytest.approx((0, 0, 1))
    assert np.isfinite(own)
    assert np.isfinite(slope)
