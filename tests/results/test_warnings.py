"""What is told of a result besides the result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simengine.results.check import check
from simengine.results.run import Run, run
from simengine.results.summary import as_json
from simengine.results.warnings import warn_if_equity_is_negative, warnings_of_values
from simengine.scenario import Scenario, load_scenario
from tests.results.conftest import MARKET


def test_worth_less_than_nothing_is_told_with_the_worst_cells_first(scenario: Scenario) -> None:
    values = {"for a": 3.0, "for b": -1.5, "for c": -20.25, "for d": -0.5, "for e": -0.25, "for f": 0.0}
    (warning,) = warn_if_equity_is_negative(scenario, values)
    assert warning.found == (
        "equity below zero, -20.25 a share for c, -1.5 a share for b, -0.5 a share for d and in 1 more"
    )
    assert warning.place == "company.net_debt"
    assert scenario.source.text(("company", "net_debt")) == "10k"
    assert (warning.line, warning.length) == (6, 3)
    assert not list(warn_if_equity_is_negative(scenario, {"for a": 0.0}))


def test_a_run_has_the_scenario_s_warnings_and_its_own(expected: Run) -> None:
    assert [w.place for w in expected.scenario.warnings] == ["allocations.same"]
    assert expected.warnings == warnings_of_values(expected.scenario, {})
    document = json.loads(as_json(expected.summary))
    assert [w["place"] for w in document["warnings"]] == ["allocations.same"]
    assert document["warnings"][0]["line"] == expected.warnings[0].line


@pytest.fixture(scope="module")
def indebted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("indebted") / "market.yaml"
    text = (
        MARKET[: MARKET.index("moves:")].replace("net_debt: 10k", "net_debt: 10M").replace("periods: 8", "periods: 40")
    )
    path.write_text(text.replace("{method: fade, years: 5}", "{method: run_off}"))
    return path


def test_a_debt_beyond_all_customers_are_worth_is_told_by_run_and_check_alike(indebted: Path, tmp_path: Path) -> None:
    scenario = load_scenario(indebted, simulation={"mode": "expected", "customer_values": False})
    assert [w.place for w in scenario.warnings] == ["allocations.same"]
    done, report = run(scenario), check(scenario)
    of_run, of_check = done.warnings[0], report.warnings[0]
    assert (of_run.place, of_run.line, of_run.column) == (of_check.place, of_check.line, of_check.column)
    value = done.summary["cells"][0]["value_per_share"]["mean"]
    assert value < 0
    assert f"{value:,.4g} a share for `baseline` under `quiet`" in of_run.found
    assert f"{value:,.4g} a share over 10 years in which nobody acts" in of_check.found
    assert report.document["warnings"][0]["place"] == "company.net_debt"
    done.write(tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["warnings"] == [str(warning) for warning in done.warnings]
