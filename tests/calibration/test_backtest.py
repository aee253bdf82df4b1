"""Held-out purchases counted by hand, and predictions against new customers' expectations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from simengine.calibration.backtest import backtest, held_out_horizons, tracking
from simengine.calibration.prediction import MODELS, expected_of_new, expected_purchases
from simengine.calibration.purchase_log import PurchaseLog, day_number, read_log
from tests.calibration.logs import COLUMNS, write_log

MODEL, PARAMETERS = MODELS["bg_nbd"], np.array([0.6, 4.0, 0.9, 3.0])
UNTIL = day_number(date(2025, 2, 1))


@pytest.fixture
def log(tmp_path: Path) -> PurchaseLog:
    """a and b are customers by the first of February, c is not yet."""
    rows = [
        "a,2025-01-01,5", "a,2025-01-08,5", "a,2025-02-03,5", "a,2025-02-20,5", "b,2025-01-29,5", "b,2025-02-28,5",
        "c,2025-02-10,5", "c,2025-02-12,5",
    ]  # fmt: skip
    return read_log(write_log(tmp_path / "log.csv", rows), COLUMNS)


def test_horizons_are_whole_units_within_the_log() -> None:
    assert held_out_horizons(0, 6, 7.0) == []
    assert held_out_horizons(0, 27, 7.0) == [1, 2, 3]
    assert held_out_horizons(0, 365, 7.0)[-1] == 52
    assert len(held_out_horizons(0, 365, 1.0)) == 12


def test_the_last_day_of_a_horizon_is_of_it(tmp_path: Path) -> None:
    rows = ["a,2025-01-01,5", "a,2025-01-08,5", "a,2025-02-08,5", "a,2025-02-16,5"]
    log = read_log(write_log(tmp_path / "days.csv", rows), COLUMNS)
    found, _ = backtest(log, *log.by(UNTIL, 7.0), UNTIL, "week", 7.0, MODEL, PARAMETERS)
    assert [horizon.observed for horizon in found.horizons] == [1, 1]


def test_what_came_and_what_was_foretold(log: PurchaseLog) -> None:
    who, customers = log.by(UNTIL, 7.0)
    found, chart = backtest(log, who, customers, UNTIL, "week", 7.0, MODEL, PARAMETERS)
    assert [horizon.ahead for horizon in found.horizons] == [1, 2, 3]
    assert [horizon.observed for horizon in found.horizons] == [1, 1, 2]  # the 28th is past three weeks
    rows = customers.histories
    expected = expected_purchases(MODEL, PARAMETERS, rows, [1, 2, 3])
    assert [h.predicted for h in found.horizons] == pytest.approx((rows.customers @ expected).tolist())
    assert found.horizons[0].error == pytest.approx(found.horizons[0].predicted - 1)
    assert chart.at == ("0", "1")
    assert chart.series["customers"] == (1, 1)
    assert chart.series["observed"] == (0, 2)
    assert chart.series["predicted"] == pytest.approx(expected[rows.history_of[[1, 0]], -1].tolist())


def test_all_purchases_are_tracked_from_the_first(log: PurchaseLog) -> None:
    who, customers = log.by(UNTIL, 7.0)
    chart = tracking(log, who, customers.acquired, UNTIL, "week", 7.0, MODEL, PARAMETERS)
    assert chart.at == (1, 2, 3, 4, 5, 6, 7, 8)
    assert chart.series["observed"] == (0, 1, 1, 1, 2, 2, 2, 3)  # until 7 January, 14 January, ... 25 February
    since = np.array([6, 13, 20, 27, 34, 41, 48, 55])
    new = expected_of_new(MODEL, PARAMETERS, since / 7) + np.where(
        since > 28, expected_of_new(MODEL, PARAMETERS, np.maximum(since - 28, 0) / 7), 0
    )
    assert chart.series["predicted"] == pytest.approx(new.tolist())
