"""The search for the best split: from many starts, with derivatives, and past the valleys of S-shaped responses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simengine.scenario.allocation import Allocation
from simengine.study.optimize.limits import Feasible, distinct
from simengine.study.optimize.objective import Objective
from simengine.study.optimize.outcomes import Outcomes

Floats = NDArray[np.float64]
CLIMBS = 5  # starts that are climbed from, at most
AFFORDED = 12_000  # worlds that climbs from more than two starts may take
ASKED = 80  # splits that one climb asks for, at most
STALLED = 12  # in a row without a gain: the climb is over
SHARES = (0.1, 0.25, 0.5, 1.0)  # of an item's money, moved to another to look beyond a valley
PAIRS = 240  # most pairs of items that are tried so
STEPS = tuple(0.3 / 4**k for k in range(8))  # of the budget: how far a straight step may go
ROUNDS = 12  # straight steps in turn
MET = 0.01  # of the budget: how near a climb comes to the end of one before, to which it would go on
GAIN = 1e-9  # of the objective's scale: less is none

Told = Callable[[float], None]  # the part of the work that is done


class _Enough(Exception):
    """A climb goes no further."""


@dataclass(frozen=True)
class Found:
    """A split and what it is worth on the search's own luck."""

    x: Floats  # [n] money a year
    merit: float
    initiatives: Allocation | None
    climbs: int = 0


