"""Worlds: an allocation under a move, in one replication."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.scenario.model import Scenario

Indices = NDArray[np.int64]


class Worlds(NamedTuple):
    """W worlds: every cell in each of some replications, the replications of a cell next to each other."""

    allocation: Indices  # [W] in the order of the scenario's allocations
    move: Indices  # [W]
    replication: Indices  # [W] of the run
    cells: int

    @property
    def replications(self) -> int:
        """Of each cell."""
        return len(self.allocation) // self.cells


def worlds_of(scenario: Scenario, first: int = 0, replications: int = 1) -> Worlds:
    """The worlds of all cells in the replications first, first + 1, ..."""
    allocations, moves = list(scenario.allocations), list(scenario.moves)
    cells = [(allocations.index(allocation), moves.index(move)) for allocation, move in scenario.cells]
    allocation, move = np.repeat(np.array(cells, np.int64).T, replications, axis=1)
    return Worlds(allocation, move, np.tile(np.arange(first, first + replications), len(cells)), len(cells))


def in_every_period(worlds: Worlds, periods: int) -> Worlds:
    """Worlds that stay in a period each: world w in period t is the (w periods + t)-th."""
    allocation, move, replication = (np.repeat(each, periods) for each in worlds[:3])
    return Worlds(allocation, move, replication, worlds.cells)


def by_cell(table: NDArray[Any], cells: int) -> NDArray[Any]:
    """[C, R, ...] a view of a table [W, ...]."""
    return table.reshape(cells, len(table) // cells, *table.shape[1:])
