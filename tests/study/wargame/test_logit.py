"""The path of those who choose by a logit, more and more sharply."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.wargame.game import Game, Mixed
from simengine.study.wargame.logit import _Path, end_of_path
from tests.study.wargame import games


def of(game: Game) -> Mixed:
    found = end_of_path(game, lambda strategies: bool((game.epsilon(strategies) < 1e-9).all()))
    assert found is not None
    return found


def test_of_two_ways_to_coordinate_the_path_ends_in_the_one_that_risks_less() -> None:
    """Stag hunt: both hunt a stag for 4, or hares for 3 whatever the other does (Turocy 2005)."""
    assert np.array(of(games.of_two([[4, 0], [3, 3]], [[4, 3], [0, 3]]))) == pytest.approx(np.array([[0, 1], [0, 1]]))
    assert np.array(of(games.of_two([[9, 0], [3, 3]], [[9, 3], [0, 3]]))) == pytest.approx(np.array([[1, 0], [1, 0]]))


@pytest.mark.parametrize("shape", [(2, 2), (4, 3), (2, 2, 2), (3, 3, 3), (2, 3, 2, 3)])
def test_it_ends_in_an_equilibrium_of_any_game(shape: tuple[int, ...]) -> None:
    for seed in range(3):
        game = games.any_of(shape, seed)
        assert game.epsilon(of(game)).max() < 1e-9


def test_on_the_way_choices_are_those_of_a_logit() -> None:
    game = games.any_of((3, 2, 2), 1)
    path = _Path(game)
    now = path.middle()
    for _ in range(8):
        ahead = path.corrected(now + 0.1 * path.direction(now, None), 0.1)
        assert ahead is not None
        now = ahead
    assert now[-1] > 0.1
    strategies = path.strategies(now)
    for p, strategy in enumerate(strategies):
        size = np.ptp(game.mean[p])
        weights = np.exp(now[-1] * game.of_options(p, strategies)[:, 0] / size)
        assert strategy == pytest.approx(weights / weights.sum(), rel=1e-9)
