"""Word of mouth in sampled mode, where it is all that follows from what customers do: as `expected_talk`.

A segment hears of its own customers alone, in every cell and replication: it is carried through many periods, while a
cache holds it, before the next segment is. What it hears is added up from books that nobody has posted yet.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Ledger
from simengine.engine.sampled_market import by_market
from simengine.engine.talk import heard, share_of
from simengine.jit import kernel
from simengine.tables.layout import OWN_STATES, Tables, by_supplier


class Talk(NamedTuple):
    """What a segment hears in a batch of replications, and who its customers are."""

    omega: float  # see `model.word_of_mouth`
    supplier: NDArray[np.int64]  # [J served]
    shift: NDArray[np.float64]  # [M, C, T, J served] of constants since the opening, besides what is heard
    opening: NDArray[np.int64]  # [M, C, J] customers; known once somebody has entered
    customers: NDArray[np.int64]  # [M, C, J] with the periods completed that are in it so far


def talk_of(tables: Tables, ledger: Ledger, omega: float, s: int, row: int, replications: int, begin: int) -> Talk:
    """Of a segment, with `begin` periods completed and posted, where tables are of worlds: a market a replication,
    from the ledger's `row` on."""
    served = np.flatnonzero(tables.segments.available[s])
    cells, rows = len(tables.axes.cells), slice(row, row + replications)
    ends = (ledger.count[:, rows, time, s].sum(axis=-1).swapaxes(0, 1) for time in (0, begin))  # [R, C, states]
    opening, customers = (np.ascontiguousarray(by_supplier(each)) for each in ends)
    shift = by_market(tables.choice.shift[:, :, s][:, :, served], cells)
    return Talk(omega, served, shift, opening, customers)


@kernel
def hear(talk, books, place, period, opening, shift):
    """How far offers are shifted in a period, shift [M, C, J served], once the books of the period before, at `place`
    of those that are open, are added to the customers, and who has entered since; nothing is at a place below 0. If
    this is the `opening`, its customers are kept."""
    markets, cells, suppliers = talk.customers.shape
    states = suppliers - 1 + OWN_STATES
    customers, joins, leaves, entered = talk.customers, books.joins, books.leaves, books.entered
    for m in range(markets):
        for state in range(states):
            j = max(0, state + 1 - OWN_STATES)
            for p in range(2):
                if place >= 0 or opening:
                    for c in range(cells):
                        customers[m, c, j] += entered[m, period, state, p, 0]
                if place >= 0:
                    at = ((m * states + state) * 2 + p) * cells
                    for c in range(cells):
                        customers[m, c, j] -= leaves[place, 2 * (at + c)]
        for j in range(suppliers if place >= 0 else 0):
            for p in range(2):
                at = ((m * suppliers + j) * 2 + p) * cells
                for c in range(cells):
                    customers[m, c, j] += joins[place, 2 * (at + c)]
        for c in range(cells):
            everybody, before = 0.0, 0.0
            for j in range(suppliers):
                if opening:
                    talk.opening[m, c, j] = customers[m, c, j]
                everybody += np.float64(customers[m, c, j])
                before += np.float64(talk.opening[m, c, j])
            for n in range(talk.supplier.shape[0]):
                j, own = talk.supplier[n], talk.shift[m, c, period, n]
                if j < suppliers - 1:  # nobody talks of the outside option
                    now, then = np.float64(customers[m, c, j]), np.float64(talk.opening[m, c, j])
                    own += heard(talk.omega, now, everybody, share_of(then, before))
                shift[m, c, n] = np.float32(own)
