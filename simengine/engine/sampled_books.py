"""The books of sampled mode: what workers write down while customers move, and the totals that follow from it.

A switch is written down once, where it leaves and where it leads; a promotion when it is known, at its date, and taken
back if the customer leaves before. Who is where follows by adding up along time. All entries are integers in pairs:
customers, and their revenue on the money grid.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Integers, Ledger
from simengine.engine.sampled_layout import Books
from simengine.jit import kernel
from simengine.tables.layout import OWN_STATES


class SampledBooks(NamedTuple):
    """Of one segment and one worker, for a batch of replications R."""

    entered: Integers  # [R, T + 1, states, 2 presence, 2] who enters, the same in every cell
    promised: Integers  # [R, T + 2, 2 promotions, 2 presence, 2] promotions booked on entering; the last date is never
    promotions: Integers  # [R, T + 2, 2 promotions, 2 presence, C, 2] those booked since, less those taken back
    joins: Integers  # [P, R, J, 2 presence, C, 2] switches by where they lead: new, where it is to us; of P periods
    leaves: Integers  # [P, R, states, 2 presence, C, 2] and by where they come from
    direction: Integers  # [R, C, 3]

    def at(self, period: int) -> Books:
        """What the kernels write in the period of that place among the P."""
        return Books(
            self.entered,
            self.promised.reshape(-1),
            self.promotions.reshape(-1),
            self.joins[period].reshape(-1),
            self.leaves[period].reshape(-1),
            self.direction,
        )


def empty_books(ledger: Ledger, replications: int, periods: int) -> SampledBooks:
    """Books without entries, for a batch of so many replications and periods at once."""
    cells, _, times, _, states, _ = ledger.count.shape
    return SampledBooks(
        np.zeros((replications, times, states, 2, 2), np.int64),
        np.zeros((replications, times + 1, 2, 2, 2), np.int64),
        np.zeros((replications, times + 1, 2, 2, cells, 2), np.int64),
        np.zeros((periods, replications, states + 1 - OWN_STATES, 2, cells, 2), np.int64),
        np.zeros((periods, replications, states, 2, cells, 2), np.int64),
        np.zeros((replications, cells, 3), np.int64),
    )


def nothing_ahead(ledger: Ledger, replications: int) -> Integers:
    """[S, R, T + 2, 2 promotions, 2 presence, C, 2] promotions by their date, of all workers: none so far."""
    cells, _, times, segments, _, _ = ledger.count.shape
    return np.zeros((segments, replications, times + 1, OWN_STATES - 1, 2, cells, 2), np.int64)


def add_up(
    ledger: Ledger, ahead: Integers, first: int, begin: int, until: int, bought: NDArray[np.bool_] | None = None
) -> None:
    """Turn changes into totals: of the replications from `first` on, at the ends of the periods begin..until. Then the
    promotions that were `ahead` have come. Revenue of the segments [S] where it is `bought`, period by period, is what
    was written down."""
    rows, kept = slice(first, first + ahead.shape[1]), np.ones(len(ahead), np.bool_) if bought is None else ~bought
    for k, (totals, segments) in enumerate(((ledger.count, np.ones_like(kept)), (ledger.revenue, kept))):
        for time in range(begin + 1, until + 1):
            now, before = totals[:, rows, time], totals[:, rows, time - 1]
            promoted = ahead[:, :, time, ..., k].transpose(4, 1, 0, 2, 3)
            now[..., : OWN_STATES - 1, :] -= promoted
            now[..., 1:OWN_STATES, :] += promoted
            if segments.all():
                now += before
            else:
                now[:, :, segments] += before[:, :, segments]


@kernel
def post(
    begin, until, s, first, entered, promised, promotions, joins, leaves, ahead, count, revenue, gross_joins,
    gross_leaves,
):  # fmt: skip
    """Move what is in the books of segment s, for the periods begin..until and the replications from `first` on, to
    where all workers' is added up; only the books of the direction guarantee stay as they are.

    ahead, flat, of the segment: see `nothing_ahead`. The rest of a ledger: joins, leaves [C, R, T, S, J, 2]; count,
    revenue [C, R, T + 1, S, states, 2 presence], which after time `begin` hold changes since the time before, without
    promotions, until they are added up. What happens at `begin` is posted with the periods before it, the opening with
    the first."""
    replications, times, states, _, _ = entered.shape
    cells, suppliers = joins.shape[4], joins.shape[2]
    both = 2 * cells  # customers of every cell, each followed by their revenue
    change = np.empty(both, np.int64)
    left, joined = leaves.reshape(-1, both), joins.reshape(-1, both)
    for r in range(replications):
        for t in range(begin + 1 if begin > 0 else 0, until + 1):
            before = (t - 1 - begin) * replications + r  # the period that ended at t
            for p in range(2):
                for state in range(states):
                    supplier = max(0, state - OWN_STATES + 1)
                    came, its_money = entered[r, t, state, p, 0], entered[r, t, state, p, 1]
                    entered[r, t, state, p] = 0
                    for k in range(0, both, 2):
                        change[k], change[k + 1] = came, its_money
                    if t > 0:
                        gone = left[(before * states + state) * 2 + p]
                        for k in range(both):
                            change[k] -= gone[k]
                        if state == 0 or supplier > 0:
                            new = joined[(before * suppliers + supplier) * 2 + p]
                            for k in range(both):
                                change[k] += new[k]
                            for c in range(cells):
                                gross_joins[c, first + r, t - 1, s, supplier, p] += new[2 * c]
                        for c in range(cells):
                            gross_joins[c, first + r, t - 1, s, supplier, p] += came
                            gross_leaves[c, first + r, t - 1, s, supplier, p] += gone[2 * c]
                    for c in range(cells):
                        count[c, first + r, t, s, state, p] += change[2 * c]
                        revenue[c, first + r, t, s, state, p] += change[2 * c + 1]
        dates = promised[r].reshape(-1, 2)
        for row in range(4 * begin, 4 * times):
            if dates[row, 0] != 0:
                at = (r * dates.shape[0] + row) * both
                for k in range(0, both, 2):
                    ahead[at + k] += dates[row, 0]
                    ahead[at + k + 1] += dates[row, 1]
                dates[row] = 0
        for k in range((r * dates.shape[0] + 4 * begin) * both, (r * dates.shape[0] + 4 * times) * both):
            ahead[k] += promotions[k]
            promotions[k] = 0
    joins[:] = 0
    leaves[:] = 0
