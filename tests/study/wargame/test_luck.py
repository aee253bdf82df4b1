"""How sure an equilibrium is: where it is certain, where luck decides, and how often intervals hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from simengine.study.wargame.equilibria import equilibria_of
from simengine.study.wargame.game import Game
from simengine.study.wargame.luck import sureness
from tests.study.wargame import games


def noisy(game: Game, spread: float, replications: int, seed: int) -> Game:
    shape = (*game.mean.shape, replications)
    return games.with_luck(game.mean[..., None] + spread * np.random.default_rng(seed).normal(size=shape))


def test_without_luck_nothing_is_said_of_it() -> None:
    game = games.prisoners_dilemma()
    found = sureness(game, game.pair((1, 1)))
    assert (found.sure, found.in_resamples, found.at_most.tolist()) == (None, None, [0, 0])
    assert [each.mean for each in found.gains if each] == [-1, -1]


def test_luck_that_all_cells_share_does_not_matter() -> None:
    base = games.prisoners_dilemma().mean
    game = games.with_luck(base[..., None] + 100 * np.random.default_rng(1).normal(size=8))
    found = sureness(game, game.pair((1, 1)))
    assert found.sure
    assert found.in_resamples == 1.0
    assert found.at_most == pytest.approx([0, 0], abs=1e-9)


def test_much_luck_is_not_sure_and_says_what_may_be_gained() -> None:
    game = noisy(games.prisoners_dilemma(), 3.0, 8, seed=4)
    found = sureness(game, game.pair((1, 1)))
    assert found.sure is False
    assert (found.at_most > 0).any()
    assert 0.1 < found.in_resamples < 1.0


def test_probabilities_of_a_mixture_have_intervals_that_hold() -> None:
    """Matching pennies with luck: the interval of a probability covers 1/2 nearly as often as it says. 60 games; at
    95 % fewer than 51 of them would be seen once in a thousand times."""
    held = 0
    for seed in range(60):
        game = noisy(games.matching_pennies(), 0.5, 30, seed)
        a, b = game.mean[1]  # what we mix leaves them indifferent
        ours = (b[1] - b[0]) / (a[0] - a[1] - b[0] + b[1])
        c = game.mean[0]
        theirs = (c[1, 1] - c[0, 1]) / (c[0, 0] - c[0, 1] - c[1, 0] + c[1, 1])
        strategies = (np.array([ours, 1 - ours]), np.array([theirs, 1 - theirs]))
        assert game.epsilon(strategies).max() < 1e-12
        bounds = sureness(game, strategies, resamples=100).probabilities[0][0]
        assert bounds is not None
        held += bounds[0] <= 0.5 <= bounds[1]
    assert held >= 51


def test_those_of_three_who_mix_hold_too() -> None:
    """As above, of 25 games: fewer than 20 would be seen once in a thousand times."""
    held = 0
    for seed in range(25):
        game = noisy(games.pennies_of_three(), 0.5, 30, seed)
        (strategies,) = equilibria_of(game).found
        found = sureness(game, strategies, resamples=50)
        assert found.sure
        bounds = found.probabilities[seed % 3][0]
        assert bounds is not None
        held += bounds[0] <= 0.5 <= bounds[1]
    assert held >= 20


def test_of_a_mixture_that_is_not_one_point_nothing_is_said_of_resamples() -> None:
    game = noisy(games.prisoners_dilemma(), 0.5, 8, seed=1)
    found = sureness(game, (np.array([0.5, 0.5]), np.array([0.0, 1.0])))
    assert found.in_resamples is None
    assert found.probabilities == ((None, None), (None, None))


def test_errors_are_judged_by_blocks() -> None:
    """Replications that come in pairs of equals say no more than one of each."""
    once = noisy(games.prisoners_dilemma(), 3.0, 8, seed=4)
    pairs = replace(once, payoffs=np.repeat(once.payoffs, 2, axis=-1), block=2)
    one, two = (sureness(game, game.pair((1, 1))) for game in (once, pairs))
    assert two.at_most == pytest.approx(one.at_most, rel=1e-12)
    assert (two.sure, two.in_resamples) == (one.sure, one.in_resamples)
    few = sureness(replace(pairs, block=4), pairs.pair((1, 1)))
    assert (few.sure, few.in_resamples) == (None, None)


def test_what_may_be_gained_holds_for_all_options_together() -> None:
    game = noisy(games.prisoners_dilemma(), 3.0, 8, seed=4)
    first, second = game.payoffs
    gains = np.stack([first[0, 1] - first[1, 1], second[1, 0] - second[1, 1]])
    half = stats.t.ppf(1 - 0.025 / 2, 7) * gains.std(axis=1, ddof=1) / np.sqrt(8)
    assert sureness(game, game.pair((1, 1))).at_most == pytest.approx(
        np.maximum(gains.mean(axis=1) + half, 0), rel=1e-9
    )