@dataclass(frozen=True)
class Search:
    """Looks for the best split under an objective."""

    outcomes: Outcomes
    feasible: Feasible
    objective: Objective
    initiatives: Allocation | None = None

    def best(self, starts: Sequence[Floats], told: Told = lambda part: None, climbs: int = CLIMBS) -> Found:
        """The best split that is found from `starts`, which keep all limits."""
        points = distinct((self.feasible.inside(x) for x in starts), 1e-6 * self.feasible.scale)
        ranked = self._ranked(points)
        of_one = ASKED * self._around * self.outcomes.each
        chosen = distinct([x for _, x in ranked], 0.05 * self.feasible.scale)[: min(climbs, max(2, AFFORDED // of_one))]
        ends: list[tuple[float, Floats]] = [ranked[0]]
        for done, start in enumerate(chosen):
            ends.append(self._climbed(start, [x for _, x in ends[1:]]))
            told((done + 1) / (len(chosen) + 2))
        climbed = sum(merit > -np.inf for merit, _ in ends[1:])
        merit, x = max(ends, key=lambda each: each[0])
        for _ in range(3):  # over valleys, then up again
            others = self._exchanged(x)
            if not self.outcomes.affords(len(others)):
                break
            beyond, there = self._ranked(others)[0]
            if beyond <= merit + GAIN * self._scale(merit):
                break
            again = self._climbed(there)
            merit, x = max([(merit, x), (beyond, there), again], key=lambda each: each[0])
        told((len(chosen) + 1) / (len(chosen) + 2))
        merit, x = self._straightened(merit, x)
        told(1.0)
        return Found(x, merit, self.initiatives, climbed)

    @property
    def _around(self) -> int:
        """Splits that the derivatives of one take."""
        return 2 * len(self.feasible.free) + 1

    def _scale(self, merit: float) -> float:
        return max(abs(merit), 1e-3)

    def merits(self, points: Sequence[Floats]) -> list[float]:
        """The objective of splits, less what a risk limit takes."""
        values = self.outcomes.of(points, [self.initiatives] * len(points))
        return [self.objective.merit(each, 1.0) for each in values]

    def _ranked(self, points: Sequence[Floats]) -> list[tuple[float, Floats]]:
        """Splits with their merit, the best first; equals in their order."""
        found = list(zip(self.merits(points), points, strict=True))
        return sorted(found, key=lambda each: -each[0])

    def _exchanged(self, x: Floats) -> list[Floats]:
        """Splits in which a part of one item's money goes to another, or to no item, or all items' is less."""
        free = self.feasible.free.tolist()
        pairs = [(i, j) for i in free if x[i] > self.feasible.low[i] for j in (*free, -1) if i != j]
        pairs = pairs[:: 1 + len(pairs) // PAIRS]
        points = [x]
        for i, j in pairs:
            for share in SHARES:
                point = x.copy()
                money = share * (x[i] - self.feasible.low[i])
                point[i] -= money
                if j >= 0:
                    point[j] += money
                point = self.feasible.inside(point)
                if self.feasible.keeps(point):
                    points.append(point)
        return points

    def _climbed(self, start: Floats, known: Sequence[Floats] = ()) -> tuple[float, Floats]:
        """Sequential quadratic programming (Kraft 1988) from a start; of the least of several means as the largest
        number below all of them. A tail is left to the straight steps. It ends where it comes near a `known` end."""
        from scipy.optimize import minimize

        if self.objective.has_tail or not len(self.feasible.free):
            return self.merits([start])[0], start
        scale, free = self.feasible.scale, self.feasible.free
        pieces = self.objective.has_pieces
        asked: dict[bytes, tuple[Floats, Floats]] = {}
        seen: list[tuple[float, Floats]] = []

        def whole(u: Floats) -> Floats:
            x = start.copy()
            x[free] = u * scale
            return self.feasible.inside(x)

        def at(u: Floats) -> tuple[Floats, Floats]:
            """[M] means and [M, free] their slopes, or the objective's own as one."""
            key = u.tobytes()
            if key not in asked:
                if len(asked) >= ASKED or len(seen) - _top(seen) > STALLED:
                    raise _Enough
                if seen and any(np.abs(seen[-1][1] - end).max() <= MET * scale for end in known):
                    raise _Enough
                if not self.outcomes.affords(self._around):
                    raise _Enough
                x = whole(u)
                values, slopes = self.outcomes.slopes(x, self.feasible, self.initiatives)
                kept = self.feasible.keeps(x)
                seen.append((self.objective.merit(values, 1.0) if kept else -np.inf, x))
                if pieces:
                    means, rises = self.objective.pieces(values), slopes.mean(axis=2)[free].T * scale
                else:
                    means = np.array([self.objective.of(values)])
                    rises = self.objective.slope(values, slopes)[None, free] * scale
                asked[key] = (means, rises)
            return asked[key]

        u = start[free] / scale
        try:
            means, rises = at(u)
        except _Enough:  # not one step is left
            return -np.inf, start
        unit = float(np.abs(rises).max()) or 1.0  # a badly scaled objective would stop at its start
        matrix = self.feasible.matrix[:, free]
        room = (self.feasible.most - (np.delete(self.feasible.matrix, free, 1) * np.delete(start, free)).sum(1)) / scale
        bounds = [self.feasible.scaled_bounds()[i] for i in free]
        extra = [0.0] if pieces else []
        zero = np.zeros((len(matrix), len(extra)))
        limits = {
            "type": "ineq",
            "fun": lambda z: room - (matrix * z[: len(u)]).sum(axis=1),
            "jac": lambda _: np.hstack([-matrix, zero]),
        }
        constraints = [limits] if len(matrix) else []
        if pieces:
            origin = float(means.min())
            constraints.append(
                {
                    "type": "ineq",
                    "fun": lambda z: (at(z[:-1])[0] - origin) / unit - z[-1],
                    "jac": lambda z: np.hstack([at(z[:-1])[1] / unit, -np.ones((len(means), 1))]),
                }
            )
            gradient = np.concatenate([np.zeros(len(u)), [-1.0]])
            fun, jac = (lambda z: -z[-1]), (lambda _: gradient)
        else:
            value = float(means[0])
            fun, jac = (lambda z: -(at(z)[0][0] - value) / unit), (lambda z: -at(z)[1][0] / unit)
        with suppress(_Enough):
            minimize(
                fun, np.concatenate([u, extra]), jac=jac, method="SLSQP",
                bounds=[*bounds, *[(None, None)] * len(extra)], constraints=constraints,
                options={"maxiter": ASKED, "ftol": 1e-9},
            )  # fmt: skip
        return max([*seen, (-np.inf, start)], key=lambda each: each[0])

    def _straightened(self, merit: float, x: Floats) -> tuple[float, Floats]:
        """Steps of a linear programme within a box, as long as one of several lengths gains: what is left of a climb
        at kinks, and all of it for tails."""
        for _ in range(ROUNDS * (3 if self.objective.has_tail else 1)):
            if not self.outcomes.affords(self._around + len(STEPS)):
                break
            values, slopes = self.outcomes.slopes(x, self.feasible, self.initiatives)
            steps = [step for length in STEPS if (step := self._straight(x, values, slopes, length)) is not None]
            points = [x, *(point for point in steps if self.feasible.keeps(point))]
            gained, there = self._ranked(points)[0]
            if gained <= merit + GAIN * self._scale(merit):
                return merit, x
            merit, x = gained, there
        return merit, x

    def _straight(self, x: Floats, values: Floats, slopes: Floats, length: float) -> Floats | None:
        """The best split at most `length` of the budget away in each item, if all outcomes were straight lines.

        Of a tail with the threshold and the excesses below it as variables: Rockafellar & Uryasev 2000,
        doi:10.21314/JOR.2000.038.
        """
        from scipy.optimize import linprog

        scale, n = self.feasible.scale, len(x)
        unit = float(np.abs(slopes).max()) * scale or 1.0
        rises = slopes.reshape(n, -1).T * scale / unit  # [M R, n] by steps in budgets
        level = values.ravel() / unit
        weights = self.objective.weights(values.shape[1]).ravel()
        tail, pieces = self.objective.has_tail, self.objective.has_pieces
        count = len(level) if tail else 0
        size = n + (1 + count if tail else 0) + (1 if pieces else 0)
        above: list[Floats] = []
        right: list[float] = []

        def row() -> Floats:
            above.append(np.zeros(size))
            return above[-1]

        matrix = self.feasible.matrix
        for limit, room in zip(matrix, (self.feasible.most - (matrix * x).sum(axis=1)) / scale, strict=True):
            row()[:n] = limit
            right.append(max(float(room), 0.0))
        gain = np.zeros(size)
        low = np.maximum((self.feasible.low - x) / scale, -length)
        high = np.minimum((self.feasible.high - x) / scale, length)
        bounds: list[tuple[float | None, float | None]] = list(zip(low.tolist(), high.tolist(), strict=True))
        shortfall = np.zeros(size)
        if tail:
            bounds += [(None, None), *[(0.0, None)] * count]
            for i in range(count):
                line = row()
                line[:n], line[n], line[n + 1 + i] = -rises[i], 1.0, -1.0
                right.append(float(level[i]))
            shortfall[n], shortfall[n + 1 : n + 1 + count] = 1.0, -weights / self.objective.level
        if self.objective.kind == "shortfall":
            gain = shortfall
        elif pieces:
            bounds.append((None, None))
            for mean, rise in zip(
                self.objective.pieces(values) / unit,
                rises.reshape(*values.shape, n).mean(axis=1),
                strict=True,
            ):
                line = row()
                line[:n], line[-1] = -rise, 1.0
                right.append(float(mean))
            gain[-1] = 1.0
        else:
            gain[:n] = (rises * weights[:, None]).sum(axis=0)
        if self.objective.risk_limit is not None:
            now = self.objective.shortfall(values)
            row()[:] = -shortfall
            right.append(-min(self.objective.risk_limit, now if now < self.objective.risk_limit else np.inf) / unit)
            if now < self.objective.risk_limit:  # not met yet: as much of it as can be had comes first
                gain = shortfall
        answer = linprog(-gain, np.array(above) if above else None, right or None, bounds=bounds)
        return None if answer.x is None else self.feasible.inside(x + answer.x[:n] * scale)


def _top(seen: Sequence[tuple[float, Floats]]) -> int:
    """The number of the first of the best splits so far, from 1; 0 of none."""
    return 1 + max(range(len(seen)), key=lambda k: (seen[k][0], -k)) if seen else 0
