"""What is to be as large as can be: of the value per share of a split under moves, in replications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["value", "shortfall", "maximin", "regret"]
KINDS = {
    "value": "the mean value per share",
    "shortfall": "the expected shortfall: mean of the worst outcomes",
    "maximin": "the mean under the move that is worst for the split",
    "regret": "the largest regret over the moves, which is to be small",
}


@dataclass(frozen=True)
class Objective:
    """An objective, larger is better. Outcomes are [M, R]: M moves, R replications."""

    kind: Kind
    probabilities: tuple[float, ...]  # [M] of the moves; for maximin and regret not used
    level: float = 0.05  # the part of outcomes that are the worst
    risk_limit: float | None = None  # the least expected shortfall, money a share
    best: tuple[float, ...] = ()  # [M] regret: the mean of the best split under each move

    @property
    def has_tail(self) -> bool:
        """Whether it looks at the worst outcomes."""
        return self.kind == "shortfall" or self.risk_limit is not None

    @property
    def has_pieces(self) -> bool:
        """Whether it is the least of the means of several moves."""
        return self.kind in ("maximin", "regret")

    def pieces(self, values: Floats) -> Floats:
        """[..., M] means of [..., M, R] of which the least counts."""
        means = values.mean(axis=-1)
        return np.asarray(means - np.array(self.best) if self.kind == "regret" else means)

    def weights(self, replications: int) -> Floats:
        """[M, R] probability of each outcome."""
        return np.repeat(np.array(self.probabilities)[:, None] / replications, replications, axis=1)

    def mean(self, values: Floats) -> float:
        """The mean of [M, R] over replications and moves."""
        return float((values * self.weights(values.shape[1])).sum())

    def tail(self, values: Floats) -> Floats:
        """[M, R] weights, together 1, of the worst outcomes: those that the level takes, the last of them in part.

        Source: Acerbi & Tasche 2002, doi:10.1016/S0378-4266(02)00283-2.
        """
        weights = self.weights(values.shape[1]).ravel()
        order = np.argsort(values.ravel(), kind="stable")
        before = np.cumsum(weights[order]) - weights[order]
        taken = np.zeros_like(weights)
        taken[order] = np.clip(self.level - before, 0.0, weights[order])
        return np.asarray((taken / taken.sum()).reshape(values.shape))

    def shortfall(self, values: Floats) -> float:
        """Expected shortfall of [M, R]."""
        return float((values * self.tail(values)).sum())

    def of(self, values: Floats) -> float:
        """The objective of [M, R] outcomes, whatever the risk limit says."""
        if self.kind == "shortfall":
            return self.shortfall(values)
        return float(self.pieces(values).min()) if self.has_pieces else self.mean(values)

    def merit(self, values: Floats, scale: float) -> float:
        """The objective less what it lacks of the risk limit, at a price that is worth more than any gain."""
        lacking = 0.0 if self.risk_limit is None else max(0.0, self.risk_limit - self.shortfall(values))
        return self.of(values) - 1e3 * scale * lacking

    def slope(self, values: Floats, slopes: Floats) -> Floats:
        """[n] of the objective, of slopes [n, M, R]; where it has a kink, of the piece that counts."""
        if self.kind == "shortfall":
            weights = self.tail(values)
        elif self.has_pieces:
            weights = np.zeros(values.shape)
            weights[int(self.pieces(values).argmin())] = 1.0 / values.shape[1]
        else:
            weights = self.weights(values.shape[1])
        return np.asarray((slopes * weights).sum(axis=(1, 2)))

    @property
    def document(self) -> dict[str, Any]:
        """As plain data."""
        tail = {"level": self.level, "risk_limit": self.risk_limit} if self.has_tail else {}
        return {"objective": self.kind, **tail}
