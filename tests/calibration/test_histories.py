"""Customers who are alike are counted once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.calibration.histories import Histories, distinct_rows


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2), st.floats(0, 2)), min_size=1, max_size=40))
def test_kinds_are_those_of_whole_rows(rows: list[tuple[int, float, float]]) -> None:
    table = np.array(rows, dtype=np.float64)
    first, kind, count = distinct_rows(*table.T)
    expected, inverse, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    assert (table[first] == expected).all()
    assert (kind == inverse).all()
    assert (count == counts).all()


def test_histories_and_their_mean_rate() -> None:
    rows = Histories(np.array([2.0, 0, 2, 0]), np.array([3.0, 0, 3, 0]), np.array([5.0, 9, 5, 1]))
    assert rows.purchases.tolist() == [0, 0, 2]
    assert rows.observed.tolist() == [1, 9, 5]
    assert rows.customers.tolist() == [1, 1, 2]
    assert rows.history_of.tolist() == [2, 1, 2, 0]
    assert rows.counts.tolist() == [0, 2]
    assert rows.mean_rate == pytest.approx(4 / 20)
