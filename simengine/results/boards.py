"""What boards decided, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simengine.results.run import Run


def boards_of(run: Run, cell: int) -> dict[str, Any]:
    """The block `boards` of a cell of the summary, alone in a mapping; empty where the allocation has none.

    Of every lever that a board spends on, {lever: {budget, by, every, meetings, spend}}: `spend` {segment: [money a
    year]} as decided at each of the `meetings`, mean over the replications.
    """
    axes, boards = run.tables.axes, run.tables.boards
    sitting = run.scenario.allocations[axes.cells[cell][0]].boards
    if boards is None or not sitting:
        return {}
    found = {}
    for board in sorted(sitting, key=lambda board: board.lever):
        meetings = [t for t in range(len(axes.periods)) if board.meets(t)]
        mean = boards.spend[cell, :, :, :, boards.levers.index(board.lever)].mean(axis=0)  # [T, S]
        found[board.lever] = {
            "budget": board.budget,
            "by": board.by,
            "every": board.every,
            "meetings": [axes.periods[t] for t in meetings],
            "spend": {name: mean[meetings, axes.segments.index(name)].tolist() for name in board.segments},
        }
    return {"boards": found}
