"""`simengine diff`: two scenarios or runs, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ended, call


def test_two_files(scenario: Path, simengine: Callable[..., Ended]) -> None:
    (scenario.parent / "over.yaml").write_text("extends: small.yaml\nsegments: {affluent: {churn: 8%}}\n")
    ended = simengine("diff", "small.yaml", "over.yaml", "--set", "company.overhead=1.25M")
    assert ended.code == 0, ended.err
    assert ended.out.splitlines() == [
        "small.yaml → over.yaml: 2 differences",
        "company › overhead: 10k → 1.25M (small.yaml:6 → --set)",
        "segments › affluent › churn: 7% → 8% (small.yaml:15 → over.yaml:2)",
    ]


def test_no_difference(scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("diff", "small.yaml", "small.yaml")
    assert (ended.code, ended.out) == (0, "small.yaml and small.yaml: no difference\n")
    document = json.loads(simengine("diff", "small.yaml", "small.yaml", "--json").out)
    assert document == {"before": "small.yaml", "after": "small.yaml", "same": True, "differences": []}


def test_as_json(scenario: Path, simengine: Callable[..., Ended]) -> None:
    document = json.loads(simengine("diff", "small.yaml", "small.yaml", "--set", "moves.quiet=null", "--json").out)
    assert document["same"] is False
    assert document["differences"] == [
        {
            "path": ["moves", "quiet"],
            "place": "moves › quiet",
            "kind": "removed",
            "before": {"value": [], "text": "[]", "where": "small.yaml:30"},
            "after": None,
        }
    ]


def test_a_run_and_what_has_changed_since(finished: tuple[Path, Ended]) -> None:
    ended = call(finished[0], "diff", "runs/small", "small.yaml", "--set", "simulation.mode=expected")
    (_, line) = ended.out.splitlines()
    assert line.startswith("simulation › mode: sampled → expected (runs/small/scenario.yaml:")


def test_problems_of_both_at_once(scenario: Path, simengine: Callable[..., Ended]) -> None:
    other = scenario.parent / "other.yaml"
    other.write_text(scenario.read_text().replace("tax_rate: 25%", "tax_rate: 125%"))
    scenario.write_text(scenario.read_text().replace("size: 400", "size: -400"))
    ended = simengine("diff", "small.yaml", "other.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert "small.yaml:10:" in ended.err
    assert "other.yaml:6:" in ended.err
    assert "2 problems in 2 files" in ended.err
