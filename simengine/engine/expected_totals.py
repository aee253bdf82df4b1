"""Where expected mode adds up: exact totals of each segment, by the workers that meet it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.engine.expected_layout import Totals
from simengine.engine.ledger import total


class Accumulators:
    """Of T periods. A worker has its own for every segment that it meets, so that nobody waits for another."""

    def __init__(self, workers: int, segments: int, periods: int, cells: int, states: int) -> None:
        by_state, by_supplier = (periods, cells, states, 2), (periods, cells, states - 2, 2)
        self._shapes = (by_state, by_state, by_supplier, by_supplier)
        self._segments = segments
        self._of_workers: list[dict[int, Totals]] = [{} for _ in range(workers)]

    def of(self, slot: int, s: int) -> Totals:
        """Those of a worker and a segment."""
        own = self._of_workers[slot]
        if s not in own:
            own[s] = self._nothing()
        return own[s]

    def summed(self, name: str) -> NDArray[np.int64]:
        """[T, S, C, ...] what all workers have added up of one of the `Totals`; of who has met nobody: 0."""
        met = ([own[s] for own in self._of_workers if s in own] for s in range(self._segments))
        return np.stack([total([getattr(each, name) for each in own or [self._nothing()]]) for own in met], axis=1)

    def _nothing(self) -> Totals:
        return Totals(*(np.zeros(shape, np.int64) for shape in self._shapes))
