"""What splits of money are worth: cells of one run, under some moves, in some replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from simengine.results.run import Run
from simengine.scenario.allocation import Allocation
from simengine.scenario.model import Scenario
from simengine.study.optimize.items import Items
from simengine.study.optimize.limits import Feasible

Floats = NDArray[np.float64]
STEP = 1e-3  # of the budget, to either side, by which derivatives are measured
WORLDS = 4096  # cells x replications asked for at once, so that progress is seen


@dataclass
class Outcomes:
    """Asks a run what splits are worth. All of them see the same luck: only money makes them differ."""

    run: Run
    items: Items
    moves: tuple[str, ...]
    first: int = 0  # the replication to begin with
    replications: int | None = None  # those of the run's scenario if not given
    most: int = 1 << 62  # worlds that a search may simulate; what is asked for outside it counts, and is answered
    worlds: int = field(default=0, init=False)  # simulated so far
    stopped: bool = field(default=False, init=False)  # whether a search had to end for want of worlds

    @property
    def each(self) -> int:
        """Worlds that one split is simulated in."""
        return len(self.moves) * (self.replications or 1)

    def affords(self, splits: int) -> bool:
        """Whether a search may ask for so many splits more."""
        enough = self.worlds + splits * self.each <= self.most
        self.stopped |= not enough
        return enough

    def allow(self, worlds: int) -> None:
        """Let a search have so many more, from now on."""
        self.most = self.worlds + worlds

    def of(self, splits: Sequence[Floats], initiatives: Sequence[Allocation | None] = ()) -> Floats:
        """[K, M, R] value per share of splits of money, with the initiatives of each of the allocations if given."""
        others = initiatives or [None] * len(splits)
        return self.of_allocations([self.items.allocation(x, a) for x, a in zip(splits, others, strict=True)])

    def of_allocations(self, allocations: Sequence[Allocation]) -> Floats:
        """[K, M, R] value per share of each allocation."""
        found = []
        most = max(1, WORLDS // self.each)
        for at in range(0, len(allocations), most):
            found.append(self._ask(allocations[at : at + most]))
        return np.concatenate(found)

    def _ask(self, allocations: Sequence[Allocation]) -> Floats:
        scenario = self.run.scenario
        asked = with_cells(
            scenario, {f"split {k}": each for k, each in enumerate(allocations)}, self.moves, self.replications
        )
        done = self.run.more(asked, first=self.first)
        values = done.valuation.value_per_share
        self.worlds += values.size
        values = values.reshape(len(asked.allocations), len(self.moves), -1)
        return values[-len(allocations) :]

    def slopes(self, x: Floats, feasible: Feasible, initiatives: Allocation | None = None) -> tuple[Floats, Floats]:
        """[M, R] value per share of a split, and [n, M, R] by how much it grows with one unit of money a year more on
        each item; 0 for items that are held."""
        step = STEP * feasible.scale
        free = feasible.free
        down = np.minimum(step, x[free])  # spend has no other side of nothing
        points = [x]
        for i, below in zip(free.tolist(), down.tolist(), strict=True):
            for by in (-below, step):
                point = x.copy()
                point[i] += by
                points.append(point)
        values = self.of(points, [initiatives] * len(points))
        slopes = np.zeros((len(x), *values.shape[1:]))
        slopes[free] = (values[2::2] - values[1::2]) / (down + step)[:, None, None]
        return values[0], slopes


def with_cells(
    scenario: Scenario, allocations: dict[str, Allocation], moves: Sequence[str], replications: int | None = None
) -> Scenario:
    """The scenario with other allocations under some moves, behind those that these moves need. Values of single
    customers are not kept."""
    needed = {change.like for move in moves for change in scenario.moves[move]}
    kept = {name: stated for name, stated in scenario.allocations.items() if name in needed}
    simulation = {"customer_values": False} | ({} if replications is None else {"replications": replications})
    return replace(
        scenario,
        allocations={**kept, **allocations},
        moves={move: scenario.moves[move] for move in moves},
        simulation=scenario.simulation.model_copy(update=simulation),
    )
