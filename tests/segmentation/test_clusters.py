"""Densities, assignments and criteria, against those of the library that fitted them and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from simengine.segmentation.clusters import ROUNDING, ROUNDS, TOLERANCE, Method, fit

POINTS = np.concatenate(
    [np.random.default_rng(1).normal(0, 1, (80, 2)), np.random.default_rng(2).normal((4, 1), (1, 0.5), (120, 2))]
)


def test_a_mixture_is_that_of_the_library() -> None:
    own = fit("mixture", POINTS, 2, seed=3)
    smallest = ROUNDING * POINTS.var(axis=0).mean()
    theirs = GaussianMixture(2, random_state=3, reg_covar=smallest, max_iter=ROUNDS, tol=TOLERANCE).fit(POINTS)
    labels, certainty = own.assign(POINTS)
    probability = theirs.predict_proba(POINTS)
    assert (labels == theirs.predict(POINTS)).all()
    np.testing.assert_allclose(certainty, probability.max(axis=1), rtol=1e-9)
    bic, icl = own.criteria(POINTS)
    assert bic == pytest.approx(theirs.bic(POINTS), rel=1e-12)
    entropy = -sum(p * np.log(p) for p in probability.ravel().tolist() if p > 0)
    assert icl == pytest.approx(theirs.bic(POINTS) + 2 * entropy, rel=1e-9)


def test_k_means_assigns_to_the_nearest_centre_and_its_likelihood_is_by_hand() -> None:
    own = fit("k-means", POINTS, 3, seed=1)
    labels, _ = own.assign(POINTS)
    distance = np.linalg.norm(POINTS[:, None] - own.centre[None], axis=-1)
    assert (labels == distance.argmin(axis=1)).all()
    variance = (distance.min(axis=1) ** 2).sum() / (2 * len(POINTS)) + ROUNDING * POINTS.var(axis=0).mean()
    likelihood = 0.0
    for n, label in enumerate(labels.tolist()):
        share = (labels == label).mean()
        likelihood += np.log(share / (2 * np.pi * variance)) - distance[n, label] ** 2 / (2 * variance)
    bic, icl = own.criteria(POINTS)
    assert bic is None
    assert icl == pytest.approx(-2 * likelihood + 9 * np.log(len(POINTS)), rel=1e-9)


def test_without_a_component_its_points_go_to_their_next() -> None:
    own = fit("mixture", POINTS, 3, seed=1)
    labels, _ = own.assign(POINTS)
    left = own.without(1)
    assert left.weight.sum() == pytest.approx(1)
    kept = labels != 1
    assert (left.assign(POINTS)[0][kept] == np.where(labels > 1, labels - 1, labels)[kept]).all()


@pytest.mark.parametrize("method", ["mixture", "k-means"])
def test_points_that_are_all_the_same_are_one_cluster(method: Method) -> None:
    own = fit(method, np.zeros((40, 1)), 1, seed=1)
    assert (own.assign(np.zeros((40, 1)))[0] == 0).all()
    assert all(np.isfinite(each) for each in own.criteria(np.zeros((40, 1))) if each is not None)
