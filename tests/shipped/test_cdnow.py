"""The scenario `cdnow`: what it states is what the log says, and it is worth what the estimates foretell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

import simengine
from simengine.calibration.histories import Customers
from simengine.calibration.prediction import MODELS, expected_purchases
from simengine.calibration.result import Calibration
from simengine.results.run import Run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
COLUMNS = {"customer": "customer_id", "date": "date", "money": "value"}
QUARTER = 365.25 / 4 / 7  # weeks


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return simengine.calibrate(SCENARIOS / "data" / "cdnow.csv", COLUMNS, until=date(1998, 6, 30), holdout=0)


@pytest.fixture(scope="module")
def run() -> Run:
    return simengine.run(simengine.load(SCENARIOS / "cdnow.yaml", settings=["calendar.periods=6"]))


def test_what_is_stated_is_what_the_log_says(calibration: Calibration) -> None:
    segment = simengine.load(SCENARIOS / "cdnow.yaml").segments["customers"]
    for stated, estimate in zip(
        (segment.purchases.bg_nbd, segment.spend.gamma_gamma), calibration.segments[0].estimates, strict=True
    ):
        for name, value in estimate.values.items():
            assert getattr(stated, name) == pytest.approx(value, rel=1e-7), name


def test_the_table_is_what_the_command_writes(calibration: Calibration) -> None:
    stored = duckdb.sql(f"SELECT * FROM '{SCENARIOS / 'data' / 'cdnow_customers.parquet'}'").fetchnumpy()
    assert list(stored) == list(calibration.table)
    assert len(stored["id"]) == 23570
    for name, column in calibration.table.items():
        if column.dtype == object:
            assert (stored[name] == column).all()
        else:
            assert np.asarray(stored[name]) == pytest.approx(column, rel=1e-6)


def test_the_revenue_is_that_of_the_estimates(run: Run, calibration: Calibration) -> None:
    """Of the first year, by quarters, while nobody acts."""
    table, estimates = calibration.table, calibration.segments[0].estimates
    customers = Customers(
        table["purchases"].astype(float), table["last_purchase"], table["observed"], table["spend"],
        np.zeros(len(table["id"]), dtype=np.int64),
    )  # fmt: skip
    parameters = np.array(list(estimates[0].values.values()))
    rows = customers.histories
    bought = expected_purchases(MODELS["bg_nbd"], parameters, rows, [QUARTER * k for k in range(1, 5)])
    money = (bought[rows.history_of] * table["expected_spend"][:, None]).sum(axis=0)
    revenue = run.dataset.revenue.sel(allocation="baseline", move="quiet").squeeze("replication")
    found = revenue.sum([name for name in revenue.dims if name != "period"]).values[:4]
    assert np.cumsum(found) == pytest.approx(money, rel=1e-4)


def test_keeping_customers_pays_and_a_rival_costs(run: Run) -> None:
    value = run.dataset.value_per_share.squeeze("replication")
    for move in ("quiet", "rival_opens"):
        baseline, keep, more = (float(value.sel(allocation=a, move=move)) for a in ("baseline", "keep", "sell_more"))
        assert keep > more > baseline > 0
    lost = 1 - value.sel(allocation="baseline", move="rival_opens") / value.sel(allocation="baseline", move="quiet")
    assert float(lost) == pytest.approx(0.08, abs=0.01)
