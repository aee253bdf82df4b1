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
from simengine.tables.layout import OWN_STATES, by_supplier


class SampledBooks(NamedTuple):
    """Of one segment and one worker, for a batch of replications R."""

    entered: Integers  # [R, T + 1, states, 2 presence, 2] who enters, the same in every cell
    promised: Integers  # [R, T + 2, 2 promotions, 2 presence, 2] promotions booked on entering; the last date is never
    promotions: Integers  # [R, T + 2, 2 promotions, 2 presence, C, 2] those booked since, less those taken back
    joins: Integers  # [P, R, J, 2 presence, C, 2] switches by where they lead: new, where it is to us; of P periods
    leaves: Integers  # [P, R, states, 2 presence, C, 2] and by where they come from
    direction: Integers  # [R, C, 3]

    def of_all(self) -> Books:
        """What the kernels write that carry customers through several periods: flows [P, ...] of all P."""
        joins, leaves = (flow.reshape(len(flow), -1) for flow in (self.joins, self.leaves))
        return self.at(0)._replace(joins=joins, leaves=leaves)

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


def make_room(ledger: Ledger, first: int, replications: int, segments: slice) -> None:
    """Touch what a batch of replications is posted to, of some segments: an operating system hands large pages out at
    the first touch, and twice over, to throw one of them away, to two workers who come at once. Such a page reaches
    over many times."""
    for totals in (ledger.count, ledger.revenue, ledger.joins, ledger.leaves):
        totals[:, first : first + replications, 0, segments] = 0


def add_up(
    ledger: Ledger, ahead: Integers, first: int, begin: int, until: int, bought: NDArray[np.bool_], segments: slice
) -> None:
    """Turn changes of some segments into totals: of the replications from `first` on, at the ends of the periods
    begin..until. Then the promotions that were `ahead` have come. Revenue of the segments [S] where it is `bought`,
    period by period, is what was written down."""
    rows, ends, of_some = slice(first, first + ahead.shape[1]), slice(begin + 1, until + 1), ahead[segments]
    for k, totals in enumerate((ledger.count, ledger.revenue)):
        now = totals[:, rows, ends, segments]
        promoted = of_some[:, :, ends, ..., k].transpose(5, 1, 2, 0, 3, 4)
        now[..., : OWN_STATES - 1, :] -= promoted
        now[..., 1:OWN_STATES, :] += promoted
        since = totals[:, rows, begin : until + 1, segments]
        changing = ~bought[segments]
        if k == 0 or changing.all():
            np.add.accumulate(since, axis=2, out=since)
        else:
            since[:, :, :, changing] = np.add.accumulate(since[:, :, :, changing], axis=2)


def post(
    books: SampledBooks, ahead: Integers, ledger: Ledger, segment: int, first: int, begin: int, until: int
) -> None:
    """Move what is in the books of a segment, for the periods begin..until and the replications from `first` on, to
    where all workers' is added up; only the books of the direction guarantee stay as they are.

    ahead [R, T + 2, 2 promotions, 2 presence, C, 2] is that of the segment, see `nothing_ahead`; where there is but one
    worker, these are also the promotions in its books: they are many, and it needs no copy. The ledger's counts
    and revenue, which after time `begin` hold changes since the time before, are without promotions until they are
    added up. Who enters at `begin` was posted with the periods before it, at the opening with the first. Not compiled:
    it is little work, and would be a twentieth of what the first run compiles."""
    rows, periods, ends = slice(first, first + len(ahead)), slice(begin, until), slice(begin + 1, until + 1)
    joined, left = books.joins[: until - begin], books.leaves[: until - begin]
    ledger.joins[:, rows, periods, segment] += _by_cell(joined[..., 0])
    leavers = ledger.leaves[:, rows, periods, segment]
    leavers[..., 0, :] += _by_cell(left[:, :, :OWN_STATES, ..., 0].sum(axis=2))
    leavers[..., 1:, :] += _by_cell(left[:, :, OWN_STATES:, ..., 0])
    changes = np.negative(left, out=left)  # in place: workers post at the same time, and no plan has room for copies
    changes[:, :, 0] += joined[:, :, 0]
    changes[:, :, OWN_STATES:] += joined[:, :, 1:]
    for k, totals in enumerate((ledger.count, ledger.revenue)):
        totals[:, rows, ends, segment] += _by_cell(changes[..., k])
    books.joins[:], books.leaves[:] = 0, 0
    coming = slice(begin, len(ahead[0]) - 1)  # the last date is never
    for time in np.flatnonzero(books.entered.any(axis=(0, 2, 3, 4))):
        entered = books.entered[:, time]
        ledger.count[:, rows, time, segment] += entered[..., 0]
        ledger.revenue[:, rows, time, segment] += entered[..., 1]
        if time:
            ledger.joins[:, rows, time - 1, segment] += by_supplier(entered[..., 0], axis=1)
        entered[:] = 0
    promised = books.promised[:, coming]
    if promised.any():
        ahead[:, coming] += promised[..., None, :]
        promised[:] = 0
    if not np.may_share_memory(books.promotions, ahead):
        ahead[:, coming] += books.promotions[:, coming]
        books.promotions[:, coming] = 0


def _by_cell(flow: Integers) -> Integers:
    """[C, R, P, ..., 2 presence] of numbers by cell [P, R, ..., 2 presence, C]."""
    return flow.transpose(-1, 1, 0, *range(2, flow.ndim - 1))
