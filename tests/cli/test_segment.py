"""`simengine segment` as a user meets it: tables to read, a file with segments, and a scenario to run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended
from tests.segmentation.markets import planted, write


def test_what_it_writes_can_be_run(tmp_path: Path, simengine: Callable[..., Ended]) -> None:
    write(tmp_path, planted())
    out = ("--table", "segmented.csv", "--out", "segments.yaml")
    ended = simengine("segment", "customers.csv", "--segments", "3", *out, "--json")
    assert ended.code == 0, ended.err
    assert [each["name"] for each in json.loads(ended.out)["segments"]] == ["advice", "rate", "digital"]
    ran = simengine("run", "segments.yaml", "--mode", "expected", "--json")
    assert ran.code == 0, ran.err
    summary = json.loads(ran.out)
    assert list(summary["cells"][0]["segments"]) == ["advice", "digital", "rate"]
    assert summary["customers"] == pytest.approx(900, abs=2)
    assert summary["market_size"] == pytest.approx(3000, abs=2)  # of which ours are the assumed 30 %
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--smallest", "2"], ["a share of customers from 0% to 50%"]),
        (
            ["--table", "segments.xlsx", "--out", "there.yaml"],
            ["the name of a file ending in .parquet", "which exists"],
        ),
        (["--table", "customers.csv"], ["the customer file itself"]),
        (["--by", "needs"], ["columns with weights of needs, or features"]),
        (["--groups", "2"], ["a scenario as FILE, or as --scenario"]),
    ],
    ids=str,
)
def test_bad_input_writes_nothing(
    arguments: list[str], told: list[str], tmp_path: Path, simengine: Callable[..., Ended]
) -> None:
    write(tmp_path, [[f"C{i}", 100 + i] for i in range(40)], ["customer_id", "annual_revenue"])
    (tmp_path / "there.yaml").write_text("mine")
    ended = simengine("segment", "customers.csv", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert all(each in ended.err for each in told)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["customers.csv", "there.yaml"]


def test_what_finer_designs_are_worth(scenario: Path, simengine: Callable[..., Ended]) -> None:
    scenario.write_text(scenario.read_text().replace("    churn: 7%", "    churn: 7%\n    tailoring: 2"))
    asked = ("segment", scenario.name, "--groups", "1,2,4", "--cost-per-group", "1k", "--knowledge", "20%")
    ended = simengine(*asked, "--json")
    assert ended.code == 0, ended.err
    document = json.loads(ended.out)["finer"]
    assert (document["allocation"], document["move"], document["knowledge"]) == ("baseline", "quiet", 0.2)
    (curve,) = document["curves"]
    assert [step["groups"] for step in curve["steps"]] == [1, 2, 4]
    assert curve["steps"][2]["before_costs"] > curve["steps"][1]["before_costs"] > 0
    ended = simengine(*asked)
    assert "designing the offer for groups of customers, under baseline / quiet" in ended.out
    assert f"{curve['steps'][1]['break_even']:.3g}"[:2] in ended.out
    assert "expected values, exact: nothing is random." in ended.out
    merged = simengine(*asked, "--set", "simulation.profile_error=1%")
    assert "expected values, within 1 %: nothing is random." in merged.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["small.yaml", "--by", "needs"], "an option for customer files"),
        (["small.yaml", "--most", "3", "--value-classes", "2", "--smallest", "5%", "--seed", "1"], "4 problems"),
        (["small.yaml", "--method", "k-means"], "--method k-means"),
        (["small.yaml", "--knowledge", "2"], "company.knowledge"),
    ],
    ids=str,
)
def test_options_that_do_not_go_together_are_refused(
    arguments: list[str], told: str, scenario: Path, simengine: Callable[..., Ended]
) -> None:
    assert scenario.name == "small.yaml"
    ended = simengine("segment", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
