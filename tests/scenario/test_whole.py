"""Scenarios that say what no shipped one says: they load, run, and run again from what the run wrote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import xlsxwriter

from simengine.portfolio.load import load_portfolio
from simengine.results.run import run
from simengine.scenario import load_scenario

WHOLE = Path(__file__).parent / "whole"


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_the_rest_of_the_language_runs_and_runs_again(mode: str, tmp_path: Path) -> None:
    first = run(load_scenario(WHOLE / "language.yaml", simulation={"mode": mode, "replications": 3}))
    told = {warning.place for warning in first.scenario.warnings}
    idle = {"simulation.profile_error"} if mode == "sampled" else set()
    assert told == {"segments.homes.share_trend", "rivals.atlas.margin"} | idle  # beside growth, and beside a run-off
    first.write(tmp_path / "run")
    again = run(load_scenario(tmp_path / "run" / "scenario.yaml"))
    assert again.summary["digest"] == first.summary["digest"]
    values = {cell["allocation"]: cell["value_per_share"]["mean"] for cell in first.summary["cells"]}
    assert len(set(values.values())) == len(values)  # everything that allocations say does something


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("name", ["buyers", "passing"])
def test_other_dynamics_run_and_run_again(name: str, mode: str, tmp_path: Path) -> None:
    first = run(load_scenario(WHOLE / f"{name}.yaml", simulation={"mode": mode, "replications": 3}))
    assert not first.scenario.warnings
    first.write(tmp_path / "run")
    again = run(load_scenario(tmp_path / "run" / "scenario.yaml"))
    assert again.summary["digest"] == first.summary["digest"]
    assert len({cell["value_per_share"]["mean"] for cell in first.summary["cells"]}) == len(first.summary["cells"])


def test_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "customers.xlsx") as workbook:
        workbook.add_worksheet("Notes").write_row(0, 0, ["as of March"])
        sheet = workbook.add_worksheet("Customers")
        for row, cells in enumerate([("customer", "revenue"), (1, 120.5), (2, 80)]):
            sheet.write_row(row, 0, cells)
    shutil.copy(WHOLE / "workbook.yaml", tmp_path)
    population = load_portfolio(load_scenario(tmp_path / "workbook.yaml")).population
    assert population.revenue.tolist() == [120.5, 80.0]
