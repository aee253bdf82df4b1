"""Scores of customers, and the table that a scenario reads."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.calibration import bg_nbd, gamma_gamma
from simengine.calibration.customer_table import LEAST_SPEND, customer_table, scored
from simengine.calibration.histories import Customers
from simengine.calibration.prediction import MODELS

PARAMETERS, SPEND = np.array([0.243, 4.414, 0.793, 2.426]), np.array([6.25, 3.74, 15.44])
CUSTOMERS = Customers(
    np.array([2.0, 0, 2, 1]), np.array([30.43, 0, 30.43, 5]), np.array([38.86, 20, 38.86, 38.86]),
    np.array([22.35, 0, 30, -3]), np.zeros(4, dtype=np.int64),
)  # fmt: skip


def test_scores_are_those_of_each_customer_alone() -> None:
    x, last, observed, spend, _ = CUSTOMERS
    scores = scored(CUSTOMERS, 52.0, MODELS["bg_nbd"], PARAMETERS, SPEND)
    alive = bg_nbd.alive(PARAMETERS, x, last, observed)
    assert scores["probability_alive"] == pytest.approx(alive)
    expected = alive * bg_nbd.expected_if_alive(PARAMETERS, x, observed, [52.0])[:, 0]
    assert scores["purchases_next_year"] == pytest.approx(expected)
    money = np.maximum(spend, LEAST_SPEND * (x > 0))  # purchases that came to less than nothing
    assert scores["expected_spend"] == pytest.approx(gamma_gamma.expected_spend(SPEND, x, money))
    assert "expected_spend" not in scored(CUSTOMERS, 52.0, MODELS["pareto_nbd"], PARAMETERS, None)


def test_the_table_states_what_a_scenario_can_read() -> None:
    ids = np.array(["a", "b", "c", "d"], dtype=object)
    table = customer_table(ids, ids, CUSTOMERS, {}, money=True)
    assert table["spend"].tolist() == [22.35, 0, 30, LEAST_SPEND]
    assert table["purchases"].dtype == np.int64
    assert "spend" not in customer_table(ids, ids, CUSTOMERS, {}, money=False)
