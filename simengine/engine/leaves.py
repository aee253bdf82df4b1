"""The leaves of expected mode: up to `LEAF` rows of one segment, one behind the other.

A sum over a leaf is one step of an exact total, so where leaves begin enters the bits: every `LEAF` rows from a
segment's first on, whatever the task.

Where customers move between need states, every leaf stands for one of these, and those of the same rows follow each
other: copies of a leaf.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.lanes import LANES
from simengine.engine.aligned import aligned_zeros
from simengine.jit import kernel

LEAF = 1024


class Leaves(NamedTuple):
    """Where the rows of a population are; L leaves."""

    first: NDArray[np.int64]  # [S + 1] the leaves of segment s are first[s]:first[s + 1]
    begin: NDArray[np.int64]  # [L] first row
    size: NDArray[np.int64]  # [L] rows
    opened: NDArray[np.int64]  # [L] of them, those that are there at the opening: the first
    vector: NDArray[np.int64]  # [L, 2 presence] number of the leaf's vectors of probabilities; -1: nobody is ever there
    opens: NDArray[np.int64]  # [L] first row in `states_by_leaf`
    lanes: NDArray[np.int64]  # [L] first place in `column_by_lanes`

    @property
    def vectors(self) -> int:
        """How many vectors of probabilities there are: one a leaf where all have the same presence, else two."""
        return int(self.vector.max(initial=-1)) + 1

    def span(self, first: int, end: int) -> slice:
        """The vectors of the leaves first..end."""
        numbers = self.vector[first:end]
        numbers = numbers[numbers >= 0]
        return slice(int(numbers.min(initial=self.vectors)), int(numbers.max(initial=-1)) + 1)


def leaves_of(
    arrived: NDArray[np.int64], states: NDArray[np.float64], copies: NDArray[np.int64] | None = None
) -> Leaves:
    """Leaves of the rows `arrived` [S, T + 2], see `arrivals.arrived_rows`; `states` [N, states] is where each row is
    at the opening or on entering; `copies` [S] of each leaf, one if left out."""
    rows = arrived[:, -1] - arrived[:, 0]
    copies = np.ones(len(rows), np.int64) if copies is None else copies
    count = -(-rows // LEAF) * copies
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    segment = np.repeat(np.arange(len(count)), count)
    group, copy = np.divmod(np.arange(first[-1]) - first[segment], copies[segment])
    begin = arrived[segment, 0] + group * LEAF
    size = np.minimum(arrived[segment, -1] - begin, LEAF)
    opened = np.clip(arrived[segment, 1] - begin, 0, size)
    there = np.zeros((len(begin), 2), np.bool_)
    find_presence(states, begin, opened, there)
    there[opened < size, 1] = True  # newcomers never are ours from the opening on
    number = np.cumsum(there.ravel()).reshape(there.shape) - 1
    further = np.where(copies > 1, rows * copies, 0)
    jointly = len(states) + (np.cumsum(further) - further)[segment] + copy * rows[segment] + group * LEAF
    opens = np.where(copies[segment] > 1, jointly, begin)
    whole = -(-rows // LANES) * LANES
    lanes = (np.cumsum(whole) - whole)[segment] + group * LEAF
    return Leaves(first, begin, size, opened, np.where(there, number, -1), opens, lanes)


def states_by_leaf(states: NDArray[np.float64], joint: Mapping[int, NDArray[np.float64]]) -> NDArray[np.float64]:
    """[rows, states] where customers are at the opening: `states` [N, states], then those of segments with copies,
    `joint` [n, L, states] by segment, copy after copy."""
    if not joint:
        return states
    further = [joint[s].swapaxes(0, 1).reshape(-1, states.shape[1]) for s in sorted(joint)]
    return np.concatenate([states, *further])


@kernel
def find_presence(states, begin, opened, there):
    """Whether anybody of a leaf may at the opening be ours, and not, into there [L, 2]."""
    for leaf in range(begin.shape[0]):
        for i in range(begin[leaf], begin[leaf] + opened[leaf]):
            for state in range(states.shape[1]):
                if states[i, state] > 0.0:
                    there[leaf, np.int64(state >= 3)] = True
            if there[leaf, 0] and there[leaf, 1]:
                break


def columns_by_leaf(rows: NDArray[np.float32], leaves: Leaves) -> NDArray[np.float32]:
    """[L, F x LEAF] the columns of rows [N, F], a leaf's one after the other; 0 where a leaf has fewer rows."""
    out = aligned_zeros(len(leaves.begin), rows.shape[1], LEAF)
    for own, begin, size in zip(out, leaves.begin, leaves.size, strict=True):
        own[:, :size] = rows[begin : begin + size].T
    return out.reshape(len(out), -1)


def column_by_lanes(values: NDArray[np.float64], leaves: Leaves) -> NDArray[np.float32]:
    """A column [N] in single precision, each segment's rows followed by so many of nobody, 0, that all have their
    lanes."""
    out = aligned_zeros(int((leaves.lanes + -(-leaves.size // LANES) * LANES).max(initial=0)))
    for first, end in pairwise(leaves.first.tolist()):
        if first < end:
            begin, stop, at = leaves.begin[first], leaves.begin[end - 1] + leaves.size[end - 1], leaves.lanes[first]
            out[at : at + stop - begin] = values[begin:stop]
    return out


def extent_of(features: NDArray[np.float32], begin: int, end: int) -> NDArray[np.float32]:
    """[2, F] the lowest and the highest features [N, F] of the rows begin..end, and 0."""
    extent = np.zeros((2, features.shape[1]), np.float32)
    find_extent(features, begin, end, extent[0], extent[1])
    return extent


@kernel
def find_extent(features, begin, end, lowest, highest):
    """Lowest and highest [F] of features [N, F] of the rows begin..end, and 0."""
    for i in range(begin, end):
        for f in range(lowest.shape[0]):
            lowest[f] = min(lowest[f], features[i, f])
            highest[f] = max(highest[f], features[i, f])
