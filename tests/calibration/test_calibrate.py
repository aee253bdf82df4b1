"""Options that any evidence may be calibrated with, as Python states them."""

from __future__ import annotations

from pathlib import Path

import pytest

import simengine
from simengine.scenario.problems import ScenarioError
from tests.calibration.logs import COLUMNS, drawn_log


def test_values_that_options_do_not_have_are_told_at_once(tmp_path: Path) -> None:
    wrong = {"unit": "fortnight", "model": "constant", "dates": "us", "holdout": "a third"}
    with pytest.raises(ScenarioError) as caught:
        simengine.calibrate(tmp_path / "log.csv", COLUMNS, **wrong)
    assert [(problem.file, problem.found) for problem in caught.value.problems] == [
        ("--dates us", "us, which is no order of dates"),
        ("--holdout a third", "a third"),
        ("--model constant", "constant, which is no model of log"),
        ("--unit fortnight", "fortnight, which is no unit of time"),
    ]


@pytest.mark.parametrize("part", [-0.1, 0.91, float("nan"), "91%"])
def test_no_more_than_nine_tenths_are_held_out(part: float | str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="a share of at most 90%"):
        simengine.calibrate(tmp_path / "log.csv", COLUMNS, holdout=part)


def test_a_share_may_be_text(tmp_path: Path) -> None:
    log = drawn_log(tmp_path / "log.csv", customers=100)
    text, number = (simengine.calibrate(log, COLUMNS, holdout=part).segments[0] for part in ("25%", 0.25))
    assert text.backtests == number.backtests
