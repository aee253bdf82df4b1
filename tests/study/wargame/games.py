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


def any_of(shape: tuple[int, ...], seed: int, most: int | None = None) -> Game:
    """A game with normal pay-offs, or with whole ones from -most to most."""
    luck, size = np.random.default_rng(seed), (len(shape), *shape, 1)
    return with_luck(luck.normal(size=size) if most is None else luck.integers(-most, most + 1, size).astype(float))


def pennies_of_three() -> Game:
    """We match atlas, atlas matches neo, neo does not match us (Jordan 1993, doi:10.1006/game.1993.1022)."""
    payoffs = np.zeros((3, 2, 2, 2, 1))
    for a, b, c in np.ndindex(2, 2, 2):
        payoffs[:, a, b, c, 0] = 2 * np.array([a == b, b == c, c != a]) - 1
    return with_luck(payoffs)


def volunteers(players: int, benefit: float, cost: float) -> Game:
    """All have the benefit if anybody volunteers (b), at a cost (Diekmann 1985, doi:10.1177/0022002785029004003)."""
    payoffs = np.zeros((players, *[2] * players, 1))
    for profile in np.ndindex(*[2] * players):
        payoffs[(slice(None), *profile, 0)] = benefit * any(profile) - cost * np.array(profile)
    return with_luck(payoffs)


def odd_one_out() -> Game:
    """Who does as neither of the two others wins."""
    payoffs = np.zeros((3, 2, 2, 2, 1))
    for profile in np.ndindex(2, 2, 2):
        payoffs[(slice(None), *profile, 0)] = [profile.count(own) == 1 for own in profile]
    return with_luck(payoffs)
