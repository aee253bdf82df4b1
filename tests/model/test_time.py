"""Yearly figures on any calendar: twelve months, four quarters and one year are the same year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.time import (
    fraction_kept,
    probability_from_hazard,
    rate_per_period,
)

PERIODS = st.sampled_from([1, 2, 4, 12])


@given(st.floats(-0.9, 3.0), PERIODS)
def test_a_rate_compounds_to_its_year(rate, periods):
    assert (1 + rate_per_period(rate, 1 / periods)) ** periods == pytest.approx(1 + rate, rel=1e-13)


@given(st.floats(0.0, 30.0), PERIODS)
def test_a_hazard_is_the_same_year_on_any_calendar(hazard, periods):
    stay = 1 - probability_from_hazard(hazard, 1 / periods)
    assert stay**periods == pytest.approx(1 - probability_from_hazard(hazard, 1.0), rel=1e-9, abs=1e-13)


@given(st.floats(0.0, 1.0), PERIODS)
def test_what_is_kept_is_the_same_year_on_any_calendar(kept, periods):
    assert fraction_kept(kept, 1 / periods) ** periods == pytest.approx(kept, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("convert", [rate_per_period, fraction_kept])
@pytest.mark.parametrize("stated", [0.0, 0.1, 0.7, 1.0])
def test_a_yearly_calendar_gives_the_stated_figure_to_the_bit(convert, stated):
    assert convert(stated, 1.0) == stated


def test_edges():
    assert rate_per_period(0.0, 0.25) == 0.0
    assert probability_from_hazard(0.0, 0.25) == 0.0
    assert fraction_kept(0.0, 0.25) == 0.0
    assert fraction_kept(1.0, 0.25) == 1.0
