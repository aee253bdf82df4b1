"""`simengine wargame` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bad.corpus import simengine


def test_the_game_is_printed_and_is_one_json_document(scenario: Path) -> None:
    ended = simengine(["wargame", scenario.name], scenario.parent)
    assert ended.code == 0
    for part in (
        "a game of us and atlas", "us \\ atlas", "what answers cost", "decides first", "Equilibrium",
        "4 replications, seed 7, the same luck in every cell", "for all together",
    ):  # fmt: skip
        assert part in ended.out
    document = json.loads(simengine(["wargame", scenario.name, "--json", "--quiet"], scenario.parent).out)
    assert document["players"]["atlas"]["options"] == ["quiet", "price_cut"]
    assert len(document["payoffs"]) == document["cells"] == 4
    assert not ended.written


def test_what_merged_customers_and_inputs_that_nobody_knows_leave_open_is_told(scenario: Path) -> None:
    text = scenario.read_text() + "uncertain: {segments.affluent.price_sensitivity: {normal: [3, 0.4]}}\n"
    scenario.write_text(text.replace("price: -8%", "price: -0.001%"))
    merged = ["--mode", "expected", "--set", "simulation.profile_error=1%"]
    said = simengine(["wargame", scenario.name, "--quiet", *merged], scenario.parent)
    assert said.code == 0, said.err
    assert "What atlas would lose is less than merging customers may be off" in said.out
    assert "drawn in every replication, and nobody knows them: segments.affluent.price_sensitivity." in said.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--options", "atlas"], "PLAYER=NAME,NAME"),
        (["--options", "atlas=price_cat"], "did you mean 'price_cut'?"),
        (["--options", "atlas=quiet", "--options", "atlas=price_cut"], "atlas twice"),
        (["--options", "atlas=quiet,quiet"], "'quiet' twice"),
        (["--together", "us,,atlas"], "PLAYER,PLAYER"),
        (["--chance", "recession"], "MOVE=PROBABILITY"),
        (["--chance", "price_cut=a third"], "found     'a third'"),
        (["--chance", "price_cut=30%"], "atlas has it as an option"),
        (["--options", "atlas=quiet"], "one option of atlas (quiet)"),
        (["--within", "50%:200%"], "together with --prices"),
        (["--prices", "--within", "110%:200%"], "0 < LOW < 1 < HIGH"),
        (["--prices", "--within", "half"], "LOW:HIGH"),
        (["--prices", "--options", "us=baseline"], "a choice of moves"),
        (["--prices", "--move", "price_cat"], "did you mean 'price_cut'?"),
    ],
)
def test_what_is_wrong_is_told(scenario: Path, arguments: list[str], said: str) -> None:
    ended = simengine(["wargame", scenario.name, *arguments], scenario.parent)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
