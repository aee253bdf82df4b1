"""Linear limits, amounts that keep them, and amounts as people state them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.study.optimize.limits import Feasible, Limit
from simengine.study.optimize.rounding import rounded, usual_step


def budget_of(whole: float, n: int, *others: Limit) -> Feasible:
    return Feasible(np.zeros(n), np.full(n, np.inf), (Limit("budget", 0, np.ones(n), whole), *others), whole)


def test_limits_that_exclude_each_other_are_missed_by_as_little_as_can_be() -> None:
    low = Limit("a >= 7", 0, np.array([-1.0, 0.0]), -7.0)
    high = Limit("a <= 4", 0, np.array([1.0, 0.0]), 4.0)
    missed = budget_of(10.0, 2, low, high).misses()
    assert sum(miss.by for miss in missed) == pytest.approx(3.0)
    assert not budget_of(10.0, 2, low).misses()


def test_the_nearest_amounts_keep_all_limits_and_those_that_do_stay() -> None:
    feasible = budget_of(10.0, 3, Limit("a <= b", 0, np.array([1.0, -1.0, 0.0]), 0.0))
    inside = np.array([2.0, 3.0, 4.0])
    assert (feasible.nearest(inside) == inside).all()
    moved = feasible.nearest(np.array([9.0, 1.0, 4.0]))
    assert feasible.keeps(moved)
    assert np.abs(moved - [9.0, 1.0, 4.0]).sum() == pytest.approx(8.0)  # by hand: 8 of a go


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=2, max_size=7), st.sampled_from([1e-3, 2.5e5, 4e7]))
def test_rounded_amounts_keep_the_budget_to_the_last_and_have_few_digits(parts: list[float], whole: float) -> None:
    x = np.array(parts) + 1e-3
    x *= whole / x.sum()
    feasible = budget_of(whole, len(x))
    step = usual_step(whole)
    found = rounded(x, feasible, step, 1)
    assert feasible.keeps(found)
    assert found.sum() == pytest.approx(whole, rel=1e-9)
    assert (np.abs(found - x) <= step * (1 + 1e-6)).all()
    assert all(float(f"{each:.10g}") == each for each in found.tolist())
