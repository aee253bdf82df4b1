"""Levels of employees approach what is aimed at by halves, and neither spend nor service of today moves anything."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.employees import aimed_level, followed_level, served_quality

LEVEL, YEARS, HALF_LIFE = st.floats(0.0, 1.0), st.floats(0.05, 1.0), st.floats(0.05, 50.0)


@given(LEVEL, HALF_LIFE, HALF_LIFE, YEARS)
def test_who_is_where_he_aims_stays_to_the_bit(level: float, up: float, down: float, years: float) -> None:
    assert aimed_level(level, 0.0) == level
    assert followed_level(level, level, up, down, years) == level


def test_half_of_the_distance_is_made_up_in_a_half_life_each_way() -> None:
    assert followed_level(0.4, 0.8, 2.0, 9.0, 2.0) == pytest.approx(0.6)
    assert followed_level(0.4, 0.2, 9.0, 0.5, 0.5) == pytest.approx(0.3)
    assert followed_level(0.4, 0.2, 9.0, 0.5, 1.0) == pytest.approx(0.25)


@given(LEVEL, LEVEL, HALF_LIFE, HALF_LIFE)
def test_the_length_of_periods_makes_no_difference(level: float, aimed: float, up: float, down: float) -> None:
    by_month = level
    for _ in range(12):
        by_month = followed_level(by_month, aimed, up, down, 1 / 12)
    assert by_month == pytest.approx(followed_level(level, aimed, up, down, 1.0), abs=1e-12)


@given(LEVEL, LEVEL, HALF_LIFE, HALF_LIFE, YEARS)
def test_an_aim_is_approached_and_never_passed(
    level: float, aimed: float, up: float, down: float, years: float
) -> None:
    low, high = sorted((level, aimed))
    assert low <= followed_level(level, aimed, up, down, years) <= high


def test_levels_end_at_nothing_and_at_all() -> None:
    assert aimed_level(0.5, 0.3) == 0.8
    assert aimed_level(0.5, 0.7) == 1.0
    assert aimed_level(0.5, -0.7) == 0.0


@given(st.floats(1e-12, 1.0))
def test_without_a_shift_service_is_as_it_is_to_the_bit(quality: float) -> None:
    assert served_quality(quality, 0.0) == quality
    assert served_quality(quality, -0.0) == quality


@given(st.floats(0.01, 0.99), st.floats(-8.0, 8.0))
def test_the_log_odds_of_quality_shift(quality: float, shift: float) -> None:
    served = served_quality(quality, shift)
    assert math.log(served / (1 - served)) == pytest.approx(math.log(quality / (1 - quality)) + shift, abs=1e-8)


def test_perfect_service_stays_perfect() -> None:
    assert served_quality(1.0, -3.0) == 1.0
    assert served_quality(0.5, 200.0) == 1.0
    assert 0.0 < served_quality(0.5, -200.0) < 1e-80
