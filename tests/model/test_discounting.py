"""Discount factors, timing and the fading annuity."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.discounting import discount_factors, fading_annuity, timing_factor


@given(st.floats(-0.2, 1.0), st.integers(0, 60))
def test_discount_factors(rate, periods):
    factors = discount_factors(rate, periods)
    assert len(factors) == periods + 1
    assert factors[0] == 1.0
    assert factors[-1] == pytest.approx((1 + rate) ** -periods, rel=1e-12)


def test_timing():
    assert timing_factor(0.21, "end") == 1.0
    assert timing_factor(0.21, "mid") == pytest.approx(1.1)
    assert timing_factor(0.21, "start") == 1.21
    with pytest.raises(ValueError, match="end, mid or start"):
        timing_factor(0.21, "late")


def test_a_fading_annuity_by_hand():
    v = 1 / 1.1
    assert fading_annuity(0.1, 1) == pytest.approx(v)
    assert fading_annuity(0.1, 3) == pytest.approx(v + 2 / 3 * v**2 + 1 / 3 * v**3)
    assert fading_annuity(0.0, 4) == pytest.approx(2.5)


@given(st.floats(1e-3, 0.5), st.integers(1, 400))
def test_a_fading_annuity_in_closed_form(rate, periods):
    level = (1 - (1 + rate) ** -periods) / rate
    assert fading_annuity(rate, periods) == pytest.approx((periods - level) / (periods * rate), rel=1e-9)


def test_a_very_slow_fade_is_a_perpetuity():
    gaps = [1 / 0.1 - fading_annuity(0.1, periods) for periods in (100, 1_000, 10_000, 100_000)]
    assert all(gap > 0 for gap in gaps)
    assert all(later == pytest.approx(earlier / 10, rel=0.02) for earlier, later in pairwise(gaps))
    assert math.isclose(gaps[-1], 1 / (100_000 * 0.1**2), rel_tol=1e-3)
