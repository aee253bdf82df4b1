"""Means over a beta variable against SciPy's hypergeometric function."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import hyp2f1

from simengine.arithmetic.beta_mean import NODES, beta_nodes


def nodes(a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    p, weight = np.empty(NODES), np.empty(NODES)
    beta_nodes(a, b, p, weight)
    return p, weight


@pytest.mark.parametrize(("a", "b"), [(0.793, 2.426), (1.0, 1.0), (0.1, 100.0), (5.0, 2.0), (3.0, 50.0)])
def test_of_powers(a: float, b: float) -> None:
    """E (1 + p y)^-s = (1 + y)^-s 2F1(s, b; a + b; y / (1 + y))."""
    p, weight = nodes(a, b)
    assert weight.sum() == pytest.approx(1.0, abs=1e-14)
    assert (weight * p).sum() == pytest.approx(a / (a + b), rel=1e-13)
    for s in (0.243, 2.243, 30.0):
        for y in (0.0, 0.1, 10.0, 1000.0):
            exact = (1 + y) ** -s * hyp2f1(s, b, a + b, y / (1 + y))
            assert (weight * (1 + p * y) ** -s).sum() == pytest.approx(exact, abs=1e-11)


def test_where_most_are_next_to_never() -> None:
    p, weight = nodes(0.01, 0.5)
    exact = 101**-2.243 * hyp2f1(2.243, 0.5, 0.51, 100 / 101)
    assert (weight * (1 + p * 100) ** -2.243).sum() == pytest.approx(exact, abs=2e-5)
