"""What others choose counts by its change from today."""

from __future__ import annotations

import numpy as np

from simengine.model.word_of_mouth import word_of_mouth


def test_todays_share_adds_nothing_and_a_point_more_adds_a_hundredth_of_omega() -> None:
    shares = np.array([0.34, 0.31, 0.23])
    assert not word_of_mouth(1.7, shares, shares).any()
    np.testing.assert_allclose(word_of_mouth(1.7, shares + 0.01, shares), 0.017, rtol=1e-12)
