"""Who contributes what to the worth of all together, where the order of coming matters: Shapley values.

A player contributes the mean, over all orders of coming, of what its coming adds to those who came before. Together the
players contribute what all are worth more than none, a player whose coming never adds anything contributes 0, and
values of games add up.
Source: Shapley 1953, in Contributions to the Theory of Games II, 307-317, doi:10.1515/9781400881970-018.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb, factorial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import student_t_quantile
from simengine.engine.ledger import Integers
from simengine.luck import BRIDGE_ORDER, address, uniforms
from simengine.tables.layout import Floats
from simengine.valuation.grid import exact_sum

Coalition = int  # bit i: player i is in it


class Contributions(NamedTuple):
    """Of n players to the worth of all less that of none, exactly: `numerator` over `denominator`."""

    numerator: Integers  # [n, ...] Python integers (dtype object)
    denominator: int

    def on_grid(self) -> Integers:
        """[n, ...] rounded to int64 so that their sum stays exact: each to the integer below, and what is then lacking
        in ones to those with the largest remainders, the first of equals. Who contributes 0 gets 0, and contributions
        of the other sign get the other sign."""
        first = np.argmax(self.numerator != 0, axis=0, keepdims=True)
        sign = np.where(np.take_along_axis(self.numerator, first, axis=0) < 0, -1, 1).astype(object)
        scaled = self.numerator * sign
        below = scaled // self.denominator
        remainder = scaled - below * self.denominator
        lacking = remainder.sum(axis=0) // self.denominator
        order = np.argsort(-remainder, axis=0, kind="stable")
        rank = np.argsort(order, axis=0, kind="stable")
        return np.asarray((below + (rank < lacking)) * sign, dtype=np.int64)


def shapley(worth: Integers) -> Contributions:
    """Of the n >= 1 players of a game, from the worth [2**n, ...] of every coalition, in the order of their bits."""
    players = (len(worth) - 1).bit_length()
    coalitions = np.arange(len(worth))
    size = np.array([int(each).bit_count() for each in coalitions])
    numerator = []
    for player in range(players):
        without = coalitions[coalitions >> player & 1 == 0]
        total = np.zeros(worth.shape[1:], dtype=object)
        for s in range(players):
            some = without[size[without] == s]
            weight = factorial(s) * factorial(players - s - 1)
            total = total + exact_sum(worth[some | 1 << player] - worth[some], axis=0) * weight
        numerator.append(total)
    return Contributions(np.stack(numerator), factorial(players))


def interactions(worth: Sequence[int]) -> dict[tuple[int, int], float]:
    """By pair of players: how much more the coming of both adds than their coming one by one, in the mean over orders
    in which they come as one; from the worth of all 2**n coalitions.

    Source: Grabisch & Roubens 1999, International Journal of Game Theory 28(4), 547-565, doi:10.1007/s001820050125.
    """
    players = (len(worth) - 1).bit_length()
    found = {}
    for pair in combinations(range(players), 2):
        i, j = (1 << player for player in pair)
        total = 0
        for others in range(len(worth)):
            if not others & (i | j):
                s = others.bit_count()
                weight = factorial(s) * factorial(players - s - 2)
                total += weight * (worth[others | i | j] - worth[others | i] - worth[others | j] + worth[others])
        found[pair] = total / factorial(players - 1)
    return found


def orders(seed: int, players: int, pairs: int) -> NDArray[np.int64]:
    """[2 x pairs, n] orders of coming; every second is the one before backwards, which takes out most of the luck of
    drawing them. A draw is addressed by its pair and place, so that more pairs leave the first as they are.

    Source: Castro, Gómez & Tejada 2009, Computers & Operations Research 36(5), 1726-1730,
    doi:10.1016/j.cor.2008.04.004; backwards: Mitchell et al. 2022, Journal of Machine Learning Research 23(43), 1-46.
    """
    drawn = [uniforms(seed, address("bridge"), BRIDGE_ORDER, player, 0, pairs) for player in range(players)]
    forwards = np.argsort(np.stack(drawn, axis=1), axis=1, kind="stable")
    return np.stack([forwards, forwards[:, ::-1]], axis=1).reshape(-1, players)


def coalitions_of(order: Sequence[int]) -> list[Coalition]:
    """[n + 1] who is there before each coming, and in the end."""
    found = [0]
    for player in order:
        found.append(found[-1] | 1 << int(player))
    return found


class Sampled(NamedTuple):
    """Contributions from some orders of coming only."""

    contributions: Contributions
    half_width: Floats  # [n] of the 95 % interval of their mean over the last axis, by the orders that were drawn


def sampled_shapley(worth: dict[Coalition, Integers], drawn: NDArray[np.int64]) -> Sampled:
    """Of the players of a game, from the worth [R] of the coalitions that come to be in the `orders` that were drawn:
    whatever these are, contributions add up to the worth of all less that of none."""
    count, players = drawn.shape
    added = np.stack([_added(worth, order) for order in drawn])  # [orders, n, R]
    mean = added.reshape(count // 2, 2, players, -1).mean(axis=(1, 3))  # [pairs, n]
    pairs = len(mean)
    quantile = float(student_t_quantile(0.975, float(pairs - 1)))
    half_width = np.asarray(quantile * mean.std(axis=0, ddof=1) / np.sqrt(pairs))
    return Sampled(Contributions(exact_sum(added, axis=0), count), half_width)


def _added(worth: dict[Coalition, Integers], order: NDArray[np.int64]) -> Integers:
    """[n, R] what the coming of each player adds."""
    there = coalitions_of(order.tolist())
    found = np.empty((len(order), *worth[0].shape), np.int64)
    for player, before, after in zip(order.tolist(), there, there[1:], strict=False):
        found[player] = worth[after] - worth[before]
    return found


def shapley_of_product(before: Sequence[Floats], after: Sequence[Floats]) -> Iterator[Floats]:
    """What each factor contributes to the change of their product, the factors being the players: those who came are as
    in `after`. Backwards it is the same with the other sign, to the bit; a factor that is as before contributes 0."""
    others = len(before) - 1
    every = (1 << others) - 1
    for i in range(len(before)):
        rest = [(before[j], after[j]) for j in range(len(before)) if j != i]
        mean: Floats | float = 0.0
        for coalition in range(max(1 << others >> 1, 1)):  # each with everybody else: backwards they change places
            together = _product(rest, coalition)
            weight = 1.0 / ((others + 1) * comb(others, coalition.bit_count()))
            mean = mean + (weight * (together + _product(rest, every ^ coalition)) if others else together)
        yield (after[i] - before[i]) * mean


def _product(factors: Sequence[tuple[Floats, Floats]], coalition: Coalition) -> Floats | float:
    product: Floats | float = 1.0
    for j, sides in enumerate(factors):
        product = product * sides[coalition >> j & 1]
    return product
