"""Both bridges between two cells: of the same difference, as plain data."""

from __future__ import annotations

import json
from math import fsum

import pytest

import simengine
from simengine.results.run import Run
from simengine.scenario import ScenarioError


@pytest.mark.parametrize("allocation", ["dearer", "finer"])
def test_both_are_of_the_difference_that_the_run_reports(finished: Run, allocation: str) -> None:
    found = json.loads(json.dumps(simengine.bridge(finished, allocation).document, allow_nan=False))
    (cell,) = (each for each in finished.summary["cells"] if each["allocation"] == allocation)
    assert found["value_per_share"] == cell["difference"]["mean"]
    assert found["ci95"] == cell["difference"]["ci95"]
    near = pytest.approx(found["value_per_share"], abs=1e-12)
    drivers, whole = found["by_driver"], found["by_driver"]["unallocated"]["value_per_share"]
    assert whole + fsum(each["value_per_share"] for each in drivers["drivers"].values()) == near
    assert whole + fsum(each["value_per_share"] for each in drivers["segments"].values()) == near
    assert fsum(each["value_per_share"] for each in found["by_change"]["changes"]) == near


def test_an_allocation_or_move_that_is_not_there_is_refused(expected: Run) -> None:
    for asked in (
        {"allocation": "growth"},
        {"allocation": "grow", "to": "base"},
        {"allocation": "grow", "move": "war"},
    ):
        with pytest.raises(ScenarioError, match="of the scenario"):
            simengine.bridge(expected, **asked)  # type: ignore[arg-type]
