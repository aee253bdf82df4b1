"""What the engine hands to valuation: exact totals, in integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simengine.engine.customer_values import CustomerValues
from simengine.engine.customer_values import Integers as Integers
from simengine.tables.layout import Floats

TOTALS = (  # fields of a ledger by cell and replication
    "count", "revenue", "joins", "leaves", "direction", "changed_hands", "run_off",
)  # fmt: skip
GAINED, LOST = 0, 1  # of `Ledger.changed_hands`


class Scales(NamedTuple):
    """Steps of the integers of a ledger: powers of two."""

    customer: float
    money: float  # a unit of currency
    run_off_customer: float
    run_off_money: float


@dataclass(frozen=True)
class Ledger:
    """Exact totals of a run. One count is `count_scale`, one unit of currency is `money_scale`.

    Counts, revenue, joins and leaves of a segment lie together in memory (`by_segment`). What is made of them in
    floating point has the order of its axes there (`in_units`).

    Axes: C cells, R replications (1 in expected mode, unless the market has luck of its own), T periods, S segments,
    states (us new, us established, us loyal, each rival, outside), J suppliers (us, rivals, outside), 2 presence (ours
    at the opening, or not).
    """

    count: Integers  # [C, R, T + 1, S, states, 2] customers; index t + 1 is the end of period t, 0 the opening
    revenue: Integers  # [C, R, T + 1, S, states, 2] yearly revenue of those customers at today's price, our
    # price list, before the multiplier of the stage and of the wallet
    joins: Integers  # [C, R, T, S, J, 2] gross
    leaves: Integers  # [C, R, T, S, J, 2] gross
    direction: Integers  # [C, R, 3] reviews shared with the reference cell, violations, later ones
    changed_hands: Integers  # [C, R, S, J, 2] customers at the horizon: ours, who in the reference cell are of
    # another supplier; and the other way round. In expected mode the least that must be, see `changed_hands`
    customers: CustomerValues  # the values of single customers
    customer_cells: tuple[int, ...]  # the cells in which these are kept; if none, they are of 0 customers
    count_scale: float
    money_scale: float
    run_off: Integers  # [C, R, S, 3 stages, 2 presence, 2] customers, and their yearly revenue as above, added up over
    # the discounted period ends from the horizon on; 0 where the residual method is not run_off
    run_off_count_scale: float
    run_off_money_scale: float

    @property
    def scales(self) -> Scales:
        return Scales(self.count_scale, self.money_scale, self.run_off_count_scale, self.run_off_money_scale)

    @property
    def customer_value(self) -> Integers:
        """[2 presence, N, kept cells] of all customers at once, see `CustomerValues.value`."""
        return self.customers.value(0, len(self.customers))

    @property
    def customer_present(self) -> Integers:
        """[N] of all customers at once, see `CustomerValues.present`."""
        return self.customers.present(0, len(self.customers))


def by_segment(shape: tuple[int, ...]) -> Integers:
    """Zeros [C, R, T, S, ...] of which those of a segment lie together in memory, as workers write them."""
    cells, replications, times, segments, *rest = shape
    return np.moveaxis(np.zeros((segments, cells, replications, times, *rest), np.int64), 0, 3)


def in_units(totals: Integers, scale: float) -> Floats:
    """Totals in the unit of their `scale`, an axis behind the other in memory wherever they lay: in what order numpy
    adds numbers up follows from that, and so may the last bits of a sum."""
    return np.divide(totals, scale, order="C")


def columns_of(ledger: Ledger) -> Integers:
    """[C] column of each cell in the values of single customers; -1 where values are not kept."""
    columns = np.full(len(ledger.count), -1, np.int64)
    columns[list(ledger.customer_cells)] = np.arange(len(ledger.customer_cells))
    return columns


def total(parts: list[Integers]) -> Integers:
    """Sum of the workers' accumulators: of integers, so the order is immaterial."""
    return parts[0] if len(parts) == 1 else np.asarray(np.stack(parts).sum(axis=0))
