"""A lead wears away exponentially, is never overshot, and what is imitated is kept."""

from __future__ import annotations

from itertools import pairwise
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.imitation import imitated_since_today, lead

YEARS = st.sampled_from([1 / 12, 0.25, 1.0])
SPEED = st.floats(0, 12)
PATHS = st.lists(st.tuples(st.floats(-10, 10), st.floats(-10, 10)), min_size=1, max_size=20)


def imitated(path: list[tuple[float, float]], speed: float, years: float) -> list[float]:
    """What a rival has imitated in each period, of what we and it have added: it acts on the period before."""
    kept = [0.0]
    for ours, theirs in path:
        kept.append(imitated_since_today(kept[-1], lead(ours, theirs, kept[-1]), speed, years))
    return kept[:-1]


@given(st.floats(0.01, 10), SPEED, YEARS)
def test_a_lead_that_is_kept_up_is_left_to_exp_of_minus_speed_times_years(held: float, speed: float, years: float):
    for n, kept in enumerate(imitated([(held, 0.0)] * 12, speed, years)):
        assert lead(held, 0.0, kept) == pytest.approx(held * exp(-speed * years * n), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("years", [1 / 12, 0.25, 1.0])
def test_a_lead_halves_in_the_stated_time_on_any_calendar(years: float):
    halves_in = 3  # years
    kept = imitated([(2.0, 0.0)] * (round(halves_in / years) + 1), log(2) / halves_in, years)
    assert lead(2.0, 0.0, kept[-1]) == pytest.approx(1.0, rel=1e-12)


@given(PATHS, SPEED, YEARS)
def test_nobody_imitates_more_than_the_largest_lead(path: list[tuple[float, float]], speed: float, years: float):
    largest = max(lead(ours, theirs, 0.0) for ours, theirs in path)
    assert all(kept <= largest * (1 + 1e-12) for kept in imitated(path, speed, years))


@given(PATHS, SPEED, YEARS)
def test_what_is_imitated_is_kept(path: list[tuple[float, float]], speed: float, years: float):
    assert all(later >= earlier for earlier, later in pairwise(imitated(path, speed, years)))


@given(PATHS, st.tuples(SPEED, SPEED), YEARS)
def test_who_imitates_faster_never_leaves_a_larger_lead(
    path: list[tuple[float, float]], speeds: tuple[float, float], years: float
):
    slow, fast = (imitated(path, speed, years) for speed in sorted(speeds))
    for (ours, theirs), less, more in zip(path, slow, fast, strict=True):
        assert lead(ours, theirs, more) <= lead(ours, theirs, less) + 1e-12


@given(st.floats(-10, 0), st.floats(-10, 10), SPEED, YEARS)
def test_where_we_add_nothing_nobody_imitates_whatever_rivals_give_up(
    ours: float, theirs: float, speed: float, years: float
):
    assert imitated([(ours, theirs)] * 4, speed, years) == [0.0] * 4


def test_what_a_rival_adds_by_itself_is_no_lead_and_what_it_gives_up_is_none_either():
    assert lead(2.0, 0.5, 0.25) == 1.25
    assert lead(2.0, 3.0, 0.0) == 0.0
    assert lead(2.0, -3.0, 0.25) == lead(2.0, 0.0, 0.25) == 1.75
