"""`simengine segment` as a user meets it: tables to read, a file with segments, and a scenario to run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended
from tests.segmentation.markets import HEADER, planted, write

TELCO = Path(__file__).parents[2] / "scenarios" / "data" / "telco.csv"


@pytest.mark.parametrize("table", ["segmented.parquet", "segmented.csv", None])
def test_what_it_writes_can_be_validated_and_run(
    table: str | None, tmp_path: Path, simengine: Callable[..., Ended]
) -> None:
    rows = planted()
    if table != "segmented.csv":  # else all customers are ours, in a market that the draft assumes
        rows = [[*row, ("us", "atlas", "none")[i % 3]] for i, row in enumerate(rows)]
    write(tmp_path, rows, [*HEADER, "supplier"][: len(rows[0])])
    out = ["--table", table] if table else []
    ended = simengine("segment", "customers.csv", "--segments", "3", *out, "--out", "segments.yaml", "--json")
    assert ended.code == 0, ended.err
    document = json.loads(ended.out)
    assert [each["name"] for each in document["segments"]] == ["advice", "rate", "digital"]
    text = (tmp_path / "segments.yaml").read_text(encoding="utf-8")
    assert ("portfolio:" in text) == (table is not None)
    assert "needs_spread: 0.0" in text
    ran = simengine("run", "segments.yaml", "--mode", "expected", "--json")
    assert ran.code == 0, ran.err
    summary = json.loads(ran.out)
    assert list(summary["cells"][0]["segments"]) == ["advice", "digital", "rate"]
    ours = 300 if table != "segmented.csv" else 900
    assert summary["customers"] == pytest.approx(ours, abs=2)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_telco_is_segmented_by_value(simengine: Callable[..., Ended]) -> None:
    ended = simengine("segment", TELCO)
    assert ended.code == 0, ended.err
    assert "5,174 customers; value is revenue" in ended.out
    assert "high_value: bring 1,2" in ended.out
    assert "1,869 customers who have left are in no figure" in ended.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--smallest", "2"], "a share of customers from 0% to 50%"),
        (["--smallest", "few"], "a share of customers from 0% to 50%"),
        (["--table", "segments.xlsx"], "the name of a file ending in .parquet"),
        (["--table", "customers.csv"], "the customer file itself"),
        (["--out", "there.yaml"], "which exists"),
        (["--columns", "revenue"], "NAME=COLUMN"),
        (["--by", "needs"], "columns with weights of needs, or features"),
    ],
    ids=str,
)
def test_bad_input_writes_nothing(
    arguments: list[str], told: str, tmp_path: Path, simengine: Callable[..., Ended]
) -> None:
    write(tmp_path, [[f"C{i}", 100 + i] for i in range(40)], ["customer_id", "annual_revenue"])
    (tmp_path / "there.yaml").write_text("mine")
    ended = simengine("segment", "customers.csv", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["customers.csv", "there.yaml"]
