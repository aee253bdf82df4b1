"""Fills cells without a value from customers of the same segment, as `portfolio.missing` says.

Both ways depend on who the segment's customers are, never on the order of rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.jit import kernel
from simengine.luck import POPULATION_MISSING, draw, keys, uniform53, words

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]


def weighted_mean(values: Floats, weight: Floats) -> float:
    """Mean of `values` [donor], each counted `weight` times; plain where all weights are 0."""
    total = weight.sum()
    return float((values * weight).sum() / total) if total > 0 else float(values.mean())


def draw_donors(ids: NDArray[np.uint64], weight: Floats, column: int, seed: int) -> NDArray[np.intp]:
    """For each customer in `ids` the position of a donor, drawn in proportion to its `weight` [donor].

    `column` tells what is filled, so that the draws of two columns are independent.
    """
    ends = np.cumsum(weight) if weight.any() else np.arange(1.0, len(weight) + 1)
    points = np.empty(len(ids))
    _draw_points(ids, *keys(seed), column, ends[-1], points)
    return np.minimum(np.searchsorted(ends, points, side="right"), len(ends) - 1)


@kernel
def _draw_points(ids: Any, key_low: Any, key_high: Any, column: Any, length: Any, points: Any) -> None:
    for i in range(len(ids)):
        low, high = words(ids[i])
        word = draw(key_low, key_high, low, high, POPULATION_MISSING, column, 0)
        points[i] = uniform53(word[0], word[1]) * length
