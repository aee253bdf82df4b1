"""The customers of a file as checked numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]

OURS = 0  # index of the company among the suppliers


class Bought(NamedTuple):
    """What customers have bought since their first purchase. [row], 0 where a row is in no buy-till-you-die segment."""

    purchases: Floats
    last: Floats  # years from the first purchase to the last
    observed: Floats  # years from the first purchase to the opening
    spend: Floats  # mean money of these purchases; nan where no column says it, or there are none


class Customers(NamedTuple):
    """Rows of customer files, sorted by (segment, gone, supplier, id). Axis 0: row. None where no column holds it."""

    labels: NDArray[Any]  # ids as the file writes them: numpy's variable-width strings
    ids: NDArray[np.uint64]
    segment: NDArray[np.int16]
    churned: Booleans
    gone: Booleans  # the row stands for nobody at the opening: who churned, and whoever is there with a weight of 0
    weight: Floats
    supplier: NDArray[np.int8] | None  # index; OURS in contract segments
    revenue: Floats | None  # currency a year
    tenure_months: NDArray[np.int16] | None  # completed months with us, or UNKNOWN_TENURE
    tenure_filled: Booleans | None  # whether the file does not hold the tenure; None: it holds all
    bought: Bought | None  # what customers in buy-till-you-die segments have bought
    state: NDArray[np.int16] | None  # of markov segments, among those of its segment; 0 elsewhere
    needs: NDArray[np.float32] | None  # [row, need], summing to 1 in choice segments
    price_sensitivity: NDArray[np.float32] | None
    further: NDArray[np.int32]  # [row, column] position of its text among the column's values


def taken(customers: Customers, rows: slice | NDArray[np.intp]) -> Customers:
    """Some of the rows; those of a slice are not copied."""
    some = customers._replace(bought=None)
    some = Customers._make(None if column is None else column[rows] for column in some)
    bought = customers.bought
    return some._replace(bought=bought and Bought._make(column[rows] for column in bought))


def of_segment(customers: Customers, index: int) -> Customers:
    """The customers of the segment with an index; not copied."""
    start, end = np.searchsorted(customers.segment, [index, index + 1])
    return taken(customers, slice(start, end))


class FileReading(NamedTuple):
    """What was read of customer files besides the customers."""

    further: dict[str, tuple[str, ...]]  # by further column: its values, sorted
    filled: dict[str, int]  # by column: cells without a value that were filled
    notices: tuple[str, ...]  # what a user should know of how the files were read
