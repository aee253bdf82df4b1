"""What a run says of the experience of customers: in its dataset, in its summary, and nothing where none is stated."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray

from simengine.results.run import Run, run
from simengine.results.summary import as_json
from simengine.results.variables import DIMENSIONS, EMPLOYEES, EXPERIENCE, VARIABLES
from simengine.scenario import load_scenario
from tests.results.conftest import MARKET

TOUCHPOINTS = """\
experience:
  touchpoints:
    call: {weight: 0.4, quality: 0.5, owner: operations}
    branch: {weight: 0.6, quality: 0.75, owner: retail}
  silo: 2
  delivers: [service]
allocations:
"""
CHANGES = """\
  one: {experience: {owner: one, from: 2027-Q1}}
  worse: {experience: {quality: {call: 0.3}}}
moves:
"""
REWARDS = "  rewards: {target: motivation, response: {hill: {max: 0.2, half: 10k}}}\n"
REWARDED = "  rewarded: {rewards: {affluent: 30k}}\nmoves:\n"
HARMONIC = 1 / (0.4 / 0.5 + 0.6 / 0.75)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("served") / "market.yaml"
    path.write_text(MARKET.replace("allocations:\n", TOUCHPOINTS).replace("moves:\n", CHANGES))
    return run(load_scenario(path, simulation={"mode": "expected"}))


def test_the_dataset_has_every_period_of_every_cell(served: Run) -> None:
    dataset = served.dataset
    assert list(dataset.data_vars) == [variable.name for variable in (*VARIABLES, *EXPERIENCE)]
    assert set(dataset.coords) == set(DIMENSIONS) - {"lever", "move_change", "input"}  # no board, and all is certain
    for variable in EXPERIENCE:
        assert dataset[variable.name].dims == variable.dims
        assert dataset[variable.name].attrs["long_name"] == variable.sentence
    assert float(dataset.experience_today) == pytest.approx(HARMONIC)
    one = dataset.sel(allocation="one", move="price_cut", segment="affluent")
    assert one.owners.values.tolist() == [2] * 4 + [1] * 4
    assert one.experience.values == pytest.approx([HARMONIC] * 4 + [0.65] * 4)
    assert one.offer_level.sel(supplier="us", need="service").values == pytest.approx(
        [7] * 4 + [7 * 0.65 / HARMONIC] * 4
    )
    assert (one.offer_level.sel(supplier="us", need="rate") == 5).all()
    worse = dataset.sel(allocation="worse", move="quiet", period="2027-Q4")
    assert worse.touchpoint_quality.sel(segment="affluent", touchpoint="call") == 0.3
    assert np.isnan(worse.promised_level.sel(segment="leaving")).all()
    assert dataset.promised_level.attrs["units"] == "points"


def test_the_summary_says_where_it_ends(served: Run) -> None:
    told = json.loads(as_json(served.summary))["experience"]
    assert told["silo"] == 2
    assert told["delivers"] == ["service"]
    assert told["today"] == {"owners": 2, "experience": pytest.approx(HARMONIC)}
    assert told["employees"] is None
    assert list(told["allocations"]) == ["baseline", "same", "advice", "one", "worse"]
    assert told["allocations"]["one"] == {
        "owners": 1,
        "segments": {
            "affluent": {
                "experience": pytest.approx(0.65),
                "promised": {"service": 7},
                "delivered": {"service": pytest.approx(7 * 0.65 / HARMONIC)},
            }
        },
    }
    advice = told["allocations"]["advice"]["segments"]["affluent"]
    assert advice["promised"] == advice["delivered"]
    assert advice["promised"]["service"] > 7


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("staffed") / "market.yaml"
    text = MARKET.replace("allocations:\n", REWARDS + TOUCHPOINTS).replace("moves:\n", REWARDED)
    path.write_text(text)
    return run(load_scenario(path, simulation={"mode": "expected"}))


def test_levels_of_employees_are_there_where_the_scenario_is_about_them(staffed: Run) -> None:
    dataset = staffed.dataset
    assert list(dataset.data_vars) == [variable.name for variable in (*VARIABLES, *EXPERIENCE, *EMPLOYEES)]
    for variable in EMPLOYEES:
        assert dataset[variable.name].dims == variable.dims
        assert dataset[variable.name].attrs["units"] == "1"
    aimed = 0.5 + 0.2 * 30 / 40
    wanted = [aimed - (aimed - 0.5) * 0.5 ** (0.25 * n) for n in range(1, 9)]
    found = dataset.motivation.sel(allocation="rewarded", move="quiet", segment="affluent").values
    assert found == pytest.approx(wanted)
    assert (dataset.enablement == 0.5).all()
    assert (dataset.motivation.sel(allocation="baseline") == 0.5).all()
    told = staffed.summary["experience"]
    assert told["today"] == {"owners": 2, "experience": pytest.approx(HARMONIC), "enablement": 0.5, "motivation": 0.5}
    assert told["employees"]["motivation"] == {
        "today": 0.5,
        "half_life_up": 1,
        "half_life_down": 0.5,
        "sensitivity": 1,
    }
    at_end = told["allocations"]["rewarded"]["segments"]["affluent"]
    assert at_end["motivation"] == pytest.approx(wanted[-1])
    assert at_end["enablement"] == 0.5
    assert at_end["experience"] > told["today"]["experience"]


def test_the_folder_holds_it_and_runs_again(served: Run, tmp_path: Path) -> None:
    served.write(tmp_path / "run")
    with xarray.open_dataset(tmp_path / "run" / "results.nc") as dataset:
        assert (dataset.experience == served.dataset.experience).all()
    again = run(load_scenario(tmp_path / "run" / "scenario.yaml"))
    assert again.summary["digest"] == served.summary["digest"]
    assert again.summary["experience"] == served.summary["experience"]


def test_nothing_is_said_where_no_touchpoints_are(expected: Run) -> None:
    assert "experience" not in expected.summary
    assert "experience" not in expected.dataset
    assert expected.dataset.sizes.get("touchpoint") is None
