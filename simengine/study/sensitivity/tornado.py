"""One input at a time, all others as stated: how far values move, and where another allocation becomes best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.study.sensitivity.design import Floats
from simengine.study.sensitivity.input import Input, rounded

_TOLERANCE = 1e-9  # of a break-even, relative
_STEPS = 60
_NEXT = 1e-6  # relative: so near to a break-even is next to it

Values = Callable[[Floats], Floats]  # [P, n] inputs -> [P, D] value per share; NaN where a scenario cannot be


@dataclass(frozen=True)
class Flip:
    """An input's value beyond which another allocation is best, all other inputs as stated."""

    value: float
    above: bool  # beyond is above; else below
    allocation: int  # that is best next to it, beyond; by its place
    probability: float | None  # that the input lies beyond; None where nothing is said of that


@dataclass(frozen=True)
class Swing:
    """What becomes of all allocations at the ends of an input's range, and where it changes the decision."""

    input: Input
    low: Floats  # [D] value per share
    high: Floats  # [D]
    flips: tuple[Flip, ...]  # nearest first

    def moves(self, outcome: Callable[[Floats], float]) -> float:
        """By how much an outcome of the values differs between the ends."""
        return abs(outcome(self.high) - outcome(self.low))


class _Along:
    """Values of all allocations [D] with one input at a time away from what is stated; no point is asked for twice."""

    def __init__(self, inputs: Sequence[Input], stated: Floats, values: Values) -> None:
        self._central = np.array([each.central for each in inputs], dtype=np.float64)
        self._values = values
        self._known = {(i, each.central): stated for i, each in enumerate(inputs)}

    def __call__(self, which: NDArray[Any], at: Floats) -> Floats:
        """[P, D] with the inputs in the places `which` [P] `at` their values [P]."""
        wanted = list(zip(which.astype(int).tolist(), at.tolist(), strict=True))
        new = [each for each in dict.fromkeys(wanted) if each not in self._known]
        if new:
            points = np.tile(self._central, (len(new), 1))
            for point, (i, value) in zip(points, new, strict=True):
                point[i] = value
            self._known.update(zip(new, self._values(points), strict=True))
        return np.stack([self._known[each] for each in wanted])


def swings_of(
    inputs: Sequence[Input], stated: Floats, values: Values, best: int, rivals: Sequence[int]
) -> list[Swing]:  # fmt: skip
    """Of each input, in their order. `stated` [D] is what allocations are worth with all inputs as stated, `best` the
    place of the one whose lead over the `rivals` is watched. Two changes of its sign within one step of an input's grid
    are missed."""
    along = _Along(inputs, stated, values)
    grids = [np.unique(np.array([*each.search, each.low, each.central, each.high])) for each in inputs]
    places = np.repeat(np.arange(len(inputs)), [len(grid) for grid in grids])
    found = along(places, np.concatenate(grids))
    starts = [
        (i, low, high)
        for i, grid in enumerate(grids)
        for low, high in _brackets(grid, _lead(found[places == i], best, rivals))
    ]
    flips = _flips(inputs, starts, along, best, rivals)
    swings = []
    for i, each in enumerate(inputs):
        low, high = along(np.array([i, i]), np.array([each.low, each.high]))
        swings.append(Swing(each, low, high, flips[i]))
    return swings


def _lead(values: Floats, best: int, rivals: Sequence[int]) -> Floats:
    """[P] by how much the best allocation beats its rivals, of values [P, D]."""
    return np.asarray(values[:, best] - values[:, list(rivals)].max(axis=1))


def _brackets(grid: Floats, lead: Floats) -> list[tuple[float, float]]:
    """Neighbours between which the lead changes its sign."""
    known = np.isfinite(lead)
    grid, lead = grid[known], lead[known]
    changes = np.flatnonzero((lead[:-1] < 0.0) != (lead[1:] < 0.0))
    return [(float(grid[k]), float(grid[k + 1])) for k in changes]


def _flips(
    inputs: Sequence[Input], starts: Sequence[tuple[int, float, float]], along: _Along, best: int, rivals: Sequence[int]
) -> list[tuple[Flip, ...]]:  # fmt: skip
    """Break-evens within brackets of the lead, all at once: Chandrupatla's safeguarded search (1997,
    doi:10.1016/S0965-9978(96)00051-8)."""
    if not starts:
        return [()] * len(inputs)
    from scipy.optimize.elementwise import find_root

    which, lows, highs = (np.array(column, dtype=np.float64) for column in zip(*starts, strict=True))
    solved = find_root(
        lambda x, i: _lead(along(i, x), best, rivals), (lows, highs), args=(which,), maxiter=_STEPS,
        tolerances={"xatol": 0.0, "xrtol": _TOLERANCE, "fatol": 0.0, "frtol": 0.0},
    )  # fmt: skip
    above = lows >= [inputs[i].central for i in which.astype(int)]
    far = _lead(along(which, np.where(above, highs, lows)), best, rivals)
    reached = np.isfinite(solved.x)  # else the scenario cannot be so on the way there
    outer = np.where(above, solved.bracket[1], solved.bracket[0])
    past = np.isclose(outer, solved.x, rtol=_NEXT, atol=0.0)  # else it was met exactly, far from the bracket's end
    beyond = along(which, np.where(past, outer, np.where(reached, solved.x, lows)))
    flips: list[list[Flip]] = [[] for _ in inputs]
    for k, i in enumerate(which.astype(int).tolist()):
        if not reached[k]:
            continue
        (value,) = rounded([solved.x[k]])
        winner = max(rivals, key=lambda d: float(beyond[k, d])) if far[k] < 0.0 else best
        flips[i].append(Flip(value, bool(above[k]), winner, inputs[i].beyond(value, above=bool(above[k]))))
    return [_nearest_first(found, each.central) for found, each in zip(flips, inputs, strict=True)]


def _nearest_first(flips: Sequence[Flip], central: float) -> tuple[Flip, ...]:
    return tuple(sorted(flips, key=lambda flip: abs(flip.value - central)))
