"""The value of perfect information where it is known in closed form."""

from __future__ import annotations

from math import hypot

import numpy as np
import pytest
from scipy.stats import norm

from simengine.study.sensitivity.design import JOINT, Floats, design
from simengine.study.sensitivity.information import Information, information_of

LEAD, SLOPES = 0.2, (1.0, 0.5, 0.0)


def expected_gain(lead: float, sd: float) -> float:
    """Of choosing the better of 0 and a normal variable with mean `lead`, over choosing by its mean: the unit normal
    loss (Raiffa & Schlaifer 1961, section 5.4)."""
    z = abs(lead) / sd
    return float(sd * (norm.pdf(z) - z * norm.cdf(-z)))


def outcomes_of(drawn: Floats) -> Floats:
    scores = norm.ppf(drawn)
    return np.stack([np.zeros(scores.shape[:2]), LEAD + scores @ np.array(SLOPES)], axis=-1)


@pytest.fixture(scope="module")
def found() -> Information:
    drawn = design(3, 1024, seed=3).probabilities[:, JOINT]
    return information_of(drawn, outcomes_of(drawn))


def test_of_all_and_of_each_input(found: Information) -> None:
    assert found.best == 1
    assert found.of_all.value == pytest.approx(expected_gain(LEAD, hypot(*SLOPES)), abs=0.02)
    for worth, slope in zip(found.by_input[:2], SLOPES, strict=False):
        truth = expected_gain(LEAD, slope)
        assert worth.value == pytest.approx(truth, abs=4 * worth.standard_error + 0.01)
        assert worth.standard_error < 0.05
    assert found.probability_best[1] == pytest.approx(norm.cdf(LEAD / hypot(*SLOPES)), abs=0.03)


def test_of_an_input_without_effect_it_is_nothing(found: Information) -> None:
    assert found.by_input[2].value <= 2 * found.by_input[2].standard_error + 1e-3
    assert found.by_input[2].value < 0.05 * found.of_all.value


def test_none_is_worth_more_than_all(found: Information) -> None:
    assert all(worth.value <= found.of_all.value for worth in found.by_input)


def test_it_is_exactly_nothing_where_the_decision_never_changes() -> None:
    drawn = design(3, 64, seed=3).probabilities[:, JOINT]
    scores = norm.ppf(drawn)
    never = information_of(drawn, np.stack([scores[..., 0], scores[..., 0] - 5.0 - norm.cdf(scores[..., 1])], axis=-1))
    assert [worth.value for worth in (never.of_all, *never.by_input)] == [0.0] * 4
    assert never.probability_best == [1.0, 0.0]


def test_an_input_with_few_values_is_taken_value_by_value() -> None:
    """Two states, half and half: better by 1 or worse by 2; knowing which is worth half of 1."""
    drawn = design(2, 256, seed=8).probabilities[:, JOINT]
    drawn = np.stack([(drawn[..., 0] > 0.5).astype(float), drawn[..., 1]], axis=-1)
    gain = np.where(drawn[..., 0] > 0.5, 1.0, -2.0)
    found = information_of(drawn, np.stack([np.zeros_like(gain), gain], axis=-1))
    assert found.best == 0
    assert found.by_input[0].value == pytest.approx(0.5, abs=1e-9)
    assert found.of_all.value == pytest.approx(0.5, abs=1e-9)
    assert found.by_input[1].value < 0.02
