"""Fills cells without a value from customers of the same segment, as `portfolio.missing` says.

Both ways depend on who the segment's customers are, never on the order of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.luck import POPULATION_MISSING
from simengine.portfolio.customers import Booleans, Floats
from simengine.portfolio.in_proportion import draw_rows


def weighted_mean(values: Floats, weight: Floats) -> float:
    """Mean of `values` [donor], each counted `weight` times; plain where all weights are 0."""
    total = weight.sum()
    return float((values * weight).sum() / total) if total > 0 else float(values.mean())


class Filling(NamedTuple):
    """Cells of a segment without a value and where one comes from; positions among the sorted rows."""

    cells: NDArray[np.intp]
    given: NDArray[np.intp]  # the segment's rows with a value
    source: NDArray[np.intp] | None  # for each cell the row whose value it gets; None: the mean of the given


def filling_of(
    empty: Booleans, donors: Booleans, ids: NDArray[np.uint64], weight: Floats, column: int, seed: int | None
) -> Filling:
    """Whose values fill the `empty` cells of a segment, from its `donors`: drawn, or without a seed the mean.

    All are [row] of the sorted rows. `column` tells what is filled, so that the draws of two columns are independent.
    """
    cells, given = np.flatnonzero(empty), np.flatnonzero(donors)
    source = None
    if seed is not None and len(cells) and len(given):
        source = given[draw_rows(ids[cells], weight[given], seed, POPULATION_MISSING, column)]
    return Filling(cells, given, source)


def filled(plan: Iterable[Filling], values: Floats, weight: Floats) -> Floats:
    """The values [row], of which the missing ones are filled in place."""
    for cells, given, source in plan:
        if source is None:
            values[cells] = weighted_mean(values[given], weight[given])
        else:
            values[cells] = values[source]
    return values
