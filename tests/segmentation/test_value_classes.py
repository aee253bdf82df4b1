"""Classes by value bring equal parts, and never part customers who bring the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simengine.segmentation.value_classes import value_classes

amounts = st.lists(st.integers(-3, 30), min_size=1, max_size=60)


@given(amounts, st.integers(1, 5))
def test_classes_are_in_order_and_equal_as_far_as_can_be(money: list[int], classes: int) -> None:
    value, weight = np.array(money, dtype=float), 1.0 + np.arange(len(money)) % 2
    names, found = value_classes(value, weight, classes)
    assert set(found) == set(range(len(names)))  # none is empty
    order = np.argsort(-value, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    for amount in set(money):
        assert len(set(found[value == amount])) == 1
    assert ("loss" in names) == bool((value < 0).any())
    brought = weight * np.maximum(value, 0)
    alike = max(brought[value == amount].sum() for amount in set(money))
    parts = [brought[found == c].sum() for c in range(len(names))]
    assert max(parts) <= brought.sum() / classes + alike + 1e-9


@given(amounts, st.integers(0, 2**32 - 1))
def test_the_order_of_customers_does_not_matter(money: list[int], seed: int) -> None:
    value = np.array(money, dtype=float)
    order = np.random.default_rng(seed).permutation(len(money))
    names, found = value_classes(value, np.ones(len(value)), 3)
    again, other = value_classes(value[order], np.ones(len(value)), 3)
    assert names == again
    assert (found[order] == other).all()


def test_thirds_of_what_ten_customers_bring() -> None:
    value = np.array([50.0, 30, 20, 10, 10, 10, 8, 6, 4, 2])
    names, found = value_classes(value, np.ones(10), 3)
    assert names == ("high", "middle", "low")
    assert found.tolist() == [0, 1, 1, 2, 2, 2, 2, 2, 2, 2]
