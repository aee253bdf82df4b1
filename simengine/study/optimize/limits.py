"""What an optimum may spend: bounds of items, and linear limits of which the budget is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDING = 1e-9  # relative to what is limited: by less, nothing is exceeded


class Limit(NamedTuple):
    """sum(coefficients x amounts) <= at_most; amounts are money a year."""

    text: str  # as it was stated
    phase: int
    coefficients: Floats  # [n]
    at_most: float


class Miss(NamedTuple):
    """A limit that cannot be kept, and by how much the nearest amounts exceed it, money a year."""

    limit: Limit
    by: float


@dataclass(frozen=True)
class Feasible:
    """The amounts that are allowed: low <= x <= high, and all limits; money a year."""

    low: Floats  # [n]
    high: Floats  # [n] inf where nothing is stated
    limits: tuple[Limit, ...]
    scale: float  # money a year that is much: the budget

    @property
    def matrix(self) -> Floats:
        """[m, n] coefficients of the limits."""
        return np.array([limit.coefficients for limit in self.limits]).reshape(len(self.limits), len(self.low))

    @property
    def most(self) -> Floats:
        """[m]"""
        return np.array([limit.at_most for limit in self.limits])

    @property
    def free(self) -> NDArray[np.intp]:
        """The items that are not held at one amount."""
        return np.flatnonzero(self.high > self.low)

    def keeps(self, x: Floats) -> bool:
        """Whether amounts are allowed, but for rounding."""
        loose = ROUNDING * self.scale
        within = bool((x >= self.low - loose).all() and (x <= self.high + loose).all())
        sizes = np.abs(self.matrix).max(axis=1, initial=1.0)
        return within and bool(((self.matrix * x).sum(axis=1) <= self.most + loose * sizes).all())

    def misses(self) -> list[Miss]:
        """The limits that no amounts within the bounds keep together, exceeded by as little as can be; none if some
        do."""
        from scipy.optimize import linprog

        n, m = len(self.low), len(self.limits)
        if not m:
            return []
        cost = np.concatenate([np.zeros(n), np.ones(m)])
        bounds = [*self.scaled_bounds(), *[(0.0, None)] * m]
        answer = linprog(cost, np.hstack([self.matrix, -np.eye(m)]), self.most / self.scale, bounds=bounds)
        over = answer.x[n:] * self.scale
        return [Miss(limit, by) for limit, by in zip(self.limits, over.tolist(), strict=True) if by > 1e-7 * self.scale]

    def nearest(self, x: Floats) -> Floats:
        """Allowed amounts, those that differ from `x` by the least money; there are some."""
        from scipy.optimize import linprog

        if self.keeps(x):
            return np.clip(x, self.low, self.high)
        n, scaled = len(x), x / self.scale
        eye = np.eye(n)
        above = [np.hstack([eye, -eye]), np.hstack([-eye, -eye]), np.hstack([self.matrix, np.zeros_like(self.matrix)])]
        right = np.concatenate([scaled, -scaled, self.most / self.scale])
        # Equal costs would let the first items give way: what is more gives way a little sooner.
        cost = np.concatenate([np.zeros(n), 1.0 - 1e-3 * scaled / (1.0 + np.abs(scaled).max())])
        answer = linprog(cost, np.vstack(above), right, bounds=[*self.scaled_bounds(), *[(0.0, None)] * n])
        return self.inside(answer.x[:n] * self.scale)

    def inside(self, x: Floats) -> Floats:
        """Within the bounds, to the bit."""
        return np.asarray(np.clip(x, self.low, self.high))

    def scaled_bounds(self) -> list[tuple[float, float | None]]:
        """Of amounts over `scale`."""
        pairs = zip((self.low / self.scale).tolist(), (self.high / self.scale).tolist(), strict=True)
        return [(low, None if np.isinf(high) else high) for low, high in pairs]

    def binding(self, x: Floats) -> list[int]:
        """The limits that amounts just keep."""
        slack = self.most - (self.matrix * x).sum(axis=1)
        return np.flatnonzero(slack <= 1e-6 * self.scale).tolist()


def spending(fractions: Floats, feasible: Feasible, budgets: Sequence[float], phases: int) -> Floats:
    """Amounts in proportion to `fractions` [places, at least 0] that use up the budget of every phase, then made to
    keep all limits."""
    whole = fractions.sum()
    parts = fractions / whole if whole > 0 else np.full(len(fractions), 1.0 / len(fractions))
    amounts = np.outer(parts, np.maximum(budgets, 0.0)).reshape(len(fractions) * phases)
    return feasible.nearest(amounts)


def distinct(points: Iterable[Floats], apart: float) -> list[Floats]:
    """Points in their order, without those nearer than `apart` (in the largest amount) to one before."""
    kept: list[Floats] = []
    for point in points:
        if all(np.abs(point - other).max(initial=0.0) > apart for other in kept):
            kept.append(point)
    return kept
