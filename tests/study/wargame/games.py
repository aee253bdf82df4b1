"""Games that text books solve."""

from __future__ import annotations

import numpy as np

from simengine.study.wargame.game import Game


def of_two(ours: list[list[float]], theirs: list[list[float]]) -> Game:
    """A game of two, without luck."""
    return with_luck(np.array([ours, theirs], float)[..., None])


def with_luck(payoffs: np.ndarray) -> Game:
    """A game from pay-offs [P, n_1, ..., n_P, R]."""
    players = tuple(["us", "atlas", "neo", "third"][: len(payoffs)])
    return Game(players, tuple(tuple("abcdefgh"[:n]) for n in payoffs.shape[1:-1]), payoffs)


def prisoners_dilemma() -> Game:
    """a: keep silent, b: confess."""
    return of_two([[3, 0], [5, 1]], [[3, 5], [0, 1]])


def battle_of_the_sexes() -> Game:
    return of_two([[3, 0], [0, 2]], [[2, 0], [0, 3]])


def matching_pennies() -> Game:
    return of_two([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def rock_paper_scissors() -> Game:
    ours = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], float)
    return of_two(ours.tolist(), (-ours).tolist())


def three_who_share(luck: np.ndarray | None = None) -> Game:
    """Each of three may enter (b) a market that is worth 3 / n - 1.25 to each of n who enter: two do in equilibrium."""
    payoffs = np.zeros((3, 2, 2, 2, 1 if luck is None else len(luck)))
    for profile in np.ndindex(2, 2, 2):
        for p in range(3):
            payoffs[(p, *profile)] = profile[p] * (3 / max(sum(profile), 1) - 1.25 + (0 if luck is None else luck))
    return with_luck(payoffs)
