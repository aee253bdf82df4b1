"""War games of scenarios: pay-offs of a market in closed form, and of moves that somebody wrote down."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from simengine.results.run import run
from simengine.scenario import ScenarioError
from simengine.study.wargame.wargame import Wargame, wargame
from tests.properties.worlds import market
from tests.study.wargame.markets import OF_THREE, SIZES, document, scenario_of, values
from tests.study.wargame.test_players import MOVES

ATTACKS = ["attack_a", "attack_b"]


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Wargame:
    scenario = scenario_of(tmp_path_factory.mktemp("attack"), document())
    return wargame(scenario, options={"rival": ATTACKS})


def mixture(ours: np.ndarray, theirs: np.ndarray) -> tuple[float, float]:
    """The probabilities of the first options that leave the other indifferent, in a game of two by two."""
    p = (theirs[1, 1] - theirs[1, 0]) / (theirs[0, 0] - theirs[0, 1] - theirs[1, 0] + theirs[1, 1])
    q = (ours[1, 1] - ours[0, 1]) / (ours[0, 0] - ours[0, 1] - ours[1, 0] + ours[1, 1])
    return float(p), float(q)


def test_payoffs_and_the_mixed_equilibrium_are_those_of_the_logit(attack: Wargame) -> None:
    table = np.array([[values(ours, theirs) for theirs in SIZES] for ours in SIZES])
    assert attack.game.mean == pytest.approx(np.moveaxis(table, -1, 0), rel=2e-6)
    p, q = mixture(table[..., 0], table[..., 1])
    assert 0.1 < p < 0.9
    assert 0.1 < q < 0.9
    (only,) = attack.document["equilibria"]
    assert only["kind"] == "mixed"
    assert only["strategies"]["us"]["defend_a"]["probability"] == pytest.approx(p, abs=2e-5)
    assert only["strategies"]["rival"]["attack_a"]["probability"] == pytest.approx(q, abs=2e-5)
    assert max(only["epsilon"].values()) < 1e-6
    assert attack.document["answering"]["ends"] is False
    json.dumps(attack.document, allow_nan=False)


def test_drawn_customers_have_an_equilibrium_whose_interval_holds_the_exact_one(
    attack: Wargame, tmp_path: Path
) -> None:
    found = wargame(scenario_of(tmp_path, document("sampled")), options={"rival": ATTACKS}).document
    (only,) = found["equilibria"]
    for player, option in (("us", "defend_a"), ("rival", "attack_a")):
        low, high = only["strategies"][player][option]["ci95"]
        exact = attack.document["equilibria"][0]["strategies"][player][option]["probability"]
        assert low < exact < high
        assert high - low < 0.2
    assert only["in_resamples"] == 1.0


def test_three_who_may_cut_a_price_mix_as_the_logit_says(tmp_path: Path) -> None:
    """Each so that nobody gains by the other segment; drawn customers give intervals that hold that."""
    table = np.reshape([values(*cut, constants=OF_THREE) for cut in product(SIZES, repeat=3)], (2, 2, 2, 3))

    def gains(firsts: np.ndarray) -> list[float]:
        ours, theirs, thirds = (np.array([each, 1 - each]) for each in firsts)
        return [
            float(np.einsum("abc,b,c->a", table[..., 0], theirs, thirds) @ [1, -1]),
            float(np.einsum("abc,a,c->b", table[..., 1], ours, thirds) @ [1, -1]),
            float(np.einsum("abc,a,b->c", table[..., 2], ours, theirs) @ [1, -1]),
        ]

    wanted = dict(zip(("us", "rival", "third"), optimize.fsolve(gains, [0.5, 0.5, 0.5]), strict=True))
    options = {"rival": ATTACKS, "third": ["raid_a", "raid_b"]}
    firsts = {"us": "defend_a", "rival": "attack_a", "third": "raid_a"}
    for mode in ("expected", "sampled"):
        found = wargame(scenario_of(tmp_path, document(mode, OF_THREE)), options=options).document
        (only,) = found["equilibria"]
        assert found["all_equilibria"]
        assert max(only["epsilon"].values()) < 1e-6
        for player, option in firsts.items():
            mixed = only["strategies"][player][option]
            if mode == "expected":
                assert mixed["probability"] == pytest.approx(wanted[player], abs=5e-5)
            else:
                assert mixed["ci95"][0] < wanted[player] < mixed["ci95"][1]
    assert only["in_resamples"] == 1.0


def test_cells_are_those_of_moves_that_someone_writes_to_the_bit(tmp_path: Path) -> None:
    """Both rivals' parts of a move together are the move; parts of two moves are the changes of both."""
    written: dict[str, Any] = market(mode="expected") | {"moves": MOVES}
    scenario = scenario_of(tmp_path, written)
    found = wargame(scenario, chance={"restless": 0.25}, options={"us": ["baseline", "grow"]})
    war, advice, restless = MOVES["war"], MOVES["advice"], MOVES["restless"]
    by_hand = {
        ("peace", "peace"): [],
        ("war", "war"): war,
        ("war", "advice"): [*war[:2], *advice],
        ("peace", "advice"): advice,
    }
    moves = {"_".join(key): each for key, each in by_hand.items()}
    moves |= {f"{name}_restless": [*each, *restless] for name, each in moves.items()}
    again = run(scenario_of(tmp_path, written | {"moves": moves}))
    cells = {(cell["allocation"], cell["move"]): cell for cell in again.summary["cells"]}
    payoffs = {tuple(each["options"].values()): each["values"] for each in found.document["payoffs"]}
    for ours in ("baseline", "grow"):
        for theirs in by_hand:
            calm, busy = (cells[ours, "_".join(theirs) + end] for end in ("", "_restless"))
            here = payoffs[ours, *theirs]
            equity = 0.75 * calm["equity_value"]["mean"] + 0.25 * busy["equity_value"]["mean"]
            assert here["us"]["mean"] == pytest.approx(equity, rel=1e-14)
            for rival in ("atlas", "neo"):
                worth = 0.75 * calm["rivals"][rival]["value"] + 0.25 * busy["rivals"][rival]["value"]
                assert here[rival]["mean"] == pytest.approx(worth, rel=1e-14)


