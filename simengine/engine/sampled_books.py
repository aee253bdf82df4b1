"""The books of sampled mode: what workers write down while customers move, and the totals that follow from it.

A switch is written down once, where it leaves and where it leads; a promotion when it is known, at its date, and taken
back if the customer leaves before. Who is where follows by adding up along time. All entries are integers in pairs:
customers, and their revenue on the money grid.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.engine.ledger import Integers, Ledger
from simengine.engine.sampled_layout import Books
from simengine.tables.layout import OWN_STATES, by_supplier


class SampledBooks(NamedTuple):
    """Of one segment and one worker, for a batch of replications R."""

    entered: Integers  # [R, T + 1, states, 2 presence, 2] who enters, the same in every cell
    promised: Integers  # [R, T + 2, 2 promotions, 2 presence, 2] promotions booked on entering; the last date is never
    promotions: Integers  # [R, T + 2, 2 promotions, 2 presence, C, 2] those booked since, less those taken back
    joins: Integers  # [T, R, J, 2 presence, C, 2] switches by where they lead: new, where it is to us
    leaves: Integers  # [T, R, states, 2 presence, C, 2] and by where they come from
    direction: Integers  # [R, C, 3]

    def at(self, period: int) -> Books:
        """What the kernels write in one period."""
        return Books(
            self.entered,
            self.promised.reshape(-1),
            self.promotions.reshape(-1),
            self.joins[period].reshape(-1),
            self.leaves[period].reshape(-1),
            self.direction,
        )


def empty_books(ledger: Ledger, replications: int) -> SampledBooks:
    """Books without entries, for a batch of so many replications."""
    cells, _, times, _, states, _ = ledger.count.shape
    return SampledBooks(
        np.zeros((replications, times, states, 2, 2), np.int64),
        np.zeros((replications, times + 1, 2, 2, 2), np.int64),
        np.zeros((replications, times + 1, 2, 2, cells, 2), np.int64),
        np.zeros((times - 1, replications, states + 1 - OWN_STATES, 2, cells, 2), np.int64),
        np.zeros((times - 1, replications, states, 2, cells, 2), np.int64),
        np.zeros((replications, cells, 3), np.int64),
    )


def closed(books: SampledBooks) -> tuple[Integers, Integers, Integers]:
    """(states [T + 1, R, states, 2 presence, C, 2] at every time, joins, leaves [T, R, J, 2 presence, C]) of books that
    are added up over the workers."""
    entered = books.entered.swapaxes(0, 1)[..., None, :]
    promotions = (books.promotions + books.promised[..., None, :])[:, :-1].swapaxes(0, 1)
    change = np.repeat(entered, books.joins.shape[-2], axis=-2)
    change[1:] -= books.leaves
    change[1:, :, 0] += books.joins[:, :, 0]
    change[1:, :, OWN_STATES:] += books.joins[:, :, 1:]
    change[:, :, : OWN_STATES - 1] -= promotions
    change[:, :, 1:OWN_STATES] += promotions
    joins = books.joins[..., 0] + by_supplier(entered[1:, ..., 0], axis=2)
    leaves = by_supplier(books.leaves[..., 0], axis=2)
    return change.cumsum(axis=0), joins, leaves
