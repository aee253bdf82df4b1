"""What some customers differ in from the others, by hand."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from simengine.study.accounts import Categories
from simengine.study.contrast import differences

SOME = np.array([True, True, False, False, False])
EACH = np.ones(5)


def test_means_and_shares_are_compared_in_standard_deviations() -> None:
    tenure = np.array([1.0, 3.0, 5.0, 6.0, 10.0])
    region = Categories(np.array([0, 0, 0, 1, 2]), ("north", "south", "west"))
    found = {(each.what, each.name): each for each in differences(SOME, EACH, {"tenure": tenure}, {"region": region})}
    one = found["tenure", None]
    assert (one.theirs, one.others) == (2.0, 7.0)
    assert one.standardised == pytest.approx(-5.0 / float(np.std(tenure)))
    north = found["region", "north"]
    assert (north.theirs, north.others) == (1.0, pytest.approx(1 / 3))
    assert north.standardised == pytest.approx((1 - 1 / 3) / sqrt(0.6 * 0.4))
    assert list(found) == sorted(found, key=lambda key: -abs(found[key].standardised))


def test_rows_count_with_their_customers() -> None:
    weights = np.array([2.0, 1.0, 1.0, 3.0, 1.0])
    values = np.array([1.0, 4.0, 9.0, 2.0, 5.0])
    apart = differences(
        np.repeat(SOME, weights.astype(int)), np.ones(8), {"value": np.repeat(values, weights.astype(int))}, {}
    )
    (one,), (other,) = apart, differences(SOME, weights, {"value": values}, {})
    assert other[:2] == one[:2]
    assert other[2:] == pytest.approx(one[2:])


def test_what_is_alike_or_unknown_is_not_told() -> None:
    assert differences(SOME, EACH, {"same": np.full(5, 2.0), "unknown": np.full(5, np.nan)}, {}) == []
    assert differences(np.ones(5, bool), EACH, {"value": np.arange(5.0)}, {}) == []
    assert differences(np.zeros(5, bool), EACH, {"value": np.arange(5.0)}, {}) == []


def test_of_two_names_the_one_that_they_have_more_often_is_told() -> None:
    found = differences(SOME, EACH, {}, {"region": Categories(np.array([0, 0, 1, 1, 1]), ("north", "south"))})
    assert [(each.what, each.name) for each in found] == [("region", "north")]
