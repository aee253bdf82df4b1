"""How long does calibrating CDNOW's 69,659 purchases take, and scoring a million customers? See README.md."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

import simengine
from simengine.calibration.customer_table import scored
from simengine.calibration.histories import Customers
from simengine.calibration.prediction import MODELS

LOG = Path(__file__).parents[1] / "scenarios" / "data" / "cdnow.csv"
COLUMNS = {"customer": "customer_id", "date": "date", "money": "value"}
CUSTOMERS = int(os.environ.get("SIMENGINE_BENCHMARK_CUSTOMERS", "1000000"))
YEAR = 365.25 / 7


def test_calibrating_a_log(benchmark: BenchmarkFixture) -> None:
    """With gamma-gamma, a backtest that is another fit, charts, draft and scores."""
    found = benchmark.pedantic(lambda: simengine.calibrate(LOG, COLUMNS), rounds=1)
    assert len(found.table["id"]) == 23570


def test_scoring_customers(benchmark: BenchmarkFixture) -> None:
    """Of two years, by the day: chance of being a customer still, purchases of the next year, money of one."""
    customers = CUSTOMERS if benchmark.enabled else 10_000
    rng = np.random.default_rng(1)
    observed = rng.integers(0, 730, customers) / 7
    purchases = rng.poisson(rng.gamma(0.243, 1 / 4.414, customers) * observed).astype(float)
    last = np.where(purchases > 0, np.ceil(observed * 7 * rng.beta(np.maximum(purchases, 1), 1)) / 7, 0.0)
    spend = np.where(purchases > 0, rng.gamma(6, 6, customers), 0.0)
    drawn = Customers(purchases, last, observed, spend, np.zeros(customers, dtype=np.int64))
    parameters, of_spend = np.array([0.243, 4.414, 0.793, 2.426]), np.array([6.25, 3.74, 15.44])
    scores = benchmark.pedantic(
        lambda: scored(drawn, YEAR, MODELS["bg_nbd"], parameters, of_spend), rounds=3 if benchmark.enabled else 1
    )
    assert all(np.isfinite(column).all() for column in scores.values())
