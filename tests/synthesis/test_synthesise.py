"""Synthetic files hold what the scenario says, whoever reads them, and begin the same whatever their length.

Statistical checks reject at 4 standard errors, about 1 in 16,000 each; seeds are fixed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.portfolio import load_portfolio
from simengine.results.check import check
from simengine.results.check_report import ChoiceCheck
from simengine.scenario import ScenarioError, load_scenario
from simengine.synthesis.synthesise import synthesise
from simengine.synthesis.today import solve_today
from tests.portfolio.worlds import scenario, with_file
from tests.synthesis.worlds import BANK, directly, rows_of, synthetic

ROWS = 7000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bank, its synthetic file and the scenario that uses it."""
    folder = tmp_path_factory.mktemp("bank")
    bank = scenario(folder, BANK)
    synthetic(bank, ROWS, folder / "bank.parquet", folder / "with_file.yaml")
    return folder


def test_customers_are_those_that_a_run_would_draw(folder: Path) -> None:
    drawn = load_portfolio(load_scenario(folder / "scenario.yaml")).population
    rows = rows_of(folder / "bank.parquet")
    assert [row["customer_id"] for row in rows] == list(range(1, ROWS + 1))
    for s, (name, share) in enumerate({"affluent": 4 / 14, "mass": 8 / 14, "signed": 2 / 14}.items()):
        mine = [row for row in rows if row["segment"] == name]
        assert abs(len(mine) - share * ROWS) <= 1
        theirs = np.flatnonzero(drawn.segment == s)[: len(mine)]
        assert [row["revenue_per_year"] for row in mine] == drawn.revenue[theirs].tolist()
        if name == "signed":
            assert {(row["supplier"], row["need_advice"], row["tenure_months"]) for row in mine} == {("us", None, 0)}
        else:
            assert [row["need_advice"] for row in mine] == drawn.needs[theirs, 0].tolist()
            assert {row["price_sensitivity"] for row in mine} == {3.0 if name == "affluent" else 0.0}


def test_suppliers_are_those_of_the_stated_market(folder: Path) -> None:
    rows = rows_of(folder / "bank.parquet")
    for name, shares in {"affluent": (0.4, 0.35, 0.25), "mass": (0.3, 0.7, 0.0)}.items():
        mine = [row["supplier"] for row in rows if row["segment"] == name]
        for supplier, share in zip(("us", "atlas", "none"), shares, strict=True):
            error = np.sqrt(share * (1 - share) / len(mine))
            assert abs(mine.count(supplier) / len(mine) - share) <= 4 * error
    assert all((row["tenure_months"] is None) == (row["supplier"] != "us") for row in rows)


def test_the_scenario_with_the_file_starts_where_the_one_without_does(folder: Path) -> None:
    """Stated and modelled agree; and nothing moves while nobody acts, so the tenures suit the stages."""
    report = check(load_scenario(folder / "with_file.yaml"))
    for segment in report.segments:
        assert segment.customers.modelled == pytest.approx(segment.customers.stated, rel=1e-5)
        assert segment.revenue.modelled == pytest.approx(segment.revenue.stated, rel=1e-6)
        if isinstance(segment, ChoiceCheck):
            assert segment.churn.modelled == pytest.approx({"affluent": 0.08, "mass": 0.06}[segment.segment], rel=1e-5)
            assert segment.drift < 0.01


def test_the_first_rows_are_the_same_however_many_there_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simengine.synthesis.synthesise.CHUNK", 1000)
    bank = load_scenario(folder / "scenario.yaml")
    synthetic(bank, 2300, folder / "short.csv")
    synthetic(bank, 2300, folder / "short.parquet")
    assert rows_of(folder / "short.parquet") == rows_of(folder / "bank.parquet")[:2300]
    header, *lines = (folder / "short.csv").read_text().splitlines()
    assert header.split(",")[:4] == ["customer_id", "segment", "supplier", "revenue_per_year"]
    assert len(lines) == 2300
    other = load_scenario(folder / "scenario.yaml", simulation={"seed": 2})
    synthetic(other, 2300, folder / "other.parquet")
    assert rows_of(folder / "other.parquet") != rows_of(folder / "short.parquet")


def test_customers_resemble_those_of_a_file_also_who_has_left(tmp_path: Path) -> None:
    rows = "id,left,months,charge,n\n" + "".join(
        f"{i},{'yes' if i % 4 == 0 else 'no'},{i % 40},{10 + i % 40},{1 + i % 2}\n" for i in range(400)
    )
    columns = "{id: id, churned: left, tenure: {column: months, unit: months}, revenue: charge, weight: n}"
    body = "segments: {all: {dynamics: contract, hazard: {empirical: {}}, margin: 50%}}\n"
    source = with_file(tmp_path, rows, columns, body, mode="expected")
    written = synthetic(source, 20_000, tmp_path / "many.parquet", tmp_path / "many.yaml")
    made = rows_of(tmp_path / "many.parquet")
    assert all(row["revenue_per_year"] == 10 + row["tenure_months"] for row in made)
    # Of the weights 1 and 2, who left (multiples of 4) all weigh 1: 100 of 600.
    assert abs(written.segments["all"].churned / 20_000 - 1 / 6) < 4 * np.sqrt(1 / 6 * 5 / 6 / 20_000)
    theirs, ours = (load_portfolio(each).hazards["all"] for each in (source, load_scenario(tmp_path / "many.yaml")))
    last = len(theirs.survival) - 1
    assert ours.survival[last] == pytest.approx(theirs.survival[last], abs=0.02)


def test_customers_resemble_those_of_a_file_of_ours_alone(tmp_path: Path) -> None:
    rows = "id,years,spend\n" + "".join(f"{i},{i % 9},{100 + i}\n" for i in range(300))
    body = (
        "offers: {us: {price: 100}, atlas: {price: 100}}\n"
        "segments: {all: {shares: {us: 30%, atlas: 70%}, review: 20%, churn: 5%, margin: 50%}}\n"
    )
    source = with_file(tmp_path, rows, "{id: id, tenure: years, revenue: spend}", body)
    written = synthetic(source, 5000, tmp_path / "many.parquet", tmp_path / "many.yaml")
    share = written.segments["all"].present["us"] / 5000
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 5000)
    ours = [row for row in rows_of(tmp_path / "many.parquet") if row["supplier"] == "us"]
    assert {row["tenure_months"] for row in ours} == {12 * years for years in range(9)}
    (segment,) = check(load_scenario(tmp_path / "many.yaml")).segments
    assert isinstance(segment, ChoiceCheck)
    assert segment.churn.modelled == pytest.approx(0.05, rel=1e-5)


def test_too_few_customers_are_refused_and_leave_nothing(folder: Path, tmp_path: Path) -> None:
    today = solve_today(load_scenario(folder / "scenario.yaml"))
    with pytest.raises(ScenarioError, match="nobody who is a customer of"):
        synthesise(today, 3, tmp_path / "a" / "few.parquet", None, lambda done, total: None, directly)
    assert list(tmp_path.iterdir()) == []
