"""Shapley values: games with known ones, all orders one by one, and what holds of every game."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.engine.ledger import Integers
from simengine.study.bridge.shapley import (
    coalitions_of,
    interactions,
    orders,
    sampled_shapley,
    shapley,
    shapley_of_product,
)

GAMES = st.integers(1, 4).flatmap(lambda n: st.lists(st.integers(-(10**15), 10**15), min_size=1 << n, max_size=1 << n))


def game(worth: list[int]) -> Integers:
    """[2**n, 1] of one replication."""
    return np.array(worth, np.int64)[:, None]


def by_all_orders(worth: list[int] | list[float]) -> list[float]:
    """n! times each player's value: what it adds in every order of coming."""
    players = (len(worth) - 1).bit_length()
    added: list[float] = [0] * players
    for order in permutations(range(players)):
        there = 0
        for player in order:
            added[player] += worth[there | 1 << player] - worth[there]
            there |= 1 << player
    return added


def test_of_an_additive_game_everybody_gets_its_own() -> None:
    own = [7, -3, 0, 12]
    worth = [100 + sum(each for i, each in enumerate(own) if c >> i & 1) for c in range(16)]
    assert shapley(game(worth)).on_grid()[:, 0].tolist() == own
    assert set(interactions(worth).values()) == {0}


def test_the_glove_game() -> None:
    """One left glove and two right ones, a pair is worth 1: 2/3, 1/6, 1/6 (Shapley & Shubik 1969)."""
    worth = [int(bool(c & 1) and bool(c & 6)) for c in range(8)]
    found = shapley(game(worth))
    assert (found.numerator[:, 0] * 6 // found.denominator).tolist() == [4, 1, 1]


def test_the_airport_game() -> None:
    """Runways of length 1, 2, 4, 7: each part is shared by who needs it (Littlechild & Owen 1973,
    doi:10.1287/mnsc.20.3.370)."""
    lengths = [12, 24, 48, 84]
    worth = [max([each for i, each in enumerate(lengths) if c >> i & 1], default=0) for c in range(16)]
    assert shapley(game(worth)).on_grid()[:, 0].tolist() == [3, 7, 19, 55]


def test_weighted_votes() -> None:
    """[51; 40, 30, 20, 10]: power 5/12, 3/12, 3/12, 1/12 (Shapley & Shubik 1954, doi:10.2307/1951053)."""
    votes = [40, 30, 20, 10]
    worth = [int(sum(each for i, each in enumerate(votes) if c >> i & 1) >= 51) for c in range(16)]
    found = shapley(game(worth))
    assert (found.numerator[:, 0] * 12 // found.denominator).tolist() == [5, 3, 3, 1]


def test_a_pair_that_is_worth_something_together_only_interacts_by_that() -> None:
    worth = [5 * int(c & 3 == 3) for c in range(8)]
    assert interactions(worth) == pytest.approx({(0, 1): 5, (0, 2): 0, (1, 2): 0})


@given(GAMES)
def test_contributions_are_the_mean_over_all_orders_and_their_sum_is_exact(worth: list[int]) -> None:
    found = shapley(game(worth))
    assert found.numerator[:, 0].tolist() == by_all_orders(worth)
    assert found.denominator == factorial(len(found.numerator))
    steps = found.on_grid()
    assert steps.sum() == worth[-1] - worth[0]
    assert np.all(np.abs(steps - (found.numerator / found.denominator).astype(float)) <= 1.0)


@given(GAMES)
def test_backwards_is_the_same_with_the_other_sign(worth: list[int]) -> None:
    there, back = shapley(game(worth)).on_grid(), shapley(game(worth[::-1])).on_grid()
    assert (there == -back).all()


@given(GAMES)
def test_who_never_adds_anything_contributes_nothing(worth: list[int]) -> None:
    found = shapley(game([*worth, *worth])).on_grid()
    assert found[-1, 0] == 0
    assert (found[:-1] == shapley(game(worth)).on_grid()).all()


def test_replications_do_not_see_each_other_and_may_be_large() -> None:
    one, other = [0, 2**60, -(2**60), 2**59], [0, 1, 2, 4]
    both = np.stack([one, other], axis=1).astype(np.int64)
    expected = np.stack([shapley(game(each)).on_grid()[:, 0] for each in (one, other)], axis=1)
    assert (shapley(both).on_grid() == expected).all()
    assert both[-1, 0] == expected[:, 0].sum()


def test_orders_come_in_pairs_and_more_leave_the_first_as_they_are() -> None:
    few, many = orders(3, 12, 4), orders(3, 12, 9)
    assert (many[:8] == few).all()
    assert (few[::2] == few[1::2, ::-1]).all()
    assert (np.sort(many, axis=1) == np.arange(12)).all()
    assert (orders(4, 12, 4) != few).any()
    assert coalitions_of([2, 0, 1]) == [0, 4, 5, 7]


def test_sampled_contributions_add_up_and_their_intervals_cover_the_truth() -> None:
    """Of 6 players, 400 games with 12 pairs of orders each: 95 % intervals cover 93 to 97 % of 2,400 contributions."""
    draws = np.random.default_rng(1)
    covered = 0
    for seed in range(400):
        worth = {c: np.array([int(draws.integers(0, 10**6)) + 10**5 * c.bit_count() ** 2]) for c in range(64)}
        found = sampled_shapley(worth, orders(seed, 6, 12))
        steps = found.contributions.on_grid()
        assert steps.sum() == worth[63] - worth[0]
        exact = shapley(np.stack([worth[c] for c in range(64)]))
        truth = (exact.numerator / exact.denominator).astype(float)[:, 0]
        covered += int((np.abs(steps[:, 0] - truth) <= found.half_width + 1).sum())
    assert 0.93 <= covered / 2400 <= 0.97


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=4))
def test_factors_of_a_product(factors: list[tuple[float, float]]) -> None:
    before, after = (np.array(side) for side in zip(*factors, strict=True))
    found = np.array(list(shapley_of_product(before, after)))
    n = len(before)
    worth = [float(np.prod([(before, after)[c >> i & 1][i] for i in range(n)])) for c in range(1 << n)]
    assert found == pytest.approx(np.array(by_all_orders(worth)) / factorial(n), abs=1e-9)
    assert (np.array(list(shapley_of_product(after, before))) == -found).all()
    assert (found[before == after] == 0).all()
