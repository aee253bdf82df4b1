"""Which allocation to choose when nobody knows the move, or the luck: regret, worst cases, expected value."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simengine.study.compare.outcomes import Outcomes
from simengine.tables.layout import Floats
from simengine.valuation.grid import exact_mean, exact_sum

Under = tuple[str, float]  # a move, and a value per share, or a regret, under it


class Decision:
    """Of A allocations under M moves in R replications, all with the same luck."""

    def __init__(self, outcomes: Outcomes) -> None:
        self._allocations, self._moves = outcomes.allocations, outcomes.moves
        self.value = outcomes.per_share(outcomes.equity)  # [A, M, R]
        total = exact_sum(outcomes.equity, axis=2)
        self.mean = exact_mean(total, outcomes.replications, outcomes.steps_per_share)

    def best_in(self) -> Floats:
        """[A, M] in which part of the replications an allocation is worth most; equals share."""
        best = self.value == self.value.max(axis=0)
        return np.asarray((best / best.sum(axis=0)).mean(axis=2))

    def beats(self, reference: str) -> Floats:
        """[A, M] in which part of the replications it is worth more than the reference; equals count half."""
        other = self.value[self._allocations.index(reference)]
        return np.asarray(((self.value > other) + 0.5 * (self.value == other)).mean(axis=2))

    def of_perfect_information(self, move: str, best: str) -> Floats:
        """[R] what it is worth to know the replication's luck before choosing, over choosing the `best`."""
        value = self.value[:, self._moves.index(move)]
        return np.asarray(value.max(axis=0) - value[self._allocations.index(best)])

    def worst(self) -> dict[str, Under]:
        """By allocation, the move under which it is worth least, and what it is worth then."""
        rows = zip(self._allocations, self.mean.tolist(), strict=True)
        return {name: min(zip(self._moves, row, strict=True), key=lambda each: each[1]) for name, row in rows}

    def expected(self, probabilities: Mapping[str, float]) -> Floats:
        """[A] value per share, mean over the moves."""
        return np.asarray(sum(self.mean[:, self._moves.index(move)] * each for move, each in probabilities.items()))


def maximin(worst: Mapping[str, Under]) -> str:
    """The allocation whose worst value over the moves is highest; of equals the first in the alphabet."""
    return min(worst, key=lambda name: (-worst[name][1], name))


def minimax_regret(largest: Mapping[str, Under]) -> str:
    """The allocation whose largest regret over the moves is smallest (Savage 1951, doi:10.1080/01621459.1951.10500768);
    of equals the first in the alphabet."""
    return min(largest, key=lambda name: (largest[name][1], name))


def dominance(one: Floats, other: Floats) -> str | None:
    """How outcomes [R] dominate others with the same luck, as far as R replications tell; None where they do not.

    `every replication`: never less, at least once more. `first order`: at each probability at least as much, which
    everybody prefers who wants more. `second order`: preferred, too, by everybody who dislikes risk (Hadar & Russell
    1969, American Economic Review 59(1), 25-34).
    """
    if bool((one == other).all()):
        return None
    if bool((one >= other).all()):
        return "every replication"
    gains = np.sort(one) - np.sort(other)
    if bool((gains == 0.0).all()):
        return None
    if bool((gains >= 0.0).all()):
        return "first order"
    return "second order" if bool((gains.cumsum() >= 0.0).all()) else None
