"""Why one cell is worth more than another: both bridges between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from simengine.portfolio.progress import Progress, unseen
from simengine.results.prepare import one_of
from simengine.results.run import Run
from simengine.study.bridge.by_change import WORLDS, ByChange, by_change
from simengine.study.bridge.by_driver import ByDriver, by_driver
from simengine.study.bridge.document import figure
from simengine.study.bridge.totals import Cells, cells_of_folder, cells_of_run
from simengine.study.studied import cell_of


@dataclass(frozen=True)
class Bridge:
    """From the allocation `to` to `allocation` under one move."""

    allocation: str
    to: str
    move: str
    by_driver: ByDriver
    by_change: ByChange | None = None  # None: it was not asked for, or only a run's folder is there

    @property
    def document(self) -> dict[str, Any]:
        """As plain data, for JSON; money per share."""
        driver = self.by_driver
        return {
            "allocation": self.allocation,
            "to": self.to,
            "move": self.move,
            **figure(np.asarray(driver.total), driver.steps_per_share, driver.block),
            "by_change": self.by_change and self.by_change.document,
            "by_driver": driver.document,
        }


def bridge(
    run: Run, allocation: str, *, to: str | None = None, move: str | None = None, worlds: int = WORLDS,
    progress: Progress = unseen,
) -> Bridge:  # fmt: skip
    """Both bridges from the allocation `to` (the run's reference unless given) to `allocation` under a `move` (the
    first): by change, for which as many `worlds` may be simulated, see `by_change`, and by driver.

    Raises ScenarioError for names that the run does not have.
    """
    allocations, moves = run.scenario.allocations, run.scenario.moves
    allocation, move = cell_of(allocations, moves, run.reference, allocation, move)
    to = run.reference if to is None else one_of("--to", to, allocations)
    return bridges(run, to, [allocation], [move], changes=True, worlds=worlds, progress=progress)[allocation, move]


def bridges(
    of: Run | Path, to: str, allocations: Sequence[str], moves: Sequence[str], *, changes: bool = False,
    worlds: int = WORLDS, progress: Progress = unseen,
) -> dict[tuple[str, str], Bridge]:  # fmt: skip
    """Bridges from the allocation `to` to each of `allocations` under each of some `moves`, by both names: by driver,
    of a run or of the folder of a run alike; with `changes` by change, too, which takes the run."""
    cells = cells_of_run(of) if isinstance(of, Run) else cells_of_folder(of)
    by = {}
    if changes and isinstance(of, Run):
        by = by_change(of, allocations, to, moves, worlds=worlds, progress=progress)
    return {
        (allocation, move): replace(bridge_of_cells(cells, allocation, to, move), by_change=by.get((allocation, move)))
        for move in moves
        for allocation in allocations
    }


def bridge_of_cells(cells: Cells, allocation: str, to: str, move: str) -> Bridge:
    """The bridge by driver alone, from what a run, or its folder, stores."""
    return Bridge(allocation, to, move, by_driver(cells, (allocation, move), (to, move)))
