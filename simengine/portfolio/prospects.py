"""Whom prospects, the rest of the market where a file holds only our own customers, and newcomers resemble."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.jit import kernel
from simengine.luck import POPULATION_SOURCE, draw, keys, uniform53, words

GOLDEN_SECTION = np.uint64(0x9E3779B97F4A7)  # 2**52 times (sqrt(5) - 1) / 2, odd
LINE_END = np.uint64(2**52 - 1)  # the whole line, in the same unit: points beyond it go round


def prospect_count(customers: float, our_share: float) -> int:
    """How many others there are if `customers` of ours are `our_share` of the market."""
    return int(np.rint(customers * (1 / our_share - 1)))


def draw_sources(
    ids: NDArray[np.uint64], features: NDArray[np.float64], weight: NDArray[np.float64], seed: int
) -> NDArray[np.intp]:
    """For every prospect in `ids` the row of a customer that it resembles.

    `features` [row, feature] is all that is copied, `weight` [row] how many customers each row stands for.
    Stratified: the rows are laid end to end in the order of their features, each as long as its weight, the line
    is cut in as many equal pieces as there are prospects, and each takes a random point of its own piece. So
    each row has its expected number of prospects to within one, whatever the seed, and a row of weight n
    counts exactly like n rows.
    """
    order, ends = _line(features, weight)
    points = np.empty(len(ids))
    points_in_pieces(ids, *keys(seed), ends[-1], points)
    return _rows_at(points, order, ends)


def spread_sources(
    address: int, count: int, features: NDArray[np.float64], weight: NDArray[np.float64], seed: int
) -> NDArray[np.intp]:
    """For each of `count` newcomers, in the order of their arrival, the row of a customer that it resembles.

    On the line of `draw_sources` each is a golden section of the whole line from the one before, round and round from
    a random point, drawn at `address`. So any run of newcomers, however few come in a period, is spread evenly over
    the rows, and the seed makes little difference.
    """
    order, ends = _line(features, weight)
    first = np.empty(1)
    points_in_pieces(np.array([address], dtype=np.uint64), *keys(seed), 2.0**52, first)
    sections = first.astype(np.uint64) + np.arange(count, dtype=np.uint64) * GOLDEN_SECTION
    points = (sections & LINE_END).astype(np.float64) * 2.0**-52 * ends[-1]
    return _rows_at(points, order, ends)


def _line(features: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """(rows in the order of their features, where each ends when they are laid end to end)."""
    order = np.lexsort(features.T[::-1])
    return order, np.cumsum(weight[order])


def _rows_at(points: NDArray[np.float64], order: NDArray[np.intp], ends: NDArray[np.float64]) -> NDArray[np.intp]:
    return order[np.minimum(np.searchsorted(ends, points, side="right"), len(order) - 1)]


@kernel
def points_in_pieces(ids: Any, key_low: Any, key_high: Any, length: Any, points: Any) -> None:
    for i in range(len(ids)):
        low, high = words(ids[i])
        word = draw(key_low, key_high, low, high, POPULATION_SOURCE, 0, 0)
        points[i] = (i + uniform53(word[0], word[1])) / len(ids) * length
