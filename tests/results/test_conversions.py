"""Customers who have converted to another contract, in everything that a run and a check publish."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

import simengine
from simengine.report.check import print_check
from simengine.report.terminal import console
from simengine.results.check import check
from simengine.results.check_report import CheckReport, ContractCheck
from simengine.results.run import Run
from simengine.scenario import load_scenario

SCENARIO = """\
name: Two contracts
calendar: {start: 2026, step: year, periods: 2}
simulation: {mode: expected}
company: {name: Us, discount_rate: 9%, shares: 1000}
segments:
  monthly: {dynamics: contract, hazard: {constant: 50%}, size: 100, revenue: 900, margin: 50%}
  yearly: {dynamics: contract, hazard: {constant: 10%}, size: 50, revenue: 900, margin: 50%}
levers:
  upgrade: {target: convert, from: monthly, to: yearly, causal: 25%, response: {hill: {max: 80%, half: 5k}}}
allocations: {baseline: {}, upgrade: {upgrade: {monthly: 5k}}}
"""
STAY, STAY_MOVING, STAY_CONVERTED, CONVERT = exp(-0.5), exp(-0.45), exp(-0.4), 1 - exp(-0.4)
MOVED = 100 * CONVERT * STAY_MOVING
CONVERTED = [MOVED, MOVED * (STAY_CONVERTED + STAY * (1 - CONVERT))]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contracts") / "contracts.yaml"
    path.write_text(SCENARIO)
    return path


@pytest.fixture(scope="module")
def finished(path: Path) -> Run:
    return simengine.run(load_scenario(path))


@pytest.fixture(scope="module")
def today(path: Path) -> CheckReport:
    return check(load_scenario(path))


def test_the_summary_counts_them_and_says_what_is_assumed(finished: Run) -> None:
    assert finished.summary["conversions"] == [{"from": "monthly", "to": "yearly", "causal": 0.25}]
    baseline, upgrade = (cell["segments"] for cell in finished.summary["cells"])
    assert baseline["monthly"]["converted_end"] == 0
    assert upgrade["monthly"]["converted_end"] == pytest.approx(CONVERTED[1], rel=1e-6)
    assert "converted_end" not in upgrade["yearly"]


def test_the_dataset_has_them_as_a_stage_of_their_own(finished: Run) -> None:
    stages = finished.dataset.customers_by_stage.sel(allocation="upgrade", segment="monthly", presence="present")
    assert stages.stage.values.tolist() == ["new", "established", "loyal", "converted"]
    assert stages.sel(stage="converted").values.ravel() == pytest.approx(CONVERTED, rel=1e-6)
    under = [100 * STAY * (1 - CONVERT), 100 * (STAY * (1 - CONVERT)) ** 2]
    assert stages.sel(stage="established").values.ravel() == pytest.approx(under, rel=1e-6)
    assert not stages.sel(stage=["new", "loyal"]).any()


def test_check_shows_what_is_assumed(today: CheckReport, capsys: pytest.CaptureFixture[str]) -> None:
    monthly, yearly = today.segments
    assert isinstance(monthly, ContractCheck)
    assert isinstance(yearly, ContractCheck)
    assert yearly.conversion is None
    assert monthly.conversion is not None
    assert (monthly.conversion.to, monthly.conversion.causal) == ("yearly", 0.25)
    for months, survival in monthly.conversion.survival.items():
        assert survival == pytest.approx(exp(-0.4 * int(months) / 12))
    print_check(today, console())
    assert (
        "Customers who convert to yearly are assumed to gain 25% of the difference in the hazard of leaving: converted "
        "from the start, new customers would survive 67.0% to 12 months, 44.9% to 24 months, 30.1% to 36 months."
    ) in capsys.readouterr().out
