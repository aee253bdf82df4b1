"""Rows drawn in proportion to their weights, each at the address of whom it is drawn for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.jit import kernel
from simengine.luck import draw, keys, uniform53, words


def draw_rows(
    ids: NDArray[np.uint64], weight: NDArray[np.float64], seed: int, decision: int, column: int = 0
) -> NDArray[np.intp]:
    """For each of `ids` a row, drawn with probabilities in proportion to `weight` [row]; evenly where all are 0.

    `decision` says what the draw is for, see `simengine.luck`, and `column` of what, so that the draws of two columns
    are independent.
    """
    weight = weight if weight.any() else np.ones_like(weight)
    ends = np.cumsum(weight)
    points = np.empty(len(ids))
    uniforms(ids, *keys(seed), decision, column, points)
    found = np.searchsorted(ends, points * ends[-1], side="right")
    return np.asarray(np.minimum(found, np.flatnonzero(weight)[-1]), dtype=np.intp)


@kernel
def uniforms(ids: Any, key_low: Any, key_high: Any, decision: Any, column: Any, points: Any) -> None:
    for i in range(len(ids)):
        low, high = words(ids[i])
        word = draw(key_low, key_high, low, high, decision, column, 0)
        points[i] = uniform53(word[0], word[1])
