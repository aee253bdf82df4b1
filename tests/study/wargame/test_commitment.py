"""Leaders, followers and the cautious."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.wargame.commitment import answers_to, commitment, safest
from tests.study.wargame import games


def test_who_decides_first_in_the_battle_of_the_sexes_gets_its_way() -> None:
    game = games.battle_of_the_sexes()
    for leader, option in ((0, 0), (1, 1)):
        chosen = commitment(game, leader).chosen
        assert chosen is not None
        assert (chosen.option, chosen.value) == (option, 3)


def test_cournot_against_stackelberg() -> None:
    """Price 120 - q, no cost: Cournot 40 each; the leader makes 60, the follower 30 (Gibbons 1992, 2.1.B)."""
    quantities = np.array([30.0, 40.0, 60.0])
    total = quantities[:, None] + quantities
    ours = (120 - total) * quantities[:, None]
    game = games.of_two(ours.tolist(), ours.T.tolist())
    assert (1, 1) in game.pure
    chosen = commitment(game, 0).chosen
    assert chosen is not None
    assert (chosen.option, chosen.value) == (2, 1800)
    assert chosen.strategies is not None
    assert chosen.strategies[1].tolist() == [1, 0, 0]


def test_a_leader_counts_on_the_worst_that_others_may_settle_on() -> None:
    game = games.of_two([[5, 0], [2, 2]], [[1, 1], [1, 1]])
    found = commitment(game, 0)
    assert found.chosen is not None
    assert found.chosen.option == 1
    assert (found.outcomes[0].value, found.outcomes[0].best_value) == (0, 5)


def test_the_safest_option_has_the_best_worst_outcome() -> None:
    found = safest(games.of_two([[9, 0], [3, 2]], [[0, 0], [0, 0]]), 0)
    assert (found.option, found.value, found.worst) == (1, 2, (1, 1))


def test_what_an_answer_costs_against_a_passive_rival() -> None:
    game = games.prisoners_dilemma()
    first, second = answers_to(game, 0, (0, 0), 1)
    assert (first.answer, first.passive, first.value, first.cost.mean) == (1, 3, 0, 3)
    assert (second.answer, second.cost.mean) == (1, 4)
    assert answers_to(games.three_who_share(), 0, (0, 0, 0), 2)[1].cost.mean == pytest.approx(1.5)


def test_what_the_others_then_do_is_what_the_leader_counts_on() -> None:
    """The follower gains by neither option: the leader counts on the one that is worse for it."""
    ours, theirs = np.array([[3.0, 1.0], [0.0, 0.0]]), np.zeros((2, 2))
    game = games.with_luck(np.stack([ours, theirs])[..., None])
    chosen = commitment(game, 0).chosen
    assert chosen is not None
    assert chosen.strategies is not None
    assert (chosen.option, chosen.value, chosen.best_value) == (0, 1.0, 3.0)
    assert game.values(chosen.strategies)[0].mean() == 1.0
