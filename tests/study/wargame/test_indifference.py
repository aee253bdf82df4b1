"""What leaves everybody indifferent, near strategies and in many games at a time, and the index of an equilibrium."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.wargame.indifference import index, mixtures, support_of
from tests.study.wargame import games

HALF = np.array([0.5, 0.5])


def test_what_matches_pennies_follows_from_the_pay_offs_of_each_game() -> None:
    """We win w or lose 1: the other plays the first with (w + 1) / (w + 3) so that we gain by neither."""
    base = games.matching_pennies().mean
    wins = np.array([1.0, 2.0, 5.0])
    tables = np.repeat(base[..., None], 3, axis=-1)
    tables[0, 1, 1] = wins
    found = mixtures(tables, ((0, 1), (0, 1)), (HALF, HALF))
    assert found.found.all()
    assert found.strategies[0] == pytest.approx(np.full((3, 2), 0.5))
    assert found.strategies[1][:, 0] == pytest.approx((wins + 1) / (wins + 3))


def test_who_mixes_alone_or_more_options_than_the_other_is_at_no_one_point() -> None:
    game = games.any_of((3, 2), 1)
    near = (np.full(3, 1 / 3), HALF)
    assert not mixtures(game.mean[..., None], support_of(near), near).found[0]
    alone = (np.full(3, 1 / 3), np.array([1.0, 0.0]))
    assert not mixtures(game.mean[..., None], support_of(alone), alone).found[0]


def test_indices() -> None:
    """Of coordination both ways 1, of the mixture between them -1; of a game's only equilibrium 1."""
    game = games.battle_of_the_sexes()
    mixed = np.array([0.6, 0.4]), np.array([0.4, 0.6])
    assert [index(game, each) for each in (game.pair((0, 0)), game.pair((1, 1)), mixed)] == [1, 1, -1]
    assert index(games.pennies_of_three(), (HALF, HALF, HALF)) == 1
    assert index(games.three_who_share(), (np.array([0.0, 1.0]), HALF, HALF)) == -1
