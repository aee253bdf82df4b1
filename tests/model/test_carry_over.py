"""Carry-over keeps a constant spend as it is, to the bit, and forgets a change geometrically."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.carry_over import carried_over

MONEY = st.floats(0.0, 1e10)
KEPT = st.floats(0.0, 1.0)


@given(MONEY, KEPT)
def test_a_constant_spend_stays_itself(spend, kept):
    assert carried_over(spend, spend, kept) == spend


@given(MONEY, MONEY)
def test_without_carry_over_only_todays_spend_acts(before, spend):
    assert carried_over(before, spend, 0.0) == spend


@given(MONEY, MONEY, KEPT)
def test_a_change_is_a_weighted_mean(before, spend, kept):
    assert carried_over(before, spend, kept) == pytest.approx(kept * before + (1 - kept) * spend, rel=1e-12, abs=1e-5)


def test_a_cut_dies_away_geometrically():
    acting = 100.0
    for period in range(1, 9):
        acting = carried_over(acting, 0.0, 0.7)
        assert acting == pytest.approx(100.0 * 0.7**period, rel=1e-14)
