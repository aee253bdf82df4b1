"""Best answers and pure equilibria of games that text books solve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.study.wargame.game import Game, answered
from tests.study.wargame import games


def test_prisoners_confess_and_would_both_gain_by_silence() -> None:
    game = games.prisoners_dilemma()
    assert game.pure == [(1, 1)]
    assert game.gains[:, 0, 0].tolist() == [2, 2]
    assert answered(game, (0, 0)) == ([(0, 0), (1, 0), (1, 1)], True)


def test_two_of_three_enter() -> None:
    game = games.three_who_share()
    assert game.pure == [(0, 1, 1), (1, 0, 1), (1, 1, 0)]
    assert answered(game, (0, 0, 0)) == ([(0, 0, 0), (1, 0, 0), (1, 1, 0)], True)


def test_answering_in_matching_pennies_never_ends() -> None:
    path, ends = answered(games.matching_pennies(), (0, 0))
    assert not ends
    assert path == [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0), (0, 1)] or path[0] == path[4]


def test_values_of_mixed_strategies_are_those_of_the_sum_over_profiles() -> None:
    payoffs = np.random.default_rng(3).normal(size=(3, 2, 3, 4, 5))
    game = games.with_luck(payoffs)
    strategies = (np.array([0.2, 0.8]), np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.2, 0.3, 0.4]))
    slow = np.zeros((3, 5))
    for i, j, k in np.ndindex(2, 3, 4):
        slow += payoffs[:, i, j, k] * strategies[0][i] * strategies[1][j] * strategies[2][k]
    assert game.values(strategies) == pytest.approx(slow, abs=1e-12)
    for p, strategy in enumerate(strategies):
        assert strategy @ game.of_options(p, strategies) == pytest.approx(slow[p], abs=1e-12)


@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 4), (2, 3, 2), (2, 2, 2, 2)]))
def test_nobody_gains_in_a_pure_equilibrium_and_somebody_does_elsewhere(seed: int, shape: tuple[int, ...]) -> None:
    game: Game = games.with_luck(np.random.default_rng(seed).integers(0, 4, (len(shape), *shape, 1)).astype(float))
    for profile in np.ndindex(shape):
        most = 0.0
        for p, number in enumerate(shape):
            for option in range(number):
                other = (*profile[:p], option, *profile[p + 1 :])
                most = max(most, game.payoffs[(p, *other)][0] - game.payoffs[(p, *profile)][0])
        assert (profile in game.pure) == (most == 0)
        assert game.epsilon(game.pair(profile)).max() == pytest.approx(most, abs=1e-12)
