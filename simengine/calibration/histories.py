"""What a purchase log says of each customer by a day, and which customers are alike."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.maximum import Floats


def distinct_rows(*columns: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Of the rows of several columns: a row of each kind, the kind of each row, and how many rows each kind has.

    Kinds are in the order of the columns' values. Sorts one column at a time, which is much faster than rows.
    """
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, at = np.unique(column, return_inverse=True)
        _, code = np.unique(code * len(values) + at, return_inverse=True)
    _, first, kind, count = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    return first, kind, count


class Histories:
    """Distinct histories of repeat purchases, and how many customers have each. Axis 0: history."""

    def __init__(self, purchases: Floats, last_purchase: Floats, observed: Floats) -> None:
        """Axis 0 of all: customer. Times count from a customer's first purchase."""
        first, self.history_of, customers = distinct_rows(purchases, last_purchase, observed)
        self.purchases, self.last_purchase, self.observed = purchases[first], last_purchase[first], observed[first]
        self.customers: Floats = customers.astype(np.float64)
        self.counts: Floats
        self.count_of: NDArray[np.intp]
        self.counts, self.count_of = np.unique(self.purchases, return_inverse=True)

    @cached_property
    def mean_rate(self) -> float:
        """Repeat purchases a unit of time, of all; above 0."""
        purchases, time = (self.customers * self.purchases).sum(), (self.customers * self.observed).sum()
        return float(max(purchases, 0.5) / max(time, 1e-9))


class Customers(NamedTuple):
    """Customers of a log as they were on a day. Axis 0 of all: customer."""

    purchases: Floats  # repeat: days with a purchase after the first
    last_purchase: Floats  # when the last of them was, after the first
    observed: Floats  # how long since the first
    spend: Floats  # mean money of a repeat purchase; 0 where there is none
    acquired: NDArray[np.int64]  # day of the first purchase

    def of(self, rows: NDArray[np.generic]) -> Customers:
        """Some of them."""
        return Customers._make(column[rows] for column in self)

    @property
    def histories(self) -> Histories:
        return Histories(self.purchases, self.last_purchase, self.observed)
