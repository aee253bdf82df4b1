"""Response curves pass through their answers, rise with spend and saturate."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simengine.model.response import adbudg, adbudg_parameters, hill

SPEND = st.floats(0.0, 1e12)


@given(st.floats(-5, 5), st.floats(1.0, 1e9), st.floats(0.05, 20.0))
def test_hill_at_nothing_half_and_saturation(maximum, half, shape):
    assert hill(0.0, maximum, half, shape) == 0.0
    assert hill(half, maximum, half, shape) == maximum / 2
    assert hill(float("inf"), maximum, half, shape) == maximum


@given(SPEND, SPEND, st.floats(1.0, 1e9), st.floats(0.05, 20.0))
def test_hill_never_falls_with_spend(a, b, half, shape):
    low, high = sorted((a, b))
    assert 0.0 <= hill(low, 1.0, half, shape) <= hill(high, 1.0, half, shape) * (1 + 1e-15) <= 1.0 + 1e-15


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6), st.floats(0.2, 4.0))
def test_hill_is_the_textbook_fraction(spend, half, shape):
    assert hill(spend, 3.0, half, shape) == pytest.approx(3.0 * spend**shape / (half**shape + spend**shape), rel=1e-12)


@st.composite
def answers(draw):
    none = draw(st.floats(-10, 10))
    steps = draw(st.tuples(*[st.floats(0.01, 5.0)] * 3))
    sign = draw(st.sampled_from([1.0, -1.0]))
    rising = [none]
    for step in steps:
        rising.append(rising[-1] + sign * step)
    return rising


@given(answers())
def test_adbudg_passes_through_the_four_answers(four):
    none, today, plus_half, saturated = four
    curve = adbudg_parameters(*four)
    assert adbudg(0.0, *curve) == none
    assert adbudg(1.0, *curve) == pytest.approx(today, abs=1e-12)
    assert adbudg(1.5, *curve) == pytest.approx(plus_half, abs=1e-11)
    assert adbudg(float("inf"), *curve) == pytest.approx(saturated, abs=1e-14)


@given(answers(), st.floats(0, 1e6), st.floats(0, 1e6))
def test_adbudg_moves_one_way_only(four, a, b):
    curve = adbudg_parameters(*four)
    low, high = (adbudg(x, *curve) for x in sorted((a, b)))
    direction = 1.0 if curve.saturated > curve.none else -1.0
    assert direction * (high - low) >= -1e-14 * max(abs(curve.none), abs(curve.saturated))


@given(st.permutations([0.1, 0.3, 0.4, 0.7]))
def test_answers_out_of_order_are_refused(four):
    assume(four not in ([0.1, 0.3, 0.4, 0.7], [0.7, 0.4, 0.3, 0.1]))
    with pytest.raises(ValueError, match="must all rise or all fall"):
        adbudg_parameters(*four)


def test_two_equal_answers_are_refused():
    with pytest.raises(ValueError, match="must all rise or all fall"):
        adbudg_parameters(0.0, 0.5, 0.5, 1.0)
