"""Equilibria of games that text books solve, and of random ones against their definition."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.wargame.equilibria import equilibria_of
from tests.study.wargame import games


def test_pennies_are_matched_half_of_the_time() -> None:
    found = equilibria_of(games.matching_pennies())
    ((ours, theirs),) = found.found
    assert ours == pytest.approx([0.5, 0.5])
    assert theirs == pytest.approx([0.5, 0.5])
    assert found.all_of_them
    assert not found.degenerate


def test_battle_of_the_sexes_has_three() -> None:
    found = equilibria_of(games.battle_of_the_sexes())
    assert [[list(map(float, each)) for each in strategies] for strategies in found.found[:2]] == [
        [[1, 0], [1, 0]],
        [[0, 1], [0, 1]],
    ]
    ours, theirs = found.found[2]
    assert ours == pytest.approx([0.6, 0.4])
    assert theirs == pytest.approx([0.4, 0.6])
    assert len(found.found) == 3


def test_rock_paper_scissors() -> None:
    ((ours, theirs),) = equilibria_of(games.rock_paper_scissors()).found
    assert (ours, theirs) == (pytest.approx([1 / 3] * 3), pytest.approx([1 / 3] * 3))


def test_an_option_that_never_pays_is_never_mixed() -> None:
    pennies = games.matching_pennies().payoffs[..., 0]
    game = games.of_two([[*row, 0] for row in pennies[0]], [[*row, -9] for row in pennies[1]])
    ((ours, theirs),) = equilibria_of(game).found
    assert ours == pytest.approx([0.5, 0.5])
    assert theirs == pytest.approx([0.5, 0.5, 0])


def test_two_who_are_left_of_three_may_mix() -> None:
    """The third player has an option that never pays: pennies remain."""
    pennies = games.matching_pennies().payoffs[..., 0]
    payoffs = np.zeros((3, 2, 2, 2, 1))
    payoffs[:2, :, :, 0, 0], payoffs[:2, :, :, 1, 0], payoffs[2, :, :, 1, 0] = pennies, 9.0, -1.0
    found = equilibria_of(games.with_luck(payoffs))
    assert found.all_of_them
    (strategies,) = found.found
    assert [each.tolist() for each in strategies] == [pytest.approx([0.5, 0.5])] * 2 + [[1, 0]]


def test_of_three_who_mix_only_pure_ones_are_claimed() -> None:
    found = equilibria_of(games.three_who_share())
    assert len(found.found) == 3
    assert not found.all_of_them


def test_a_degenerate_game_is_told() -> None:
    assert equilibria_of(games.of_two([[1, 1], [1, 0]], [[1, 1], [1, 1]])).degenerate


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3), (6, 6), (7, 7)])
def test_every_random_game_has_an_odd_number_and_nobody_gains(shape: tuple[int, int]) -> None:
    """Wilson 1971: almost all games have an odd number of equilibria. Of large games not all are looked for."""
    for seed in range(3):
        payoffs = 1e8 + 1e6 * np.random.default_rng(seed).normal(size=(2, *shape, 1))
        game = games.with_luck(payoffs)
        found = equilibria_of(game)
        assert found.found
        assert len(found.found) % 2 == 1 or not found.all_of_them
        for strategies in found.found:
            assert game.epsilon(strategies).max() < 1.0  # of millions
