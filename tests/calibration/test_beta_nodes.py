"""Expectations over a beta distribution against its moments."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from simengine.calibration.beta_nodes import beta_nodes

SHAPES = st.floats(-4, 5).map(lambda exponent: 10.0**exponent)


@settings(max_examples=60)
@given(SHAPES, SHAPES)
def test_the_first_two_moments(a: float, b: float) -> None:
    p, weight = beta_nodes(a, b)
    assert weight.sum() == pytest.approx(1, rel=1e-12)
    assert (weight * p).sum() == pytest.approx(a / (a + b), rel=1e-9, abs=1e-14)
    assert (weight * p**2).sum() == pytest.approx(a * (a + 1) / ((a + b) * (a + b + 1)), rel=1e-9, abs=1e-14)


def test_a_high_moment() -> None:
    p, weight = beta_nodes(0.793, 2.426)
    assert (weight * p**150).sum() == pytest.approx(np.exp(betaln(150.793, 2.426) - betaln(0.793, 2.426)), rel=1e-10)
