"""Every row of a design has the distribution that it should have, and differs where it should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from simengine.study.sensitivity.design import BLOCKS, design, evaluations

CORRELATION = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])


def test_a_row_differs_in_one_input_alone() -> None:
    drawn = design(3, 64, seed=1).probabilities
    assert drawn.shape == (64, 5, 3)
    assert evaluations(64, 3) == 64 * 5
    for i in range(3):
        others = [j for j in range(3) if j != i]
        np.testing.assert_array_equal(drawn[:, 1 + i, others], drawn[:, 0, others])
        np.testing.assert_array_equal(drawn[:, 1 + i, i], drawn[:, -1, i])


def test_each_block_covers_every_input_evenly_and_differs_from_others() -> None:
    drawn = design(2, 16 * BLOCKS, seed=1).probabilities[:, 0].reshape(BLOCKS, 16, 2)
    for block in drawn:
        np.testing.assert_array_equal(np.sort(np.floor(block * 16), axis=0)[:, 0], np.arange(16))
    assert len(np.unique(drawn[:, 0, 0])) == BLOCKS


def test_no_correlation_is_the_plain_design() -> None:
    np.testing.assert_array_equal(
        design(3, 64, seed=5, correlation=np.eye(3)).probabilities, design(3, 64, seed=5).probabilities
    )


def test_every_row_has_the_joint_distribution() -> None:
    """Sample correlations of 4,096 draws err by 0.016 (standard deviation) at most; 5 of them allowed."""
    drawn = design(3, 4096, seed=2, correlation=CORRELATION)
    assert drawn.correlated == (0, 1)
    assert evaluations(4096, 3, 2) == drawn.probabilities[..., 0].size
    for row in range(drawn.rows):
        scores = norm.ppf(drawn.probabilities[:, row])
        np.testing.assert_allclose(np.corrcoef(scores.T), CORRELATION, atol=0.08)
        np.testing.assert_allclose([scores.mean(axis=0), scores.std(axis=0) - 1.0], 0.0, atol=0.08)


def test_correlated_inputs_change_given_what_stays() -> None:
    drawn = design(3, 4096, seed=2, correlation=CORRELATION)
    scores = norm.ppf(drawn.probabilities)
    a, changed, others, b = scores[:, 0], scores[:, 1], scores[:, 4], scores[:, -1]
    np.testing.assert_allclose(changed[:, 1:], a[:, 1:])  # the first input alone
    np.testing.assert_allclose(others[:, 0], a[:, 0])  # all but the first
    assert np.corrcoef(changed[:, 0], a[:, 0])[0, 1] == pytest.approx(0.36, abs=0.08)  # through the second
    assert np.corrcoef(others[:, 1], a[:, 1])[0, 1] == pytest.approx(0.36, abs=0.08)  # through the first
    assert abs(np.corrcoef(a.T, b.T)[:3, 3:]).max() < 0.08
