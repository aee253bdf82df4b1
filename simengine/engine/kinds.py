"""Customers of one segment who have the same future, and how they live on: worked out once for all in expected mode."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.population import OBSERVED, Population
from simengine.tables.layout import Floats, Tables


class Kinds(NamedTuple):
    """The K kinds of customers of a segment; none where customers choose or are under contract."""

    history: Floats  # [K, 2] the first columns of `Population.history`
    arrival: NDArray[np.int64]  # [K] periods completed on entering; 0: at the opening


class Curves(NamedTuple):
    """Of each kind, in T periods; both are 0 before it enters."""

    alive: NDArray[np.float32]  # [T, C, K] probability of being a customer still at the end of the period
    rate: NDArray[np.float32]  # [T, C, K] what it brings in the period, a year, over base revenue

    def of_cells(self, number: NDArray[np.int64]) -> Curves:
        """Where these are of distinct cells: of the cells that have the `number` [C]."""
        return Curves(*(curve.take(number, axis=1) for curve in self))  # C order, as kernels expect


class CurvesBeyond(NamedTuple):
    """What each kind still brings from the horizon on."""

    customers: Floats  # [C, K] discounted period ends as a customer, the horizon's own included
    revenue: Floats  # [C, K] discounted sum of `Curves.rate` of the periods that end then

    def of_cells(self, number: NDArray[np.int64]) -> CurvesBeyond:
        """As `Curves.of_cells`."""
        return CurvesBeyond(*(each.take(number, axis=0) for each in self))


def distinct_cells(past: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The distinct rows of the past [C, ...] of cells, and [C] the number of each cell's: with the same past customers
    live on alike, which is worked out once."""
    distinct, number = np.unique(past, axis=0, return_inverse=True)
    return distinct, number.reshape(-1)


def kinds_of(tables: Tables, population: Population) -> tuple[NDArray[np.int64], list[Kinds]]:
    """[N] the kind of each customer, of those of its segment; and the kinds of each segment."""
    kind, found = np.zeros(len(population.ids), np.int64), []
    for s, lawful in enumerate(tables.segments.lawful):
        rows = slice(tables.segments.rows[s], tables.segments.rows[s + 1])
        if not lawful:
            found.append(Kinds(np.zeros((0, 2)), np.zeros(0, np.int64)))
            continue
        keys = np.column_stack([population.history[rows, : OBSERVED + 1], population.arrival[rows]])
        kinds, kind[rows] = np.unique(keys, axis=0, return_inverse=True)
        found.append(Kinds(kinds[:, :2].copy(), kinds[:, 2].astype(np.int64)))
    return kind, found
