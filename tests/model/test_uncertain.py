"""Quantiles of uncertain numbers against SciPy's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simengine.model.uncertain import lognormal_quantile, triangular_quantile, uniform_quantile

GRID = [1e-9, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1 - 1e-9]


@pytest.mark.parametrize("u", GRID)
@pytest.mark.parametrize(("least", "likeliest", "most"), [(3, 5, 12), (0, 0, 1), (2, 7, 7), (1, 1.5, 2)])
def test_triangular(u, least, likeliest, most):
    width = most - least
    expected = stats.triang.ppf(u, (likeliest - least) / width, least, width)
    assert triangular_quantile(u, least, likeliest, most) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("u", GRID)
def test_uniform_and_lognormal(u):
    assert uniform_quantile(u, 4.0, 8.0) == pytest.approx(stats.uniform.ppf(u, 4, 4), rel=1e-12)
    log_sd = math.sqrt(math.log(1 + 0.4**2))
    expected = stats.lognorm.ppf(u, log_sd, scale=6 * math.exp(-(log_sd**2) / 2))
    assert lognormal_quantile(u, 6.0, 0.4) == pytest.approx(expected, rel=1e-12)


def test_means():
    u = (np.arange(100_000) + 0.5) / 100_000
    assert np.mean([triangular_quantile(p, 3, 5, 12) for p in u]) == pytest.approx(20 / 3, rel=1e-6)
    assert np.mean([lognormal_quantile(p, 6, 0.4) for p in u]) == pytest.approx(6, rel=1e-4)


@given(st.floats(1e-12, 1 - 1e-12), st.floats(1e-12, 1 - 1e-12), st.lists(st.floats(0, 100), min_size=3, max_size=3))
def test_more_probability_is_never_less_and_within_the_bounds(u, v, bounds):
    least, likeliest, most = sorted(bounds)
    low, high = (triangular_quantile(p, least, likeliest, most) for p in sorted((u, v)))
    assert least <= low <= high + 1e-12 * most
    assert high <= most
