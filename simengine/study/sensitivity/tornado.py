"""One input at a time, all others as stated: how far values move, and where another allocation becomes best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simengine.study.sensitivity.design import Floats
from simengine.study.sensitivity.input import DIGITS, Input

_TOLERANCE = 1e-9  # of a break-even, relative
_STEPS = 60

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


def swings_of(
    inputs: Sequence[Input], stated: Floats, values: Values, best: int, rivals: Sequence[int]
) -> list[Swing]:  # fmt: skip
    """Of each input, in their order. `stated` [D] is what allocations are worth with all inputs as stated, `best` the
    place of the one whose lead over the `rivals` is watched."""
    central = np.array([each.central for each in inputs], dtype=np.float64)
    grids = [_grid(each) for each in inputs]
    places = np.repeat(np.arange(len(inputs)), [len(grid) for grid in grids])

    def along(which: Floats, at: Floats) -> Floats:
        points = np.tile(central, (len(at), 1))
        points[np.arange(len(at)), which.astype(np.intp)] = at
        return values(points)

    found = along(places.astype(np.float64), np.concatenate(grids))
    swings = []
    starts: list[tuple[int, float, float]] = []
    for i, (each, grid) in enumerate(zip(inputs, grids, strict=True)):
        here = found[places == i]
        low, high = (_at(end, each, stated, grid, here) for end in (each.low, each.high))
        place = int(np.searchsorted(grid, each.central))
        lead = _lead(np.insert(here, place, stated, axis=0), best, rivals)
        starts += [(i, a, b) for a, b in _brackets(np.insert(grid, place, each.central), lead)]
        swings.append(Swing(each, low, high, ()))
    return [
        Swing(
            swing.input, swing.low, swing.high, tuple(sorted(flips, key=lambda f: abs(f.value - swing.input.central)))
        )
        for swing, flips in zip(swings, _flips(inputs, starts, along, best, rivals), strict=True)
    ]


def _grid(each: Input) -> Floats:
    """Where to look for a change of sign besides the stated value, in rising order, both ends among them."""
    grid = np.unique(np.array([*each.search, each.low, each.high], dtype=np.float64))
    return np.asarray(grid[grid != each.central])


def _at(end: float, each: Input, stated: Floats, grid: Floats, found: Floats) -> Floats:
    """[D] values at an end of the range, of those found on the grid."""
    return stated if end == each.central else np.asarray(found[int(np.searchsorted(grid, end))])


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
    inputs: Sequence[Input], starts: list[tuple[int, float, float]], along: Callable[[Floats, Floats], Floats],
    best: int, rivals: Sequence[int],
) -> list[list[Flip]]:  # fmt: skip
    """Break-evens within brackets of the lead, all at once: Chandrupatla's safeguarded search (1997,
    doi:10.1016/S0965-9978(96)00051-8)."""
    flips: list[list[Flip]] = [[] for _ in inputs]
    if not starts:
        return flips
    from scipy.optimize.elementwise import find_root

    which, lows, highs = (np.array(column, dtype=np.float64) for column in zip(*starts, strict=True))
    solved = find_root(
        lambda x, i: _lead(along(i, x), best, rivals), (lows, highs), args=(which,), maxiter=_STEPS,
        tolerances={"xatol": 0.0, "xrtol": _TOLERANCE, "fatol": 0.0, "frtol": 0.0},
    )  # fmt: skip
    ends = along(np.tile(which, 2), np.concatenate([lows, highs]))
    for k, i in enumerate(which.astype(int).tolist()):
        if not np.isfinite(solved.x[k]):  # the scenario cannot be so on the way there
            continue
        value = float(f"{float(solved.x[k]):.{DIGITS}g}")
        above = value >= inputs[i].central
        there = ends[k + len(which) if above else k]
        winner = max((best, *rivals), key=lambda d: float(there[d]))
        flips[i].append(Flip(value, above, winner, inputs[i].beyond(value, above=above)))
    return flips
