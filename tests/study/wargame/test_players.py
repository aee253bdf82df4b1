"""Who plays, between what, and what is wrong with what a person says of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simengine.scenario import ScenarioError
from simengine.scenario.model import Scenario
from simengine.study.wargame.payoffs import require_few
from simengine.study.wargame.players import Cast, cast_of
from tests.properties.worlds import market
from tests.study.wargame.markets import document, scenario_of

MOVES: dict[str, Any] = {
    "peace": [],
    "war": [
        {"who": "atlas", "at": "2026", "change": {"price": "-10%"}},
        {"at": "2026", "change": {"review": "20%"}},
        {"who": "neo", "at": "2027", "change": {"price": "-5%"}},
    ],
    "advice": [{"who": "neo", "at": "2026", "change": {"service": 1}}],
    "restless": [{"at": "2026", "change": {"review": "50%"}}],
    "costly": [{"at": "2026", "change": {"cost": "10%"}}],
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    written = market(mode="expected") | {"moves": MOVES}
    assert set(written["segments"]["affluent"]["shares"]) >= {"us", "atlas", "neo"}
    return scenario_of(tmp_path_factory.mktemp("bank"), written)


def options(cast: Cast) -> dict[str, list[str]]:
    return {player.name: [option.name for option in player.options] for player in cast.players}


def test_a_rival_may_do_nothing_or_its_part_of_any_move(bank: Scenario) -> None:
    cast = cast_of(bank)
    assert options(cast) == {
        "us": list(bank.allocations),
        "atlas": ["peace", "war"],
        "neo": ["peace", "war", "advice"],
    }
    atlas, neo = (player.options[1] for player in cast.players[1:])
    assert list(atlas.changes) == [(1, 0), (1, 1)]  # what the market does comes with either
    assert list(neo.changes) == [(1, 1), (1, 2)]
    assert cast.left_out == ("restless", "costly")
    assert [player.options[player.passive].name for player in cast.players] == ["baseline", "peace", "peace"]
    assert cast.cells == len(bank.allocations) * 2 * 3


def test_options_may_be_named_and_combined(bank: Scenario) -> None:
    cast = cast_of(bank, {"neo": ["war+advice", "peace"], "us": ["baseline"]})
    assert options(cast)["neo"] == ["war+advice", "peace"]
    assert list(cast.players[2].options[0].changes) == [(1, 1), (1, 2), (2, 0)]
    assert options(cast)["us"] == ["baseline"]


def test_who_is_together_chooses_any_combination(bank: Scenario) -> None:
    cast = cast_of(bank, together=[("neo", "atlas")])
    assert options(cast)["atlas & neo"] == [
        f"{atlas} & {neo}" for atlas in ("peace", "war") for neo in ("peace", "war", "advice")
    ]
    both = cast.players[1].options[4]
    assert list(both.changes) == [(1, 0), (1, 1), (1, 2)]
    assert cast.players[1].options[cast.players[1].passive].name == "peace & peace"


def test_the_market_moves_by_chance(bank: Scenario) -> None:
    cast = cast_of(bank, chance={"restless": 0.3})
    assert [(each.name, each.probability) for each in cast.chances] == [("restless", 0.3), ("", 0.7)]
    assert cast.left_out == ("costly",)
    assert [each.name for each in cast_of(bank, chance={"restless": 0.5, "costly": 0.5}).chances] == [
        "restless",
        "costly",
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"options": {"neu": ["peace"]}}, "did you mean 'neo'?"),
        ({"options": {"neo": ["advise"]}}, "did you mean 'advice'?"),
        ({"options": {"us": ["baseline+advice"]}}, "'advice', expected an allocation"),
        ({"together": [["atlas"]]}, "one player alone"),
        ({"together": [["atlas", "neo"], ["us", "neo"]]}, "'neo' again"),
        ({"together": [["atlas", "zeo"]]}, "did you mean 'neo'?"),
        ({"together": [["us", "atlas", "neo"]]}, "one player, of all together"),
        ({"chance": {"advice": 0.3}}, "neo has it as an option"),
        ({"chance": {"restles": 0.3}}, "did you mean 'restless'?"),
        ({"chance": {"restless": 1.3}}, "a probability above 0 and at most 1"),
        ({"chance": {"restless": 0.7, "costly": 0.7}}, "1.4 together"),
        ({"options": {"us": ["baseline"], "atlas": ["war"]}}, "one option of us (baseline) and atlas (war)"),
    ],
)
def test_what_is_wrong_is_told(bank: Scenario, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        cast_of(bank, **asked)
    assert said in str(refused.value)


def test_every_problem_at_once(bank: Scenario) -> None:
    with pytest.raises(ScenarioError) as refused:
        cast_of(bank, {"neo": ["advise", "wer"], "zeo": ["peace"]}, [["us"]], {"cost": 2})
    assert len(refused.value.problems) == 5


def test_a_game_needs_a_rival_that_acts(tmp_path: Path) -> None:
    written = document() | {"moves": {"nothing": []}}
    with pytest.raises(ScenarioError, match="no move in which a rival acts"):
        cast_of(scenario_of(tmp_path, written))


def test_a_game_needs_two_options_of_two_players(tmp_path: Path) -> None:
    written = document() | {"allocations": {"baseline": {}}}
    with pytest.raises(ScenarioError, match=r"allocations: found one option of us \(baseline\)"):
        cast_of(scenario_of(tmp_path, written))


def test_too_many_combinations_are_refused_with_what_would_do(bank: Scenario) -> None:
    cast = cast_of(bank)
    us, atlas, neo = cast.players
    many = replace(neo, options=neo.options * 1000)
    with pytest.raises(ScenarioError) as refused:
        require_few(replace(cast, players=(us, atlas, many)))
    assert "18,000 combinations of options: 3 of us x 2 of atlas x 3,000 of neo" in str(refused.value)
    some = replace(
        cast, players=(us, replace(atlas, options=atlas.options * 500), replace(neo, options=neo.options * 2))
    )
    with pytest.raises(ScenarioError, match="name a few options of each player"):
        require_few(some)
    eight = replace(neo, options=neo.options[:2] * 4)
    group = replace(atlas, options=atlas.options * 4)
    few = replace(cast, players=(replace(us, options=us.options * 3), group, eight), chances=cast.chances * 20)
    with pytest.raises(ScenarioError, match="--options 'us=baseline,"):
        require_few(few)
