"""The values that the engine stored customer by customer, gathered into segments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Integers, Ledger
from simengine.valuation.grid import exact_sum


def stored_customers(ledger: Ledger, segment: NDArray[np.int32], segments: int) -> Integers:
    """[kept cells, S, 2] value of each segment's customers, summed over replications (Python integers).

    `segment` [N] is the segment of each customer whose values `ledger.customer_value` [2, N, kept cells] holds.
    ValueError if the two are not about the same customers.
    """
    if segment.shape != ledger.customer_value.shape[1:2]:
        raise ValueError(f"values of {ledger.customer_value.shape[1]} customers, but segments of {segment.shape[0]}")
    by_segment = [
        exact_sum(ledger.customer_value[:, np.flatnonzero(segment == s)], axis=1) for s in range(segments)
    ]  # each [2, kept cells]
    return np.stack(by_segment, axis=-1).transpose(1, 2, 0)
