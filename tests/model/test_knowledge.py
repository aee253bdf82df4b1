"""Knowledge is learned by serving and forgotten; today it rests, and it never leaves 0 to 1."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simengine.model.knowledge import forgetting_rate, knowledge_after, knowledge_lead, learning_rate_today
from tests.oracle import knowledge as slow

LEVEL, TODAY, YEARS = st.floats(0.0, 1.0), st.floats(0.0, 0.999), st.sampled_from([1 / 12, 1 / 4, 1.0])
RATIO, RESPONSE = st.floats(0.0, 1e3), st.floats(-5.0, 5.0)
FORGOTTEN, EXPONENT = st.floats(0.0, 0.99), st.floats(0.0, 3.0)


@given(TODAY, FORGOTTEN, EXPONENT, YEARS)
def test_today_rests_to_the_bit(today: float, forgotten: float, exponent: float, years: float) -> None:
    assert knowledge_after(today, today, 1.0, 0.0, forgetting_rate(forgotten), exponent, years) == today


@given(LEVEL, TODAY, RATIO, RESPONSE, FORGOTTEN, EXPONENT, st.floats(0.0, 1e3))
@example(1.0, 0.999, 1e3, 5.0, 0.99, 3.0, 1e3)
@example(0.0, 0.0, 0.0, -5.0, 0.0, 0.0, 1.0)
def test_any_step_ends_between_0_and_1(
    known: float, today: float, ratio: float, response: float, forgotten: float, exponent: float, years: float
) -> None:
    assert 0.0 <= knowledge_after(known, today, ratio, response, forgetting_rate(forgotten), exponent, years) <= 1.0


@given(LEVEL, TODAY, st.floats(0.0, 5.0), st.floats(-0.5, 2.0), FORGOTTEN, st.floats(0.0, 2.0))
def test_the_length_of_periods_makes_no_difference(
    known: float, today: float, ratio: float, response: float, forgotten: float, exponent: float
) -> None:
    rate = forgetting_rate(forgotten)
    by_month = known
    for _ in range(12):
        by_month = knowledge_after(by_month, today, ratio, response, rate, exponent, 1 / 12)
    assert by_month == pytest.approx(knowledge_after(known, today, ratio, response, rate, exponent, 1.0), abs=1e-9)


@pytest.mark.parametrize("known", [0.0, 0.4, 0.9])
@pytest.mark.parametrize(("ratio", "response"), [(1.0, 0.0), (0.3, 0.0), (2.5, 0.1), (1.0, -0.2), (1.0, -9.0)])
def test_it_is_the_limit_of_many_small_steps(known: float, ratio: float, response: float) -> None:
    found = knowledge_after(known, 0.4, ratio, response, forgetting_rate(0.2), 0.7, 0.25)
    assert found == pytest.approx(slow.after(known, 0.4, ratio, response, 0.2, 0.7, 0.25), abs=1e-9)


def test_who_learns_nothing_forgets_the_stated_part_in_a_year() -> None:
    assert knowledge_after(0.6, 0.0, 1.0, 0.0, forgetting_rate(0.2), 1.0, 1.0) == pytest.approx(0.6 * 0.8, rel=1e-15)


def test_who_forgets_nothing_learns_by_spend_alone_what_is_left() -> None:
    """1 - K falls as exp(-response years)."""
    found = knowledge_after(0.25, 0.25, 3.0, 0.4, 0.0, 1.0, 1.0)
    assert found == pytest.approx(1 - 0.75 * math.exp(-0.4), rel=1e-15)


@given(TODAY, st.floats(0.0, 20.0), st.floats(0.0, 3.0), st.floats(0.01, 0.9), EXPONENT)
def test_it_ends_where_learning_replaces_what_is_forgotten(
    today: float, ratio: float, response: float, forgotten: float, exponent: float
) -> None:
    rate = forgetting_rate(forgotten)
    learning = learning_rate_today(today, rate) * ratio**exponent + response
    end = learning / (learning + rate)
    found = knowledge_after(0.5, today, ratio, response, rate, exponent, 1e5)
    assert found == pytest.approx(end, abs=1e-9)


@given(LEVEL, TODAY, RATIO, RATIO, RESPONSE, RESPONSE, st.floats(0.01, 0.9), st.floats(0.1, 2.0), YEARS)
def test_more_customers_and_more_spend_never_teach_less(
    known: float,
    today: float,
    ratio: float,
    other: float,
    response: float,
    more: float,
    forgotten: float,
    exponent: float,
    years: float,
) -> None:
    rate = forgetting_rate(forgotten)
    (few, many), (little, much) = sorted((ratio, other)), sorted((response, more))
    less = knowledge_after(known, today, few, little, rate, exponent, years)
    assert knowledge_after(known, today, many, much, rate, exponent, years) >= less - 1e-12


def test_arrays_have_the_bits_of_their_numbers() -> None:
    random = np.random.default_rng(2)
    known, today, ratio, response = random.uniform(0, 0.99, (4, 3, 2, 5))
    today[0, 0] = 0.0
    forgetting, exponent = random.uniform(0, 1, (2, 1, 5))
    forgetting[0, 1] = 0.0
    found = knowledge_after(known, today, ratio, response, forgetting, exponent, 0.25)
    each = [
        knowledge_after(*map(float, numbers), 0.25)
        for numbers in zip(
            *(of.flat for of in np.broadcast_arrays(known, today, ratio, response, forgetting, exponent)), strict=True
        )
    ]
    np.testing.assert_array_equal(found.reshape(-1), each)


def test_a_lead_counts_from_today_and_less_than_nothing_is_no_lead() -> None:
    assert knowledge_lead(0.7, 0.5, 0.3, 0.3) == pytest.approx(0.2)
    assert knowledge_lead(0.7, 0.5, 0.35, 0.3) == pytest.approx(0.15)
    assert knowledge_lead(0.4, 0.5, 0.3, 0.3) == 0.0
    assert knowledge_lead(0.7, 0.5, 0.6, 0.3) == 0.0
