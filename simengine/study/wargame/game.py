"""Games in normal form: pay-offs of every player in every combination of options, replication by replication.

Von Neumann & Morgenstern 1944; Nash 1951, doi:10.2307/1969529; what is said of equilibria follows Osborne & Rubinstein
1994.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simengine.tables.layout import Floats

Profile = tuple[int, ...]  # an option of every player
Mixed = tuple[Floats, ...]  # of every player, the probability of each of its options
SAME = 1e-9  # pay-offs that differ by less, as a part of the largest, are taken as equal


@dataclass(frozen=True)
class Game:
    """P players; n_p options of player p; R replications."""

    players: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    payoffs: Floats  # [P, n_1, ..., n_P, R] in a unit that every player values linearly, such as money
    block: int = 1  # replications that are drawn together: errors are judged by whole blocks

    @cached_property
    def mean(self) -> Floats:
        """[P, n_1, ..., n_P]"""
        return np.asarray(self.payoffs.mean(axis=-1))

    @property
    def shape(self) -> tuple[int, ...]:
        return self.mean.shape[1:]

    @property
    def replications(self) -> int:
        return int(self.payoffs.shape[-1])

    @cached_property
    def tolerance(self) -> Floats:
        """[P] differences up to which a player is indifferent."""
        return np.asarray(SAME * np.abs(self.mean).reshape(len(self.players), -1).max(axis=1))

    @cached_property
    def ranges(self) -> Floats:
        """[P] between the highest and the lowest mean."""
        return np.asarray(np.ptp(self.mean.reshape(len(self.players), -1), axis=1))

    @cached_property
    def gains(self) -> Floats:
        """[P, n_1, ..., n_P] what each player would gain by its best option, all others as they are."""
        return np.stack([u.max(axis=p, keepdims=True) - u for p, u in enumerate(self.mean)])

    @cached_property
    def best(self) -> NDArray[np.bool_]:
        """[P, n_1, ..., n_P] whether each player's option is its best answer to the others'."""
        ahead = [slice(None), *[None] * len(self.players)]
        return np.asarray(self.gains <= self.tolerance[tuple(ahead)])

    @cached_property
    def pure(self) -> list[Profile]:
        """Equilibria in which nobody mixes, in the order of the options."""
        return [tuple(map(int, profile)) for profile in np.argwhere(self.best.all(axis=0))]

    def pair(self, profile: Sequence[int]) -> Mixed:
        """A profile as probabilities."""
        return tuple(np.eye(number)[i] for number, i in zip(self.shape, profile, strict=True))

    def of_options(self, player: int, strategies: Mixed) -> Floats:
        """[n_p, R] what each option brings a player if all others play their strategies."""
        table = np.moveaxis(self.payoffs[player], player, -2)  # others, own, R
        for p, strategy in enumerate(strategies):
            if p != player:
                table = np.tensordot(strategy, table, axes=(0, 0))
        return np.asarray(table)

    def values(self, strategies: Mixed) -> Floats:
        """[P, R] what the strategies bring each player."""
        found = [strategies[p] @ self.of_options(p, strategies) for p in range(len(self.players))]
        return np.stack(found)

    def epsilon(self, strategies: Mixed) -> Floats:
        """[P] the most that each player would gain by another option: 0 in an equilibrium."""
        found = []
        for p, strategy in enumerate(strategies):
            of_options = self.of_options(p, strategies).mean(axis=-1)
            found.append(float(of_options.max() - strategy @ of_options))
        return np.maximum(found, 0.0)

    def within(self, kept: Sequence[Sequence[int]]) -> Game:
        """The game in which every player has only some of its options left."""
        options = tuple(tuple(names[i] for i in some) for names, some in zip(self.options, kept, strict=True))
        return Game(self.players, options, self.payoffs[np.ix_(range(len(self.players)), *kept)], self.block)


def answered(game: Game, start: Profile) -> tuple[list[Profile], bool]:
    """Profiles from `start` on as the players answer one after the other, each by its best option if it gains by that,
    and whether that ends; else the last profile has been there before."""
    now, path, turn, resting = start, [start], 0, 0
    seen = {(start, 0)}
    while resting < len(game.players):
        gains = game.mean[turn][tuple(slice(None) if p == turn else i for p, i in enumerate(now))]
        better = int(gains.argmax())
        resting += 1
        if gains[better] > gains[now[turn]] + game.tolerance[turn]:
            now = (*now[:turn], better, *now[turn + 1 :])
            path.append(now)
            resting = 0
        turn = (turn + 1) % len(game.players)
        if (now, turn) in seen and resting == 0:
            return path, False
        seen.add((now, turn))
    return path, True
