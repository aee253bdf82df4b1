"""What a market shows: the totals that tables of a period may follow from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.tables.layout import Floats


class Seen(NamedTuple):
    """The market at the end of a period, or at the opening, in every world: cell c in replication r of the n in flight
    is world c n + r."""

    customers: Floats  # [W, S, J] customers of each supplier
    revenue: Floats  # [W, S, states] currency a year at today's price, our price list, by state of the customer


def shares(customers: Floats) -> Floats:
    """[..., J] of the customers of each segment; 0 where there are none."""
    total = customers.sum(axis=-1, keepdims=True)
    return np.asarray(customers / np.where(total > 0.0, total, 1.0))
