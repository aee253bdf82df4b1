"""What a purchase log's calibration says of what it cannot do, and the scenario that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

import simengine
from simengine.calibration.draft import Draft
from simengine.calibration.log_draft import unlike_a_scenario
from simengine.calibration.result import Estimate, Parameter, SegmentCalibration

from .logs import COLUMNS, drawn_log


@pytest.mark.parametrize(
    ("until", "start"), [("2025-09-30", "2025-Q4"), ("2025-09-28", "2025-Q4"), ("2025-10-30", "2025-Q4")]
)
def test_a_scenario_begins_with_the_nearest_quarter(until: str, start: str, tmp_path: Path) -> None:
    draft = simengine.calibrate(drawn_log(tmp_path / "log.csv"), COLUMNS, until=until).draft
    assert isinstance(draft, Draft)
    assert draft.start == start


def test_a_backtest_that_is_shorter_than_a_unit_is_said_not_to_be_made(tmp_path: Path) -> None:
    found = simengine.calibrate(drawn_log(tmp_path / "log.csv"), COLUMNS, unit="year")
    assert "segment customers: no backtest: less than a year is held out" in found.notices
    silent = simengine.calibrate(drawn_log(tmp_path / "log.csv"), COLUMNS, unit="year", holdout=0)
    assert not any("backtest" in notice for notice in silent.notices)


def test_shapes_that_no_scenario_states_are_not_drafted() -> None:
    def segment(model: str, **values: float) -> SegmentCalibration:
        parameters = tuple(Parameter(name, value, 0.1) for name, value in values.items())
        return SegmentCalibration("north", (), (Estimate(model, parameters, ((1.0,),), 0.0, 1, {}),), (), ())

    bought = segment("bg_nbd", r=0.2, alpha=0.001, a=0.5, b=2.0)
    assert unlike_a_scenario([bought, segment("gamma_gamma", p=6.0, q=3.0, gamma=0.005)]) == ""
    assert unlike_a_scenario([bought, segment("gamma_gamma", p=6.0, q=0.9, gamma=15.0)]).startswith("q of 0.9 of north")
    assert unlike_a_scenario([segment("bg_nbd", r=0.005, alpha=4.0, a=0.5, b=2.0)]).startswith("r of 0.005 of north")
