"""The beta distribution against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simengine.arithmetic import beta_cdf, beta_quantile

SHAPES = [(0.05, 0.05), (0.5, 0.5), (1, 1), (0.3, 4), (2, 5), (14, 186), (1 + 8 / 7, 1 + 20 / 7), (900, 4000)]
U = [1e-12, 1e-4, 0.03, 0.25, 0.5, 0.8, 0.999, 1 - 1e-9]


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_probabilities(a: float, b: float) -> None:
    for x in np.concatenate([[-1, 0, 1e-9, 1, 2], stats.beta(a, b).ppf(U)]).tolist():
        assert beta_cdf(x, a, b) == pytest.approx(stats.beta(a, b).cdf(x), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_quantiles(a: float, b: float) -> None:
    for u in U:
        assert beta_quantile(u, a, b) == pytest.approx(stats.beta(a, b).ppf(u), rel=1e-7, abs=1e-13)


def test_ends() -> None:
    assert (beta_quantile(0, 2, 3), beta_quantile(1, 2, 3)) == (0, 1)
    assert np.isnan(beta_quantile(1.5, 2, 3))
    drawn = [beta_quantile(u, 2, 3) for u in np.linspace(0.01, 0.99, 99).tolist()]
    assert drawn == sorted(drawn)
