"""Which allocation to choose when nobody knows the move, or the luck: regret, worst cases, expected value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from simengine.study.compare.outcomes import Outcomes
from simengine.tables.layout import Floats


class Decision:
    """Of A allocations under M moves in R replications, all with the same luck."""

    def __init__(self, outcomes: Outcomes) -> None:
        self._allocations, self._moves = outcomes.allocations, outcomes.moves
        self.value = outcomes.per_share(outcomes.equity)  # [A, M, R]
        self.mean = (
            np.array([[_exact_mean(cell) for cell in row] for row in outcomes.equity]) / outcomes.steps_per_share
        )

    def best_in(self) -> Floats:
        """[A, M] in which part of the replications an allocation is worth most; equals share."""
        best = self.value == self.value.max(axis=0)
        return np.asarray((best / best.sum(axis=0)).mean(axis=2))

    def beats(self, reference: str) -> Floats:
        """[A, M] in which part of the replications it is worth more than the reference; equals count half."""
        other = self.value[self._allocations.index(reference)]
        return np.asarray(((self.value > other) + 0.5 * (self.value == other)).mean(axis=2))

    def of_perfect_information(self, best: Mapping[str, str]) -> dict[str, Floats]:
        """By move [R]: what it is worth to know the replication's luck before choosing, over choosing the `best`."""
        chosen = {move: self._allocations.index(name) for move, name in best.items()}
        return {
            move: self.value[:, m].max(axis=0) - self.value[chosen[move], m] for m, move in enumerate(self._moves)
        }  # fmt: skip

    def maximin(self) -> dict[str, Any]:
        """The allocation whose worst value over the moves is highest."""
        worst = {name: self.worst(name) for name in self._allocations}
        chosen = _first_of_most({name: value for name, (_, value) in worst.items()})
        return {"allocation": chosen, "move": worst[chosen][0], "value_per_share": worst[chosen][1]}

    def worst(self, name: str) -> tuple[str, float]:
        """The move under which an allocation is worth least, and what it is worth then."""
        row = self.mean[self._allocations.index(name)]
        m = int(row.argmin())
        return self._moves[m], float(row[m])

    def expected(self, probabilities: Mapping[str, float]) -> Floats:
        """[A] value per share, mean over the moves."""
        return np.asarray(sum(self.mean[:, self._moves.index(move)] * each for move, each in probabilities.items()))


def minimax_regret(regrets: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """The allocation whose largest regret over the moves is smallest (Savage 1951, doi:10.1080/01621459.1951.10500768),
    of regrets by allocation and move."""
    largest = {name: max(of.items(), key=lambda each: each[1]) for name, of in regrets.items()}
    chosen = _first_of_most({name: -regret for name, (_, regret) in largest.items()})
    return {"allocation": chosen, "move": largest[chosen][0], "regret": largest[chosen][1]}


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


def _first_of_most(values: Mapping[str, float]) -> str:
    """The name with the highest value; of equals the first in the alphabet."""
    return min(values, key=lambda name: (-values[name], name))


def _exact_mean(steps: Any) -> float:
    return float(sum(steps.tolist()) / len(steps))
