"""A capitalised acquisition cost is expensed once, later: when the customer stops being new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.acquisition import expense, expense_if_capitalised
from simengine.model.capital import capital


def test_on_joining():
    assert expense(3.0, 200.0) == 600.0


def test_capitalised_it_waits_for_the_end_of_being_new():
    # 5 join while 2 of 10 new customers move on: 13 are new, and 2 are expensed
    assert expense_if_capitalised(5.0, 10.0, 13.0, 200.0) == 400.0


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 1)), min_size=1, max_size=20))
def test_what_is_spent_is_either_capital_or_was_expensed(periods):
    cost, new, spent, expensed = 120.0, 0, 0.0, 0.0
    for joins, still_new in periods:
        after = int(still_new * (new + joins))
        spent += cost * joins
        expensed += expense_if_capitalised(float(joins), float(new), float(after), cost)
        new = after
        held = capital(0.0, 0.1, 0.0, 0.0, float(new), cost)
        assert spent == pytest.approx(expensed + held)


def test_capital_of_revenue_and_customers():
    assert capital(5000.0, 0.12, 4.0, 25.0, 1.0, 0.0) == pytest.approx(700.0)
