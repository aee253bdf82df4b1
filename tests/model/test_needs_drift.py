"""Weights shift together, sum to what they did, and stay weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simengine.model.needs_drift import shifted_misfit, shifted_utility, summing_to_nothing, within_bounds

WEIGHTS = arrays(np.float64, (5, 4), elements=st.floats(0.0, 1.0)).map(
    lambda raw: (raw + 1e-3) / (raw + 1e-3).sum(axis=-1, keepdims=True)
)
SHIFTS = arrays(np.float64, (5, 4), elements=st.floats(-2.0, 2.0)).map(
    lambda raw: raw - raw.mean(axis=-1, keepdims=True)
)


@given(WEIGHTS, SHIFTS)
def test_mean_weights_stay_between_0_and_1_and_sum_to_1(centre: np.ndarray, shift: np.ndarray) -> None:
    moved = centre + within_bounds(shift, centre)
    assert moved.min() >= -1e-15
    assert moved.max() <= 1 + 1e-15
    np.testing.assert_allclose(moved.sum(axis=-1), 1.0, atol=1e-12)


@given(WEIGHTS, SHIFTS)
def test_a_shift_is_shortened_as_a_whole_and_only_where_it_must_be(centre: np.ndarray, shift: np.ndarray) -> None:
    found = within_bounds(shift, centre)
    inside = ((centre + shift >= 0) & (centre + shift <= 1)).all(axis=-1)
    fits = (np.abs(shift) <= np.where(shift < 0, centre, 1 - centre)).all(axis=-1)
    np.testing.assert_array_equal(found[fits], shift[fits])
    np.testing.assert_allclose(found[inside], shift[inside], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(found[:, :1] * shift, shift[:, :1] * found, atol=1e-12)  # parallel
    edge = np.minimum(centre + found, 1 - centre - found).min(axis=-1)
    np.testing.assert_allclose(edge[~inside], 0.0, atol=1e-12)


@pytest.mark.parametrize("needs", [2, 3, 9])
def test_projected_numbers_are_standard_normal_and_sum_to_nothing(needs: int) -> None:
    """Variance of the projection of the unit vectors: exact, no sample."""
    projection = summing_to_nothing(np.eye(needs))
    np.testing.assert_allclose(projection.sum(axis=-1), 0.0, atol=1e-14)
    np.testing.assert_allclose((projection**2).sum(axis=0), 1.0, rtol=1e-14)
    assert not summing_to_nothing(np.ones((3, 1))).any()


def test_an_offer_gains_by_what_it_is_good_at() -> None:
    shift, levels = np.array([0.05, -0.03, -0.02]), np.array([[9.0, 4.0, 1.0], [5.0, 5.0, 5.0]])
    np.testing.assert_allclose(shifted_utility(0.5, shift, levels), [0.5 * (0.45 - 0.12 - 0.02), 0.0], atol=1e-15)


def test_the_fit_is_lost_by_half_the_distance_of_the_mean_customer_unless_it_is_known() -> None:
    shift = np.array([0.05, -0.03, -0.02])
    assert shifted_misfit(shift, 0.0) == pytest.approx(0.05)
    assert shifted_misfit(shift, 0.6) == pytest.approx(0.02)
    assert shifted_misfit(shift, 1.0) == 0.0
    assert shifted_misfit(np.zeros(3), 0.2) == 0.0
