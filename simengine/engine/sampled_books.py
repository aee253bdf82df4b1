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
from simengine.jit import formula, kernel
from simengine.tables.layout import OWN_STATES


class SampledBooks(NamedTuple):
    """Of one segment and one worker, for a batch of replications R."""

    entered: Integers  # [R, T + 1, states, 2 presence, 2] who enters, the same in every cell
    promised: Integers  # [R, T + 2, 2 promotions, 2 presence, 2] promotions booked on entering; the last date is never
    promotions: Integers  # [R, T + 2, 2 promotions, 2 presence, C, 2] those booked since, less those taken back
    joins: Integers  # [P, R, J, 2 presence, C, 2] switches by where they lead: new, where it is to us; of P periods
    leaves: Integers  # [P, R, states, 2 presence, C, 2] and by where they come from
    direction: Integers  # [R, C, 3]

    def clear(self) -> None:
        """Take all entries out."""
        for own in self:
            own.fill(0)

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


def add_up(
    ledger: Ledger, first: int, end: int, begin: int, until: int, bought: NDArray[np.bool_] | None = None
) -> None:
    """Turn changes into totals: of the replications first..end, at the ends of the periods begin..until. Revenue of the
    segments [S] where it is `bought`, period by period, is what was written down."""
    kept = np.ones(ledger.count.shape[3], np.bool_) if bought is None else ~bought
    for totals, segments in ((ledger.count, np.ones_like(kept)), (ledger.revenue, kept)):
        for time in range(begin + 1, until + 1):
            now, before = totals[:, first:end, time], totals[:, first:end, time - 1]
            if segments.all():
                now += before
            else:
                now[:, :, segments] += before[:, :, segments]


@formula
def promises(promoted, promised, r, t):
    """Whether any promotions are booked for a time, in promoted [R x (T + 2) x 4, ...] or promised [R, T + 2, ...]."""
    first = (r * promised.shape[1] + t) * 4
    for row in range(first, first + 4):
        for k in range(promoted.shape[1]):
            if promoted[row, k] != 0:
                return True
    for stage in range(promised.shape[2]):
        for p in range(promised.shape[3]):
            if promised[r, t, stage, p, 0] != 0:
                return True
    return False


@kernel
def post(
    begin, until, s, first, entered, promised, promotions, joins, leaves, count, revenue, gross_joins, gross_leaves
):
    """Add the books of segment s, the periods begin..until and the replications from `first` on, those of the direction
    guarantee apart, to those of a ledger: joins, leaves [C, R, T, S, J, 2]; count, revenue [C, R, T + 1, S, states, 2
    presence], which after time `begin` hold changes since the time before until they are added up. What happens at
    `begin` is posted with the periods before it, the opening with the first."""
    replications, times, states, _, _ = entered.shape
    cells, suppliers = joins.shape[4], joins.shape[2]
    both = 2 * cells  # customers of every cell, each followed by their revenue
    change = np.empty((states, 2, both), np.int64)
    promoted, left = promotions.reshape(-1, both), leaves.reshape(-1, both)
    joined = joins.reshape(-1, both)
    for r in range(replications):
        for t in range(begin + 1 if begin > 0 else 0, times):
            ahead = t > until  # of what is booked there are promotions alone, if any
            if ahead and not promises(promoted, promised, r, t):
                continue
            change[:] = 0
            before = (t - 1 - begin) * replications + r  # the period that ended at t
            for p in range(2):
                for state in range(0 if ahead else states):
                    supplier, here = max(0, state - OWN_STATES + 1), change[state, p]
                    came, its_money = entered[r, t, state, p, 0], entered[r, t, state, p, 1]
                    for k in range(0, both, 2):
                        here[k] += came
                        here[k + 1] += its_money
                    if t > 0:
                        gone = left[(before * states + state) * 2 + p]
                        for k in range(both):
                            here[k] -= gone[k]
                        if state == 0 or supplier > 0:
                            new = joined[(before * suppliers + supplier) * 2 + p]
                            for k in range(both):
                                here[k] += new[k]
                            for c in range(cells):
                                gross_joins[c, first + r, t - 1, s, supplier, p] += new[2 * c]
                        for c in range(cells):
                            gross_joins[c, first + r, t - 1, s, supplier, p] += came
                            gross_leaves[c, first + r, t - 1, s, supplier, p] += gone[2 * c]
                for stage in range(OWN_STATES - 1):
                    from_, to = change[stage, p], change[stage + 1, p]
                    moved = promoted[((r * (times + 1) + t) * 2 + stage) * 2 + p]
                    came, its_money = promised[r, t, stage, p, 0], promised[r, t, stage, p, 1]
                    for k in range(0, both, 2):
                        from_[k] -= moved[k] + came
                        from_[k + 1] -= moved[k + 1] + its_money
                        to[k] += moved[k] + came
                        to[k + 1] += moved[k + 1] + its_money
                for state in range(OWN_STATES if ahead else states):
                    here = change[state, p]
                    for c in range(cells):
                        count[c, first + r, t, s, state, p] += here[2 * c]
                        revenue[c, first + r, t, s, state, p] += here[2 * c + 1]
