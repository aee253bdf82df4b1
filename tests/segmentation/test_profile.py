"""Names and words of segments follow from how their means differ."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.segmentation.base import Base
from simengine.segmentation.profile import Difference, differences, in_words, named, profile

WEIGHTS = np.array([[0.7, 0.2, 0.1]] * 3 + [[0.3, 0.4, 0.3]] * 5 + [[0.5, 0.3, 0.2]] * 2)
BASE = Base(
    np.arange(10), np.arange(1.0, 11), ("advice", "price", "speed"), WEIGHTS, ("age",),
    np.arange(10.0)[:, None], "revenue", np.full(10, 50.0), 0, False,
)  # fmt: skip
HERE = np.arange(10) < 3


def test_differences_are_of_means_in_standard_deviations_between_customers() -> None:
    w, x = BASE.weight, WEIGHTS[:, 0]
    centre = np.average(x, weights=w)
    spread = np.sqrt(np.average((x - centre) ** 2, weights=w))
    found = {each.name: each for each in differences(BASE, HERE)}
    others = np.average(x[3:], weights=w[3:])
    assert found["advice"].mean == pytest.approx(0.7)
    assert found["advice"].others == pytest.approx(others)
    assert found["advice"].effect == pytest.approx((0.7 - others) / spread)


def test_a_profile_by_hand() -> None:
    found = profile(BASE, HERE, "advice", differences(BASE, HERE), None, None)
    assert (found.customers, found.share, found.value, found.mean_value) == (6, 6 / 55, 300, 50)
    assert found.needs_spread == pytest.approx(0, abs=1e-9)
    everybody = np.ones(10, dtype=bool)
    mixed = profile(BASE, everybody, "all", differences(BASE, everybody), None, None)
    variances = [np.cov(WEIGHTS[:, k], aweights=BASE.weight, bias=True) for k in range(3)]
    assert mixed.needs_spread == pytest.approx(np.mean(variances) ** 0.5)
    assert mixed.words == "are all customers; 100% of customers, 100% of revenue"


def difference(name: str, effect: float) -> Difference:
    return Difference(name, 0.5 + effect / 10, 0.5, effect)


def test_names_are_of_what_comes_first_each_once_and_no_words_of_the_language() -> None:
    needs = ("from", "advice", "price", "speed")
    assert named(
        [
            [difference("advice", 1.5), difference("price", 1.2), difference("speed", -1.4)],
            [difference("advice", 1.5), difference("price", 0.6)],
            [difference("advice", 0.8)],
            [difference("price", -2), difference("age", 0.7)],
            [difference("speed", 0.2)],
            [difference("from", 2)],
        ],
        needs,
    ) == ["advice_and_price", "advice", "advice_2", "high_age", "balanced", "from_"]


def test_words_say_the_largest_differences_first_more_before_less() -> None:
    found = [difference("price", -1.5), difference("advice", 1.2), difference("age", 0.7), difference("speed", 0.3)]
    assert in_words(found, BASE, 0.25, 50, 0.3) == (
        "want advice far more than others do (0.62 against 0.50), price far less (0.35 against 0.50), "
        "have a higher age (0.57 against 0.5); 25% of customers, 30% of revenue"
    )
