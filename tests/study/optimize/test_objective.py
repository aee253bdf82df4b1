"""Objectives of outcomes that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.optimize.objective import Objective

OUTCOMES = np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 8.0, 8.0, 8.0]])  # two moves, four replications


def test_means_weigh_moves() -> None:
    assert Objective("value", (0.5, 0.5)).of(OUTCOMES) == 4.25
    assert Objective("value", (1.0, 0.0)).of(OUTCOMES) == 2.5
    assert Objective("maximin", (0.5, 0.5)).of(OUTCOMES) == 2.5
    assert Objective("regret", (0.5, 0.5), best=(3.0, 6.0)).of(OUTCOMES) == -0.5


def test_a_shortfall_takes_outcomes_in_part() -> None:
    """Each is an eighth: the worst 30 % are 0, 1 and two fifths of an eighth of 2."""
    objective = Objective("shortfall", (0.5, 0.5), level=0.3)
    assert objective.of(OUTCOMES) == pytest.approx((0.125 * 0 + 0.125 * 1 + 0.05 * 2) / 0.3)
    assert objective.tail(OUTCOMES).sum() == pytest.approx(1.0)


def test_slopes_are_those_of_the_objective() -> None:
    rng = np.random.default_rng(3)
    slopes = rng.normal(size=(3, 2, 4))
    for objective in (
        Objective("value", (0.3, 0.7)), Objective("maximin", (0.5, 0.5)), Objective("shortfall", (0.5, 0.5), 0.3),
    ):  # fmt: skip
        for i, slope in enumerate(objective.slope(OUTCOMES, slopes)):
            risen = (objective.of(OUTCOMES + 1e-6 * slopes[i]) - objective.of(OUTCOMES)) / 1e-6
            assert slope == pytest.approx(risen, abs=1e-6)


def test_what_lacks_of_a_risk_limit_costs_more_than_it_gains() -> None:
    assert Objective("value", (0.5, 0.5), 0.3, risk_limit=0.0).merit(OUTCOMES, 1.0) == 4.25
    assert Objective("value", (0.5, 0.5), 0.3, risk_limit=2.0).merit(OUTCOMES, 1.0) < -1000
