"""Which customers are in the market when: within a segment they stand in the order of their arrival."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.population import Population
from simengine.tables.layout import Tables


def arrived_rows(tables: Tables, population: Population) -> NDArray[np.int64]:
    """[S, T + 2]: first row of each segment, then the end of its rows that have arrived with 0 ... T periods completed.

    The rows from column 0 to 1 are there at the opening, those from column t to t + 1 enter with t periods completed.
    """
    times = np.arange(len(tables.axes.periods) + 1, dtype=population.arrival.dtype)  # another type would copy arrivals
    ends = [
        first + np.searchsorted(population.arrival[first:end], times, side="right")
        for first, end in pairwise(tables.segments.rows)
    ]
    return np.column_stack([tables.segments.rows[:-1], ends]).astype(np.int64)
