"""Summaries of replications against SciPy and by hand; a single one has no distribution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simengine.valuation.risk import Summary, summarise


@given(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=60))
def test_mean_spread_and_interval(outcomes):
    summary = summarise(np.array(outcomes), 1024.0)
    values = np.array(outcomes) / 1024.0
    assert summary.mean == pytest.approx(values.mean(), rel=1e-9, abs=1e-6)
    assert summary.sd == pytest.approx(values.std(ddof=1), rel=1e-12)
    half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5
    assert summary.ci95 == pytest.approx((summary.mean - half, summary.mean + half), rel=1e-9, abs=1e-6)
    assert (summary.p5, summary.p50, summary.p95) == tuple(np.percentile(values, (5, 50, 95)))


def test_expected_shortfall_is_the_mean_of_the_worst():
    assert summarise(np.arange(100)[::-1], 1.0).es5 == 2.0  # of 0, 1, 2, 3, 4
    assert summarise(np.arange(40), 2.0).es5 == 0.25
    assert summarise(np.array([7, -3, 9]), 1.0).es5 == -3.0


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=80))
def test_expected_shortfall_is_never_better_than_the_fifth_percentile(outcomes):
    summary = summarise(np.array(outcomes), 1.0)
    assert summary.es5 <= summary.p5 + 1e-9


def test_the_mean_of_large_integers_is_exact():
    assert summarise(np.array([2**62, 2**62 + 2]), 2.0).mean == (2**62 + 1) / 2


def test_a_single_replication_has_only_a_mean():
    assert summarise(np.array([80]), 8.0) == Summary(10.0)


def test_intervals_cover_the_truth_as_often_as_they_say():
    random = np.random.default_rng(20)
    outcomes = np.rint(random.normal(5.0, 2.0, (4000, 6)) * 2**20).astype(np.int64)
    hits = sum(low < 5.0 < high for low, high in (summarise(row, 2.0**20).ci95 for row in outcomes))
    assert hits / 4000 == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / 4000) ** 0.5)


@pytest.mark.parametrize("n", [2, 7, 10])
def test_what_does_not_vary_has_no_spread_at_all(n: int) -> None:
    """Not even that of rounding: the mean of equal floats may be off by a bit."""
    summary = summarise(np.full(n, 2833615406905301), 1e15)
    assert (summary.sd, summary.ci95) == (0.0, (summary.mean, summary.mean))
    assert summary.mean == summary.p5 == summary.p95 == summary.es5
