"""Which segment each row of a synthetic file is of: the same for the first rows however many there are."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Rows(NamedTuple):
    """A stretch of the rows. Axis 0: row."""

    segment: NDArray[np.int64]  # index
    ordinal: NDArray[np.int64]  # of the customer within its segment, from 0


def rows_of_chunk(sizes: NDArray[np.float64], chunk: int, length: int) -> Rows:
    """The rows of one chunk of about `length` rows, chunks counting from 0.

    `sizes` [segment] > 0 are in any unit. Rows are dealt as seats are by the divisor method of Webster and
    Sainte-Laguë (Balinski & Young 1982, "Fair Representation"): the j-th of a segment with the share p stands at
    (j + 1/2) / p. So the first n rows have the right mix, to within rounding, for every n.
    """
    share = sizes / sizes.sum()
    places, segments, ordinals = [], [], []
    for s, p in enumerate(share.tolist()):
        first, end = (max(0, math.ceil(edge * length * p - 0.5)) for edge in (chunk, chunk + 1))
        ordinal = np.arange(first, end, dtype=np.int64)
        places.append((ordinal + 0.5) / p)
        segments.append(np.full(end - first, s, dtype=np.int64))
        ordinals.append(ordinal)
    order = np.argsort(np.concatenate(places), kind="stable")
    return Rows(np.concatenate(segments)[order], np.concatenate(ordinals)[order])
