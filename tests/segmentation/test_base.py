"""Customers as points, and the sample that segments are formed from."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.segmentation.base import Base, sample_of, space_of


def base(count: int, seed: int = 1, weight: np.ndarray | None = None, features: int = 1) -> Base:
    generator = np.random.default_rng(seed)
    return Base(
        np.arange(count), np.ones(count) if weight is None else weight,
        ("a", "b", "c"), generator.dirichlet([2, 3, 4], count),
        tuple(f"f{f}" for f in range(features)), generator.normal(5, [[1, 100][f % 2] for f in range(features)],
        (count, features)), "", None, 0, False,
    )  # fmt: skip


def test_a_sample_is_all_where_they_are_few() -> None:
    assert sorted(sample_of(base(50), 100, seed=3)) == list(range(50))


def test_a_sample_takes_every_row_as_often_as_it_weighs_to_within_one() -> None:
    weight = np.random.default_rng(2).integers(0, 6, 200).astype(float)
    rows = sample_of(base(200, weight=weight), 300, seed=3)
    taken = np.bincount(rows, minlength=200)
    assert len(rows) == 300
    assert (np.abs(taken - weight * 300 / weight.sum()) < 1).all()


def test_a_sample_does_not_depend_on_the_order_of_rows() -> None:
    one = base(400)
    order = np.random.default_rng(4).permutation(400)
    other = Base(
        one.row, one.weight, one.needs, one.weights_of_needs[order], one.features, one.feature_values[order],
        "", None, 0, False,
    )  # fmt: skip
    assert np.array_equal(order[sample_of(other, 90, seed=5)], sample_of(one, 90, seed=5))


def test_features_count_as_much_as_a_coordinate_of_the_needs_whatever_their_units() -> None:
    """The variance over all axes is 1 for every coordinate of the needs, of which there are two, and every feature."""
    one = base(500, features=2)
    rows = np.arange(500)
    points = space_of(one, rows).points(one, rows)
    assert points.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    assert points.var(axis=0).sum() == pytest.approx(4, rel=1e-12)
    assert np.cov(points.T, bias=True) == pytest.approx(np.diag(points.var(axis=0)), abs=1e-12)


def test_an_axis_along_which_nobody_differs_is_dropped() -> None:
    one = base(100, features=2)
    one.feature_values[:, 1] = 3 - 2 * one.feature_values[:, 0]
    assert space_of(one, np.arange(100)).axes.shape == (4, 3)
