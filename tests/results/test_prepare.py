"""The files that a run is made from, by names that tell them apart."""

from __future__ import annotations

from pathlib import Path

from simengine.results.prepare import files_of, named
from simengine.scenario import load_scenario
from tests.results.conftest import MARKET


def test_a_scenario_is_read_from_all_that_it_extends(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(MARKET)
    (tmp_path / "over.yaml").write_text("extends: base.yaml\n")
    scenario = load_scenario(tmp_path / "over.yaml")
    assert set(named(files_of(scenario))) == {"base.yaml", "over.yaml"}


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    files = [Path("/a/base/market.yaml"), Path("/a/market.yaml"), Path("/a/data.csv")]
    assert list(named(files)) == ["base/market.yaml", "a/market.yaml", "a/data.csv"]
    assert list(named(files[1:])) == ["market.yaml", "data.csv"]
    assert named([]) == {}
