"""`simengine calibrate` as a user meets it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.calibration.logs import drawn_log, write_log
from tests.cli.conftest import Ended

COLUMNS = "customer=customer_id,date=date,money=amount"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return drawn_log(tmp_path / "log.csv", segments=("north", "south"))


def test_a_log_by_segment_with_scenario_and_table(log: Path, simengine: Callable[..., Ended]) -> None:
    columns = f"{COLUMNS},segment=region"
    ended = simengine(
        "calibrate", "log.csv", "--columns", columns, "--until", "2025-09-30", "--json", "--out", "shop.yaml",
        "--table", "customers.parquet",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert "written to shop.yaml and customers.parquet" in ended.err
    found = json.loads(ended.out)
    assert found["evidence"] == "log"
    assert list(found["segments"]) == ["north", "south"]
    north = found["segments"]["north"]
    assert [each["model"] for each in north["estimates"]] == ["bg_nbd", "gamma_gamma"]
    assert [p["name"] for p in north["estimates"][0]["parameters"]] == ["r", "alpha", "a", "b"]
    assert north["backtests"][0]["horizons"][-1]["ahead"] == 13
    assert [len(chart["at"]) for chart in north["charts"]] == [8, 51, 8]
    assert all(len(series) == len(chart["at"]) for chart in north["charts"] for series in chart["series"].values())
    text = (log.parent / "shop.yaml").read_text(encoding="utf-8")
    assert found["draft"] == text
    assert "2 segments" in simengine("validate", "shop.yaml", "--customers").out
    figures = re.findall(r"(?:r|alpha|a|b|p|q|gamma): ([0-9.]+)", text.partition("uncertain:")[0])
    assert len(figures) == 14
    assert all(len(figure.replace(".", "").lstrip("0")) <= 10 for figure in figures)
    rows = duckdb.sql(f"SELECT * FROM '{log.parent / 'customers.parquet'}'")
    assert rows.columns == [
        "id", "segment", "purchases", "last_purchase", "observed", "spend", "probability_alive",
        "purchases_next_year", "expected_spend",
    ]  # fmt: skip
    assert len(rows) == 300
    outside = "probability_alive NOT BETWEEN 0 AND 1 OR purchases_next_year < 0 OR last_purchase > observed"
    assert len(rows.filter(f"{outside} OR (purchases = 0) <> (spend = 0) OR expected_spend <= 0")) == 0


def test_the_report_and_an_earlier_backtest(log: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("calibrate", "log.csv", "--columns", COLUMNS, "--holdout", "25%", "--unit", "day")
    assert ended.code == 0, ended.err
    assert "alpha, day" in ended.out
    assert "from the day after 2025-09-30 to 2025-12-30" in ended.out
    none = simengine("calibrate", "log.csv", "--columns", COLUMNS, "--holdout", "0")
    assert "backtest" not in none.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--until", "tomorrow"], ["--until tomorrow", "a date"]),
        (["--until", "2035-01-01"], ["outside the log", "2025-01-01"]),
        (
            ["--unit", "wek", "--model", "nbd", "--dates", "us", "--holdout", "95%"],
            ["'week'", "'bg_nbd'", "year-first", "a share of at most 90%"],
        ),
        (["--as", "lag"], ["'log'"]),
        (["--out", "shop.yaml", "--holdout", "0"], ["no --table"]),
        (["--out", "log.csv", "--table", "t.txt"], ["log.csv, which exists", ".parquet"]),
        (
            ["--out", "shop.yaml", "--table", "t.csv", "--model", "pareto_nbd", "--holdout", "0"],
            ["scenarios state purchases by bg_nbd"],
        ),
        (["--only", "ids.csv"], ["no such file"]),
    ],
    ids=lambda options: " ".join(options) if isinstance(options, list) else "",
)  # fmt: skip
def test_bad_options_are_told_and_nothing_is_written(
    options: list[str], said: list[str], log: Path, simengine: Callable[..., Ended]
) -> None:
    ended = simengine("calibrate", "log.csv", "--columns", COLUMNS, *options)
    assert (ended.code, ended.out) == (2, ""), ended.err
    assert all(each in ended.err for each in said), ended.err
    assert [path.name for path in log.parent.iterdir()] == ["log.csv"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["a,2025-01-01,5", "b,2025-01-05,6"], "nobody bought again until 2025-01-05"),
        ([f"c{i},2025-01-{d:02d},{i + d}" for i in range(30) for d in (1, 9, 17, 25)], "the likelihood has no maximum"),
    ],
    ids=["no repeat", "all alike"],
)
def test_no_estimate_is_a_failure_with_diagnostics(
    rows: list[str], said: str, tmp_path: Path, simengine: Callable[..., Ended]
) -> None:
    write_log(tmp_path / "log.csv", rows)
    ended = simengine(
        "calibrate", "log.csv", "--columns", COLUMNS, "--holdout", "0", "--out", "shop.yaml", "--table", "t.csv"
    )
    assert (ended.code, ended.out) == (1, "")
    assert f"simengine failed: segment customers: {said}" in ended.err
    assert "Traceback" not in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]
    if "maximum" in said:
        assert "customers: log likelihood" in ended.err
        assert "reached from 4 starts" in ended.err
