"""`simengine run` from the outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended

FILES = ["customers.parquet", "manifest.json", "results.nc", "scenario.yaml", "summary.json"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_prints_a_table_and_writes_its_folder(scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("run", scenario.name)
    assert ended.code == 0, ended.err
    assert "A small bank" in ended.out
    assert "more_advice" in ended.out
    assert "written to runs/small" in ended.err
    assert names(scenario.parent) == ["runs", "small.yaml"]
    assert names(scenario.parent / "runs") == ["small"]
    assert names(scenario.parent / "runs" / "small") == FILES


def test_json_is_the_summary_and_nothing_else(scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("run", scenario.name, "--json", "--quiet", "--out", "here")
    assert ended.code == 0, ended.err
    assert ended.err == ""
    document = json.loads(ended.out)
    assert document == json.loads((scenario.parent / "here" / "summary.json").read_text())
    assert len(document["cells"]) == 4


def test_a_second_run_replaces_the_first(scenario: Path, simengine: Callable[..., Ended]) -> None:
    assert simengine("run", scenario.name).code == 0
    assert simengine("run", scenario.name, "--seed", "8").code == 0
    assert names(scenario.parent / "runs") == ["small"]
    assert json.loads((scenario.parent / "runs" / "small" / "summary.json").read_text())["seed"] == 8


def test_options_override_the_scenario(scenario: Path, simengine: Callable[..., Ended]) -> None:
    def summary(*options: str) -> dict[str, object]:
        ended = simengine("run", scenario.name, "--json", *options)
        assert ended.code == 0, ended.err
        document = json.loads(ended.out)
        assert isinstance(document, dict)
        return document

    sampled = summary("--replications", "3", "--seed", "11", "--to", "more_advice")
    assert (sampled["replications"], sampled["seed"], sampled["exact"]) == (3, 11, False)
    assert sampled["cells"][0]["difference"]["to"] == "more_advice"  # type: ignore[index]
    expected = summary("--mode", "expected")
    assert (expected["replications"], expected["mode"], expected["exact"]) == (1, "expected", True)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_how_the_work_is_cut_up_never_shows(mode: str, scenario: Path, simengine: Callable[..., Ended]) -> None:
    first, *others = (
        simengine("run", scenario.name, "--json", "--mode", mode, *options.split())
        for options in ("", "--threads 1", "--threads 2 --block 1", "--block 37 --batch 1", "--batch 3")
    )
    assert first.code == 0, first.err
    assert all(other.out == first.out for other in others)


def test_the_resolved_scenario_runs_again_to_the_same_bits(scenario: Path, simengine: Callable[..., Ended]) -> None:
    first = simengine("run", scenario.name, "--json", "--seed", "3", "--replications", "2")
    again = simengine("run", "runs/small/scenario.yaml", "--json", "--out", "again")
    assert again.out == first.out


def test_check_prints_tables_or_json(scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("check", scenario.name)
    assert ended.code == 0, ended.err
    assert "churn in the first year" in ended.out
    assert "elasticity" in ended.out
    document = json.loads(simengine("check", scenario.name, "--json").out)
    assert [segment["segment"] for segment in document["segments"]] == ["affluent"]
    assert names(scenario.parent) == ["small.yaml"]


def test_an_unexpected_failure_is_one_line_that_says_where_the_details_are(
    scenario: Path, simengine: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = scenario.parent / "broken"
    broken.mkdir()
    (broken / "numba.py").write_text("raise ValueError('out of luck')\n")
    monkeypatch.setenv("PYTHONPATH", str(broken))
    ended = simengine("run", scenario.name)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("simengine failed: ValueError: out of luck. Details are in ")
    details = Path(ended.err.split("Details are in ")[1].strip())
    assert "Traceback" in details.read_text()
    details.unlink()
    assert names(scenario.parent) == ["broken", "small.yaml"]
