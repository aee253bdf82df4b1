"""The transformation of weights of needs, against its definition and what it must leave alone."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.segmentation.composition import power_transform


def weights(count: int, needs: int) -> np.ndarray:
    return np.random.default_rng(1).dirichlet(np.full(needs, 0.7), count)


@pytest.mark.parametrize("needs", [2, 3, 6])
def test_distances_are_those_of_the_powered_shares(needs: int) -> None:
    """The rows of a Helmert matrix are orthonormal, and orthogonal to 1: distances between u = K w^a / sum(w^a) / a
    stay, whatever the order of needs."""
    w = weights(40, needs)
    u = np.array([[needs * x**0.5 / sum(y**0.5 for y in row) / 0.5 for x in row] for row in w.tolist()])
    z = power_transform(w)
    assert z.shape == (40, needs - 1)
    apart = np.linalg.norm(z[:, None] - z[None], axis=-1)
    np.testing.assert_allclose(apart, np.linalg.norm(u[:, None] - u[None], axis=-1), atol=1e-12)
    turned = power_transform(w[:, ::-1])
    np.testing.assert_allclose(np.linalg.norm(turned[:, None] - turned[None], axis=-1), apart, atol=1e-12)


def test_equal_weights_are_the_origin_and_zeros_are_points() -> None:
    np.testing.assert_allclose(power_transform(np.full((1, 4), 0.25)), 0, atol=1e-15)
    assert np.isfinite(power_transform(np.eye(4))).all()
