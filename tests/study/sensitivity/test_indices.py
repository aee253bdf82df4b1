"""Sobol indices of functions whose indices are known, and whether their intervals cover them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from simengine.study.sensitivity.design import design
from simengine.study.sensitivity.indices import indices_of
from tests.study.sensitivity.functions import FIRST, TOTAL, VARIANCE, ishigami

STUDIES = 100


def test_ishigami_within_its_intervals_and_near() -> None:
    drawn = design(3, 1024, seed=1)
    found = indices_of(drawn, ishigami(drawn.probabilities))
    assert found.variance == pytest.approx(VARIANCE, rel=0.05)
    for estimates, truths in ((found.first, FIRST), (found.total, TOTAL)):
        for estimate, truth in zip(estimates, truths, strict=True):
            low, high = estimate.ci95
            assert low <= truth <= high
            assert high - low < 0.15


def test_they_are_those_of_salib() -> None:
    from SALib.analyze import sobol

    drawn = design(3, 128, seed=3)
    outcomes = ishigami(drawn.probabilities)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    theirs = sobol.analyze(problem, outcomes.ravel(), calc_second_order=False, num_resamples=2, seed=1)
    found = indices_of(drawn, outcomes)
    np.testing.assert_allclose([each.value for each in found.first], theirs["S1"], atol=0.01)  # another centre
    np.testing.assert_allclose([each.value for each in found.total], theirs["ST"], atol=1e-12)


def test_intervals_cover_95_percent() -> None:
    """Of 6 indices in 100 studies each; below 90 % by luck with probability under 1e-4 if they were independent."""
    covered = []
    for seed in range(STUDIES):
        drawn = design(3, 128, seed=seed)
        found = indices_of(drawn, ishigami(drawn.probabilities))
        for estimate, truth in zip([*found.first, *found.total], [*FIRST, *TOTAL], strict=True):
            low, high = estimate.ci95
            covered.append(low <= truth <= high)
    assert 0.90 <= np.mean(covered) <= 0.99


def test_an_additive_function_has_the_shares_of_its_terms() -> None:
    drawn = design(4, 256, seed=4)
    found = indices_of(drawn, norm.ppf(drawn.probabilities) @ np.array([3.0, 2.0, 1.0, 0.0]))
    for i, share in enumerate((9 / 14, 4 / 14, 1 / 14, 0.0)):
        for estimate in (found.first[i], found.total[i]):
            assert abs(estimate.value - share) <= 3 * estimate.standard_error + 1e-12
    assert found.total[3].value == 0.0  # no effect, no part in anything
    low, high = found.first[3].ci95
    assert low <= 0.0 <= high


def test_correlated_inputs_of_an_additive_function() -> None:
    """Kucherenko, Tarantola & Annoni 2012, section 6: conditional variances of normal variables in closed form."""
    correlation = np.array([[1.0, 0.5, 0.0], [0.5, 1.0, -0.3], [0.0, -0.3, 1.0]])
    slopes = np.array([1.0, 2.0, 3.0])
    drawn = design(3, 2048, seed=5, correlation=correlation)
    found = indices_of(drawn, norm.ppf(drawn.probabilities) @ slopes)
    variance = slopes @ correlation @ slopes
    first = (correlation @ slopes) ** 2 / variance
    total = slopes**2 / np.diag(np.linalg.inv(correlation)) / variance
    for estimates, truths in ((found.first, first), (found.total, total)):
        for estimate, truth in zip(estimates, truths, strict=True):
            assert abs(estimate.value - truth) <= 4 * estimate.standard_error
            assert estimate.standard_error < 0.05
    assert found.total[0].value < found.first[0].value  # what it adds is less than what it tells


def test_what_never_changes_depends_on_nothing() -> None:
    drawn = design(2, 64, seed=6)
    found = indices_of(drawn, np.full((64, drawn.rows), 3.7))
    assert found.variance == 0.0
    assert {(each.value, each.standard_error) for each in (*found.first, *found.total)} == {(0.0, 0.0)}
