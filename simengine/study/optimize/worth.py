"""What allocations are worth under an objective, on luck that no search has seen, in pairs."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import student_t_quantile
from simengine.results.run import Run
from simengine.study.optimize.objective import Objective
from simengine.valuation.risk import LEAST_BLOCKS, Summary, summarise

Floats = NDArray[np.float64]


class Worth:
    """Of the cells of a run. `moves` are those of the objective."""

    def __init__(self, run: Run, objective: Objective, moves: tuple[str, ...]) -> None:
        self.run, self.objective, self.moves = run, objective, moves
        self._cell = {cell: c for c, cell in enumerate(run.tables.axes.cells)}
        self._steps = run.valuation.money_scale * run.valuation.shares

    def values(self, allocation: str) -> Floats:
        """[M, R] value per share under the objective's moves."""
        return self._equity(allocation) / self._steps

    def _equity(self, allocation: str) -> NDArray[np.int64]:
        return self.run.valuation.equity[[self._cell[allocation, move] for move in self.moves]]

    def of(self, allocation: str) -> float:
        """The objective of an allocation, money a share."""
        return self.objective.of(self.values(allocation))

    def shortfall(self, allocation: str) -> float | None:
        """Its expected shortfall, where that is asked for."""
        return self.objective.shortfall(self.values(allocation)) if self.objective.has_tail else None

    def gain(self, allocation: str, to: str) -> dict[str, Any]:
        """The objective of an allocation less that of another, {to, mean, ci95}: paired, the same luck in both.

        Of means it is Student's interval over replications, or over the blocks in which their inputs are drawn; of
        shortfalls that of the jackknife (Tukey 1958); of the least of several moves there is none, nor where nothing is
        random, nor of too few blocks.
        """
        one, other = self._equity(allocation), self._equity(to)
        if (one == other).all():
            return {"to": to, "mean": 0.0, "ci95": None if self.run.exact else [0.0, 0.0]}
        if self.objective.has_pieces or self.objective.kind == "shortfall":
            mean = self.of(allocation) - self.of(to)
            return {"to": to, "mean": mean, "ci95": self._jackknife(allocation, to, mean)}
        if len(self.moves) == 1:
            found = self._summary(one[0] - other[0])
        else:
            weights = np.array(self.objective.probabilities)[:, None]
            found = self._summary(((one - other) * weights).sum(axis=0))
        return {"to": to, "mean": found.mean, "ci95": None if found.ci95 is None else list(found.ci95)}

    def _summary(self, outcomes: NDArray[Any]) -> Summary:
        return summarise(outcomes, self._steps, self.run.valuation.block)

    def _jackknife(self, allocation: str, to: str, mean: float) -> list[float] | None:
        one, other = self.values(allocation), self.values(to)
        block = self.run.valuation.block
        count = one.shape[1] // block
        if self.objective.has_pieces or count < (3 if block == 1 else LEAST_BLOCKS):
            return None
        left = [slice(b * block, (b + 1) * block) for b in range(count)]
        without = np.array(
            [self.objective.of(np.delete(one, r, 1)) - self.objective.of(np.delete(other, r, 1)) for r in left]
        )
        error = sqrt((count - 1) / count * float(((without - without.mean()) ** 2).sum()))
        half = float(student_t_quantile(0.975, float(count - 1))) * error
        return [mean - half, mean + half]

    def by_move(self, allocation: str, to: str) -> dict[str, Any]:
        """Value per share and its paired difference under every move that was run, {move: {value, difference}}."""
        found = {}
        for move in self.run.scenario.moves:
            one, other = (self.run.valuation.equity[self._cell[each, move]] for each in (allocation, to))
            value, difference = self._summary(one), self._summary(one - other)
            found[move] = {
                "value_per_share": value.mean,
                "difference": {
                    "to": to, "mean": difference.mean,
                    "ci95": None if difference.ci95 is None else list(difference.ci95),
                },
            }  # fmt: skip
        return found


def better(gain: Mapping[str, Any], value: float) -> bool:
    """Whether a gain is one: more than rounding, and than luck where there is any."""
    return bool(gain["mean"] > 1e-7 * max(abs(value), 1e-3) and (gain["ci95"] is None or gain["ci95"][0] > 0))
