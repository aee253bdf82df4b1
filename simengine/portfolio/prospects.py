"""The rest of the market where a file holds only our own customers: prospects who resemble them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.jit import kernel
from simengine.luck import POPULATION_SOURCE, draw, keys, uniform53, words


def prospect_count(customers: float, our_share: float) -> int:
    """How many others there are if `customers` of ours are `our_share` of the market."""
    return int(np.rint(customers * (1 / our_share - 1)))


def draw_sources(
    ids: NDArray[np.uint64],
    features: NDArray[np.float64],
    weight: NDArray[np.float64],
    seed: int,
    cohorts: Sequence[int] = (),
) -> NDArray[np.intp]:
    """For every prospect or newcomer in `ids` the row of a customer that it resembles.

    `features` [row, feature] is all that is copied, `weight` [row] how many customers each row stands for.
    Stratified: the rows are laid end to end in the order of their features, each as long as its weight, the line
    is cut in as many equal pieces as there are prospects, and each takes a random point of its own piece. So
    each row has its expected number of prospects to within one, whatever the seed, and a row of weight n
    counts exactly like n rows. `cohorts` are the sizes of groups that are spread over the rows one by one.
    """
    order = np.lexsort(features.T[::-1])
    ends = np.cumsum(weight[order])
    points = np.empty(len(ids))
    last = 0
    for size in cohorts or (len(ids),):
        first, last = last, last + size
        points_in_pieces(ids[first:last], *keys(seed), ends[-1], points[first:last])
    return order[np.minimum(np.searchsorted(ends, points, side="right"), len(order) - 1)]


@kernel
def points_in_pieces(ids: Any, key_low: Any, key_high: Any, length: Any, points: Any) -> None:
    for i in range(len(ids)):
        low, high = words(ids[i])
        word = draw(key_low, key_high, low, high, POPULATION_SOURCE, 0, 0)
        points[i] = (i + uniform53(word[0], word[1])) / len(ids) * length
