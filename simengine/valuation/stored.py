"""The values that the engine keeps customer by customer, gathered into segments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.engine.customer_values import CustomerValues, Integers
from simengine.valuation.grid import exact_sum

PIECE = 1 << 16  # customers whose values are held at once


def stored_customers(customers: CustomerValues, segment: NDArray[np.integer], segments: int) -> Integers:
    """[kept cells, S, 2] value of each segment's customers, summed over replications (Python integers).

    `segment` [N] is the segment of each of the `customers`. ValueError if the two are not about the same ones.
    """
    if segment.shape != (len(customers),):
        raise ValueError(f"values of {len(customers)} customers, but segments of {segment.shape[0]}")
    cells = customers.value(0, 0).shape[-1]
    total = np.zeros((2, cells, segments), dtype=object)
    for start in range(0, len(segment), PIECE):
        end = min(start + PIECE, len(segment))
        value, where = customers.value(start, end), segment[start:end]
        for s in np.unique(where).tolist():
            total[:, :, s] += exact_sum(value[:, where == s], axis=1)
    return total.transpose(1, 2, 0)
