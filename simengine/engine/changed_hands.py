"""Customers who change hands between a cell and the one that it is compared with, one by one, at the horizon.

Both cells see the same luck, so a drawn customer is ours in one and not in the other, or it is not: that is counted.
Expected values know no single customer's fate in both, only the probability of each. Whatever the common luck, the
probability of being ours here and not there is at least what it is more here than there (the maximal coupling leaves no
more: Lindvall 1992, Lectures on the Coupling Method, I.5). From whom that is, is said as for independent remainders:
from all suppliers in proportion to what each loses of the customer. Whether a customer is ours at the opening, and its
need states, are the same in both cells, and so are told apart.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.lanes import LANES, either, every, fma, load, store, total
from simengine.engine.expected_sums import whole_lanes
from simengine.engine.ledger import GAINED, LOST
from simengine.engine.pool import spans
from simengine.jit import formula, kernel
from simengine.tables.layout import OWN_STATES

f32 = np.float32
NEXT_TO_NOTHING = f32(1e-20)


class Compared(NamedTuple):
    """What cells of an expected simulation are compared with: cells of `x`, each by its number there."""

    cell: NDArray[np.int64]  # [C]
    x: NDArray[np.float32] | None = None  # of other cells, as `ExpectedRun.x` of these at the horizon; None: its own


@kernel
def count_hands(codes, reference, hands, start, end):
    """Customers start..end by what became of them in each cell and in its reference [C]: of states `codes` [R, N, C],
    into hands [R, C, J, 2]."""
    cells = reference.shape[0]
    for r in range(codes.shape[0]):
        for i in range(start, end):
            own, parted = codes[r, i], 0
            for c in range(cells):
                parted |= own[c] ^ own[0]
            if parted & 7 == 0:
                continue
            for c in range(cells):
                here, there = own[c] & 7, own[reference[c]] & 7
                if here != there and (here == 0 or there == 0):
                    hands[r, c, here + there, GAINED if here == 0 else LOST] += 1


@kernel
def least_hands(customers, pairs, x, others, hands, first, end):
    """The least of the leaves first..end that must have changed hands, into hands [P, J, 2] on the count grid, between
    each of the pairs [P, 2] of a cell in `x` and one in `others`."""
    suppliers = hands.shape[1]
    sums = np.empty(2 * suppliers * LANES, f32)
    for leaf in range(first, end):
        at, size = customers.lanes[leaf], whole_lanes(customers.size[leaf])
        weight = customers.weight[at : at + size]
        for p in range(2):
            v = customers.vector[leaf, p]
            if v < 0:
                continue
            for n in range(pairs.shape[0]):
                sums[:] = f32(0.0)
                add_least_hands(x[pairs[n, 0], v], others[pairs[n, 1], v], suppliers, weight, size, sums)
                for j in range(1, suppliers):
                    for way in range(2):
                        lanes = load(sums, (2 * j + way) * LANES)
                        hands[n, j, way] += np.int64(np.rint(np.float64(total(lanes))))


@formula
def add_least_hands(here, there, suppliers, weight, size, sums):
    """Add a leaf's customers, with probabilities `here` and `there`, to sums [J x 2 x LANES]."""
    nothing, least = every(f32(0.0)), every(NEXT_TO_NOTHING)
    states = suppliers + OWN_STATES - 1
    for i in range(0, size, LANES):
        at = i * states
        ours = ours_of(here, at) - ours_of(there, at)
        fallen, risen = least, least
        for j in range(1, suppliers):
            more = theirs_of(here, at, j) - theirs_of(there, at, j)
            fallen = fallen + above(nothing - more, nothing)
            risen = risen + above(more, nothing)
        people = load(weight, i)
        gained = people * above(ours, nothing) / fallen
        lost = people * above(nothing - ours, nothing) / risen
        for j in range(1, suppliers):
            more = theirs_of(here, at, j) - theirs_of(there, at, j)
            place = 2 * j * LANES
            store(sums, place, fma(gained, above(nothing - more, nothing), load(sums, place)))
            store(sums, place + LANES, fma(lost, above(more, nothing), load(sums, place + LANES)))


@formula
def above(lanes, nothing):
    """Lanes that are above 0, else 0."""
    return either(lanes > nothing, lanes, nothing)


@formula
def ours_of(x, at):
    """The probability of being ours, of the 16 customers whose probabilities begin at a place."""
    return load(x, at) + load(x, at + LANES) + load(x, at + 2 * LANES)


@formula
def theirs_of(x, at, supplier):
    """The probability of being another supplier's."""
    return load(x, at + (OWN_STATES - 1 + supplier) * LANES)


def pairs_of(leader: NDArray[np.int64], compared: Compared) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """[P, 2] the pairs of cells in which the customers of a segment differ, as far as `leader` [C] tells; and [C] which
    of them is each cell's, -1 where there is none."""
    if compared.x is None:
        pairs = np.column_stack([leader, leader[compared.cell]])
        alike = pairs[:, 0] == pairs[:, 1]
    else:
        pairs = np.column_stack([leader, compared.cell])
        alike = np.zeros(len(pairs), np.bool_)
    of_cell = np.full(len(leader), -1, np.int64)
    if alike.all():
        return np.zeros((0, 2), np.int64), of_cell
    found, number = np.unique(pairs[~alike], axis=0, return_inverse=True)
    of_cell[~alike] = number.reshape(-1)
    return np.ascontiguousarray(found), of_cell


def worlds_of(reference: NDArray[np.int64], replications: int) -> NDArray[np.int64]:
    """[W] what worlds are compared with, see `unfolding`, where cells are with `reference` [C]."""
    return (reference[:, None] * replications + np.arange(replications)).ravel()


def passes_of(reference: NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    """The cells cut into at most `size` at once: unless all are, first those that others are compared with."""
    cells = len(reference)
    if size >= cells:
        return [(0, cells)]
    first = np.isin(np.arange(cells), reference)
    cuts = [0, *(np.flatnonzero(np.diff(first)) + 1).tolist(), cells]
    passes = [each for begin, end in pairwise(cuts) for each in spans(begin, end, size)]
    return sorted(passes, key=lambda each: not first[each[0]])


class Ends:
    """Where customers are at the horizon in the cells that others, simulated later, are compared with."""

    def __init__(self, reference: NDArray[np.int64]) -> None:
        self._reference, self._kept = reference, np.unique(reference)
        self._x: NDArray[np.float32] | None = None

    def compared(self, first: int, end: int) -> Compared:
        """What the cells of a pass are compared with."""
        if first in self._kept:
            return Compared(np.arange(end - first))
        return Compared(np.searchsorted(self._kept, self._reference[first:end]), self._x)

    def keep(self, first: int, x: NDArray[np.float32]) -> None:
        """Keep what there is of the cells of a pass, unless nobody is compared with them."""
        if first not in self._kept or len(self._kept) == len(self._reference):
            return
        if self._x is None:
            self._x = np.empty((len(self._kept), *x.shape[1:]), f32)
        place = int(np.searchsorted(self._kept, first))
        self._x[place : place + len(x)] = x
