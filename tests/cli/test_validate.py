"""`simengine validate`: values set on the command line, and where every value is from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import SMALL, Ended


def test_origins_of_a_scenario_that_extends_another(scenario: Path, simengine: Callable[..., Ended]) -> None:
    over = scenario.parent / "over.yaml"
    over.write_text("extends: small.yaml\nsegments: {affluent: {churn: 8%}}\n")
    ended = simengine("validate", "over.yaml", "--origins", "--set", "company.tax_rate=30%")
    assert ended.code == 0, ended.err
    said = {line.split()[0]: " ".join(line.split()[1:]) for line in ended.out.splitlines()}
    assert said["segments.affluent.churn"] == "8% small.yaml:15, replaced at over.yaml:2"
    assert said["company.tax_rate"] == "30% small.yaml:6, replaced by --set"
    assert said["company.net_debt"] == "0 default"
    assert ended.out.splitlines() == [line.rstrip() for line in ended.out.splitlines()]


def test_one_of_a_kind(scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine(
        "validate", scenario.name, "--set", "allocations.more_advice=null", "--set", "moves.price_cut=null"
    )
    assert ended.out == "small.yaml is a valid scenario: 1 segment, 8 periods, 1 allocation x 1 move = 1 cell\n"


def test_origins_as_json(scenario: Path, simengine: Callable[..., Ended]) -> None:
    document = json.loads(simengine("validate", scenario.name, "--origins", "--json", "--seed", "9").out)
    assert document["valid"] is True
    (seed,) = [origin for origin in document["origins"] if origin["place"] == "simulation.seed"]
    assert (seed["value"], seed["origin"]) == (9, "small.yaml:5, replaced by --seed")


def test_bad_settings_are_told_with_the_rest(scenario: Path, simengine: Callable[..., Ended]) -> None:
    scenario.write_text(SMALL.replace("size: 400", "size: -400"))
    ended = simengine(
        "run", scenario.name, "--set", "segments.afluent.churn=8%", "--set", "company.tax_rate=125%", "--set", "x"
    )
    assert (ended.code, ended.out) == (2, "")
    assert "4 problems" in ended.err
    assert "did you mean 'affluent'?" in ended.err
    assert "--set company.tax_rate=125%" in ended.err
    assert "small.yaml:10:" in ended.err
    assert "Traceback" not in ended.err
    assert [path.name for path in scenario.parent.iterdir()] == ["small.yaml"]
