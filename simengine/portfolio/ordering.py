"""Orders of many rows, found in little memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def order_within(group: NDArray[np.integer], ids: NDArray[np.uint64]) -> NDArray[np.intp]:
    """The order of rows by (group, id). Groups of 16 bits are sorted without comparisons."""
    order = np.argsort(group, kind="stable")
    grouped = group[order]
    starts = np.flatnonzero(np.diff(grouped, prepend=grouped[:1] - 1))
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        rows = order[start:end]
        rows[:] = rows[np.argsort(ids[rows], kind="stable")]
    return order


def repeated(ids: NDArray[np.uint64]) -> NDArray[np.intp]:
    """The rows whose id an earlier row has."""
    ordered = np.sort(ids)
    if not (ordered[1:] == ordered[:-1]).any():  # almost always: an order of the rows would take twice the memory
        return np.empty(0, dtype=np.intp)
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    again: NDArray[np.intp] = order[1:][ordered[1:] == ordered[:-1]]
    return again