UNCERTAIN = {
    "moves.war.1.change.price": {"uniform": [-0.15, -0.05]},
    "segments.affluent.price_sensitivity": {"normal": [3, 0.2]},
}


def test_uncertain_inputs_are_drawn_in_every_cell_and_intervals_are_those_of_a_run(tmp_path: Path) -> None:
    """Of a move's number too, though the cells are of parts of moves; by blocks, where draws are antithetic."""
    written: dict[str, Any] = market(mode="expected", replications=10, inputs="antithetic") | {"uncertain": UNCERTAIN}
    found = wargame(scenario_of(tmp_path, written | {"moves": MOVES}), options={"us": ["baseline", "grow"]}).document
    war, advice = MOVES["war"], MOVES["advice"]
    same = {"same": {"moves.war.1.change.price": ["moves.mixed.1.change.price"]}}
    by_hand = {"moves": {"war": war, "mixed": [*war[:2], *advice]}, "uncertain": UNCERTAIN | same}
    again = run(scenario_of(tmp_path, written | by_hand)).summary
    for move, theirs in (("war", "war"), ("mixed", "advice")):
        (one,) = (c for c in again["cells"] if (c["allocation"], c["move"]) == ("grow", move))
        (other,) = (p for p in found["payoffs"] if list(p["options"].values()) == ["grow", "war", theirs])
        equity = one["equity_value"]
        assert other["values"]["us"]["mean"] == pytest.approx(equity["mean"], rel=1e-12)
        assert other["values"]["us"]["ci95"] == pytest.approx(equity["ci95"], rel=1e-9)
        assert equity["ci95"][0] < equity["mean"]
    assert (found["block"], found["uncertain_inputs"]) == (2, sorted(UNCERTAIN))


def test_no_draw_is_simulated_again_to_tell_luck_from_not_knowing(tmp_path: Path) -> None:
    written: dict[str, Any] = market(mode="sampled", replications=4) | {"moves": MOVES, "uncertain": UNCERTAIN}
    totals: set[int] = set()
    how: dict[str, Any] = {"progress": lambda _, total: totals.add(total)}
    asked = {"us": ["baseline", "grow"], "neo": ["peace"]}
    wargame(scenario_of(tmp_path, written), options=asked, **how)
    assert totals == {4}


def test_that_many_combinations_take_a_while_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, told = scenario_of(tmp_path, document()), list[str]()
    wargame(scenario, options={"rival": ATTACKS}, notice=told.append)
    assert not any("finding" in text for text in told)
    monkeypatch.setattr("simengine.study.wargame.wargame.MANY", 4)
    wargame(scenario, options={"rival": ATTACKS}, notice=told.append)
    assert told[-1] == "finding equilibria of 4 combinations"


def test_a_group_is_worth_what_its_members_are(attack: Wargame, tmp_path: Path) -> None:
    written: dict[str, Any] = market(mode="expected") | {"moves": MOVES}
    scenario = scenario_of(tmp_path, written)
    alone, joint = wargame(scenario).game, wargame(scenario, together=[["atlas", "neo"]]).game
    assert joint.mean[1].reshape(alone.mean[1].shape) == pytest.approx(alone.mean[1] + alone.mean[2], rel=1e-14)
    assert joint.mean[0].reshape(alone.mean[0].shape).tolist() == alone.mean[0].tolist()


def test_rivals_without_value_cannot_play(tmp_path: Path) -> None:
    written = document()
    written["company"]["residual"] = {"method": "run_off"}
    with pytest.raises(ScenarioError, match="how long rivals' customers stay after the horizon is not evaluated"):
        wargame(scenario_of(tmp_path, written))
