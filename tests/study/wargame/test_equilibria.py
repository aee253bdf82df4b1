"""Equilibria of games that text books solve, and of random ones against their definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from simengine.study.wargame import equilibria
from simengine.study.wargame.equilibria import equilibria_of
from simengine.study.wargame.game import Game
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


def test_of_three_who_may_enter_all_equilibria_are_found() -> None:
    """Two enter; or one does and two may, with 1/2; or each may, with p: (1-p)^2 3 + 2 p (1-p) 3/2 + p^2 = 5/4."""
    found = equilibria_of(games.three_who_share())
    enters = sorted(tuple(float(each[1]) for each in strategies) for strategies in found.found)
    p = (3 - 2**0.5) / 2
    wanted = sorted([(0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 0.5, 0.5), (0.5, 1, 0.5), (0.5, 0.5, 1), (p, p, p)])
    assert np.array(enters) == pytest.approx(np.array(wanted), abs=1e-12)
    assert (found.all_of_them, found.degenerate) == (True, False)


def test_pennies_of_three_are_matched_half_of_the_time() -> None:
    found = equilibria_of(games.pennies_of_three())
    (strategies,) = found.found
    assert np.array(strategies) == pytest.approx(np.full((3, 2), 0.5), abs=1e-12)
    assert (found.all_of_them, found.degenerate) == (True, False)


@pytest.mark.parametrize("players", [3, 4])
def test_any_of_several_may_be_those_who_volunteer(players: int) -> None:
    """m of them, each not with the probability (c/b)^(1/(m-1)), and nobody else: 2^n - 1 equilibria."""
    found = equilibria_of(games.volunteers(players, 4.0, 1.0))
    assert len(found.found) == 2**players - 1
    assert found.all_of_them
    for strategies in found.found:
        volunteering = [float(each[1]) for each in strategies if each[1] > 0]
        m = len(volunteering)
        assert volunteering == pytest.approx([1 - 0.25 ** (1 / (m - 1)) if m > 1 else 1.0] * m, abs=1e-12)


def test_the_odd_one_out_is_degenerate_and_all_may_toss_a_coin() -> None:
    found = equilibria_of(games.odd_one_out())
    assert found.degenerate
    assert any(np.allclose(strategies, 0.5) for strategies in found.found)


def test_two_find_the_same_by_supports_and_by_vertices(monkeypatch: pytest.MonkeyPatch) -> None:
    played = [games.any_of((4, 4), seed) for seed in range(4)]
    by_vertices = [equilibria_of(game) for game in played]
    monkeypatch.setattr(equilibria, "FEW_OPTIONS", 0)
    for game, known in zip(played, by_vertices, strict=True):
        found = equilibria_of(game)
        assert found.all_of_them
        assert len(found.found) == len(known.found)
        for each in found.found:
            assert any(np.allclose(np.array(each), np.array(other), atol=1e-9) for other in known.found)


def others_find(game: Game) -> list[tuple[np.ndarray, ...]]:
    """Equilibria of three with two options each, in another way: where one does not mix, those of the two others; where
    all do, from many beginnings."""
    found = []
    for p in range(3):
        for option in range(2):
            two = game.within([[option] if q == p else [0, 1] for q in range(3)])
            found += [
                tuple(np.eye(2)[option] if q == p else each for q, each in enumerate(strategies))
                for strategies in equilibria_of(two).found
            ]

    def gain(x: np.ndarray) -> list[float]:
        mixed = tuple(np.array([1 - each, each]) for each in x)
        return [float(np.diff(game.of_options(p, mixed)[:, 0])[0]) for p in range(3)]

    for start in np.ndindex(3, 3, 3):
        x, _, ended, _ = optimize.fsolve(gain, (np.array(start) + 0.5) / 3, full_output=True, xtol=1e-12)
        if ended == 1 and (x > 0).all() and (x < 1).all():
            found.append(tuple(np.array([1 - each, each]) for each in x))
    return [each for each in found if game.epsilon(each).max() < 1e-8]


def test_equilibria_of_three_are_those_that_another_way_finds() -> None:
    mixing = 0
    for seed in (0, 1, 2, 12, 17, 19, 29, 33, 114):
        game = games.any_of((2, 2, 2), seed)
        found = equilibria_of(game)
        assert found.all_of_them
        others = others_find(game)
        for each in others:
            assert any(np.allclose(each, known, atol=1e-7) for known in found.found)
        for known in found.found:
            assert any(np.allclose(each, known, atol=1e-7) for each in others)
        mixing += sum(min(map(min, strategies)) > 0 for strategies in found.found)
    assert mixing >= 7


@given(
    shape=st.sampled_from([(2, 2), (3, 2), (2, 2, 2), (3, 2, 2)]),
    seed=st.integers(0, 10_000),
    most=st.sampled_from([1, 2, 50]),
)
@settings(max_examples=40, deadline=None)
def test_every_game_has_an_equilibrium(shape: tuple[int, ...], seed: int, most: int) -> None:
    """Nash 1951; many of these are degenerate. Those that are not have an odd number (Wilson 1971)."""
    game = games.any_of(shape, seed, most)
    found = equilibria_of(game)
    assert found.found
    assert max(game.epsilon(strategies).max() for strategies in found.found) <= 1e-6 * most
    assert found.degenerate or not found.all_of_them or len(found.found) % 2


def test_what_is_too_large_to_be_searched_has_one_all_the_same_and_that_is_told() -> None:
    game = games.pennies_of_three()
    found = equilibria_of(game, roots=0)
    (strategies,) = found.found
    assert np.array(strategies) == pytest.approx(np.full((3, 2), 0.5), abs=1e-9)
    assert not found.all_of_them


def test_a_degenerate_game_is_told() -> None:
    assert equilibria_of(games.of_two([[1, 1], [1, 0]], [[1, 1], [1, 1]])).degenerate


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3), (6, 6), (7, 7), (8, 8)])
def test_every_random_game_has_an_odd_number_and_nobody_gains(shape: tuple[int, int]) -> None:
    """Wilson 1971: almost all games have an odd number of equilibria."""
    for seed in range(3):
        payoffs = 1e8 + 1e6 * np.random.default_rng(seed).normal(size=(2, *shape, 1))
        game = games.with_luck(payoffs)
        found = equilibria_of(game)
        assert found.all_of_them
        assert len(found.found) % 2 == 1
        for strategies in found.found:
            assert game.epsilon(strategies).max() < 1.0  # of millions
