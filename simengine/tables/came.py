"""When moves came that no calendar knows ahead, by replication."""

from __future__ import annotations

import numpy as np

from simengine.scenario.model import Scenario
from simengine.tables.layout import Waiting
from simengine.tables.move_states import MoveStates
from simengine.tables.worlds import by_cell


class Came:
    """Of all changes that wait, in all cells and replications of a run, filled as its batches unfold."""

    def __init__(self, scenario: Scenario, replications: int) -> None:
        self._changes = tuple(
            (move, i) for move, changes in scenario.moves.items() for i, change in enumerate(changes) if change.waits
        )
        shape = len(scenario.cells), replications, len(self._changes)
        self._never = scenario.calendar.periods
        self._start, self._times = np.full(shape, self._never), np.zeros(shape, np.int64)

    def add(self, states: MoveStates | None, t: int, replications: slice) -> None:
        """What begins in a period, in some replications."""
        for n, key in enumerate(self._changes):
            assert states is not None
            begins = by_cell(states.of[key].start == t, len(self._start))
            start, times = self._start[:, replications, n], self._times[:, replications, n]
            start[begins & (start == self._never)] = t
            times += begins

    def waiting(self) -> Waiting | None:
        """See `layout.Waiting`; None where nothing waits."""
        return Waiting(self._changes, self._start, self._times) if self._changes else None
