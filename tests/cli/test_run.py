"""`simengine run` from the outside."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended

FILES = ["customers.parquet", "manifest.json", "results.nc", "scenario.yaml", "summary.json"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_prints_a_table_and_writes_its_folder(finished: tuple[Path, Ended]) -> None:
    folder, ended = finished
    assert ended.code == 0, ended.err
    assert "A small bank" in ended.out
    assert "more_advice" in ended.out
    assert "written to runs/small" in ended.err
    assert names(folder) == ["runs", "small.yaml"]
    assert names(folder / "runs") == ["small"]
    assert names(folder / "runs" / "small") == FILES


def test_json_is_the_summary_and_nothing_else(scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("run", scenario.name, "--json", "--quiet", "--out", "here")
    assert ended.code == 0, ended.err
    assert ended.err == ""
    document = json.loads(ended.out)
    assert document == json.loads((scenario.parent / "here" / "summary.json").read_text())
    assert len(document["cells"]) == 4


def test_a_second_run_replaces_the_first(
    scenario: Path, finished: tuple[Path, Ended], simengine: Callable[..., Ended]
) -> None:
    shutil.copytree(finished[0] / "runs", scenario.parent / "runs")
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


def test_a_timeline_is_printed_on_request(scenario: Path, simengine: Callable[..., Ended]) -> None:
    assert "No allocation has initiatives." in simengine("run", scenario.name, "--timeline").out
    initiatives = "  built: {initiatives: {view: {duration: 2, cost: 1k, effect: {service: 1}}}}\nmoves:"
    scenario.write_text(scenario.read_text().replace("moves:", initiatives))
    assert "2026-Q1 to 2027-Q4" not in simengine("run", scenario.name).out
    ended = simengine("run", scenario.name, "--timeline")
    assert ["view", "██······", "2026-Q1", "2026-Q2", "100%"] in [line.split() for line in ended.out.splitlines()]
    assert names(scenario.parent / "runs" / "small") == sorted([*FILES, "events.parquet"])


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


@pytest.mark.parametrize("command", ["run", "check", "validate", "schema"])
def test_help_shows_no_types_of_flags(command: str, simengine: Callable[..., Ended]) -> None:
    assert "<bool>" not in simengine(command, "--help").out
    assert "<bool>" not in simengine("--help").out


def test_help_says_where_problems_go(simengine: Callable[..., Ended]) -> None:
    assert "standard error, with --json too" in " ".join(simengine("run", "--help").out.split())


def test_a_link_to_a_folder_is_written_through(scenario: Path, simengine: Callable[..., Ended]) -> None:
    (scenario.parent / "disk").mkdir()
    (scenario.parent / "here").symlink_to("disk", target_is_directory=True)
    for _ in range(2):
        assert simengine("run", scenario.name, "--out", "here").code == 0
    assert names(scenario.parent) == ["disk", "here", "small.yaml"]
    assert (scenario.parent / "here").is_symlink()
    assert names(scenario.parent / "disk") == FILES


def test_an_earlier_run_with_anything_else_in_it_is_left_alone(
    scenario: Path, finished: tuple[Path, Ended], simengine: Callable[..., Ended]
) -> None:
    shutil.copytree(finished[0] / "runs", scenario.parent / "runs")
    folder = scenario.parent / "runs" / "small"
    (folder / "notes.txt").write_text("mine")
    (folder / "charts").mkdir()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    ended = simengine("run", scenario.name, "--seed", "8")
    assert (ended.code, ended.out) == (2, "")
    assert "charts/, notes.txt" in ended.err
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert names(scenario.parent / "runs") == ["small"]


SITE = """
import sys, types, warnings
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "simengine.results.run":
            warnings.simplefilter("always")
            warnings.warn("overflow encountered in multiply", RuntimeWarning)
sys.meta_path.insert(0, Finder())
"""


def test_no_library_s_warning_is_shown(
    scenario: Path,
    simengine: Callable[..., Ended],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    site = tmp_path_factory.mktemp("site")
    (site / "sitecustomize.py").write_text(SITE)
    monkeypatch.setenv("PYTHONPATH", str(site))
    ended = simengine("run", scenario.name, "--quiet")
    assert (ended.code, ended.err) == (0, "")


def test_a_full_disk_is_named_and_leaves_nothing(
    scenario: Path,
    simengine: Callable[..., Ended],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    site = tmp_path_factory.mktemp("site")
    full = "import collections, shutil\nshutil.disk_usage = lambda path: collections.namedtuple('U', 'free')(1000)\n"
    (site / "sitecustomize.py").write_text(full)
    monkeypatch.setenv("PYTHONPATH", str(site))
    ended = simengine("run", scenario.name, "--quiet")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"simengine failed: No space left on device: {scenario.parent}/runs/small\n"
    assert names(scenario.parent) == ["small.yaml"]


def test_warnings_come_last_and_are_not_silenced(scenario: Path, simengine: Callable[..., Ended]) -> None:
    text = scenario.read_text().replace("overhead: 10k", "net_debt: 10M").replace("churn: 7%", "churn: 0.1%")
    scenario.write_text(text)
    ended = simengine("run", scenario.name, "--quiet", "--mode", "expected")
    assert ended.code == 0
    assert [line for line in ended.err.splitlines() if "warning" in line] == [
        "small.yaml:6:87: warning: company.net_debt",
        "small.yaml:15:12: warning: segments.affluent.churn",
        "2 warnings",
    ]
    assert ended.err.endswith("\n2 warnings\n")
    document = json.loads((scenario.parent / "runs" / "small" / "summary.json").read_text())
    assert [warning["line"] for warning in document["warnings"]] == [6, 15]
    checked = simengine("validate", scenario.name, "--quiet")
    assert (checked.code, checked.out) == (0, "")
    assert checked.err.endswith("hint      did you mean 10%?\n\n1 warning\n")
    assert len(json.loads(simengine("validate", scenario.name, "--json").out)["warnings"]) == 1
