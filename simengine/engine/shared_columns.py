"""Cells whose past and tables are the same share one column of the engine until they part.

Many cells of a study are the same for a while: a move that starts later, a delayed allocation, an allocation that
leaves a segment as it is. Such cells follow the first of them, their leader: the engine carries the leader's
customers alone, copies them to a follower when the two part, and writes the leader's totals for both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.int64]  # [C] indices of cells


def together(cells: int) -> Cells:
    """[C] the leaders where nothing has set any cells apart: all follow cell 0."""
    return np.zeros(cells, np.int64)


def leaders(before: Cells, tables: tuple[NDArray[Any], ...]) -> Cells:
    """[C] the leader of each cell in a period: the first that had the same leader `before` and has the same tables.

    `tables` [C, ...] are everything by cell that the engine reads in the period; equal means equal to the bit. Cells
    that once part never meet again.
    """
    rows = [np.ascontiguousarray(table) for table in tables]
    first: dict[tuple[Any, ...], int] = {}
    keys = [(before[c], *(table[c].tobytes() for table in rows)) for c in range(len(before))]
    return np.array([first.setdefault(key, c) for c, key in enumerate(keys)], np.int64)


def parting(before: Cells, after: Cells) -> list[tuple[int, int]]:
    """(cell, the leader that it followed before) of each cell that now leads itself: what it takes a copy from."""
    return [(c, int(before[c])) for c in np.flatnonzero((after == np.arange(len(after))) & (before != after)).tolist()]
