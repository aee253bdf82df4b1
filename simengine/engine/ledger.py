"""What the engine hands to valuation: exact totals, in integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Ledger:
    """Exact totals of a run. One count is `count_scale`, one unit of currency is `money_scale`.

    Axes: C cells, R replications (1 in expected mode), T periods, S segments, states (us new, us established,
    us loyal, each rival, outside), J suppliers (us, rivals, outside), 2 presence (ours at the opening, or not).
    """

    count: Integers  # [C, R, T + 1, S, states, 2] customers; index t + 1 is the end of period t, 0 the opening
    revenue: Integers  # [C, R, T + 1, S, states, 2] yearly revenue of those customers at today's price, our
    # price list, before the multiplier of the stage and of the wallet
    joins: Integers  # [C, R, T, S, J, 2] gross
    leaves: Integers  # [C, R, T, S, J, 2] gross
    direction: Integers  # [C, R, 3] reviews shared with the reference cell, violations, later ones
    customer_value: Integers  # [2 presence, N, kept cells] sum over replications, in money_scale
    customer_present: Integers  # [N] sum over replications of being ours at the opening, in count_scale
    customer_cells: tuple[int, ...]  # the cells whose customers' values are kept; if none, N = 0 in both
    count_scale: float
    money_scale: float
    run_off: Integers  # [C, R, S, 3 stages, 2 presence, 2] customers, and their yearly revenue as above, added up over
    # the discounted period ends from the horizon on; 0 where the residual method is not run_off
    run_off_count_scale: float
    run_off_money_scale: float


def columns_of(ledger: Ledger) -> Integers:
    """[C] column of each cell in `customer_value`; -1 where values are not kept."""
    columns = np.full(len(ledger.count), -1, np.int64)
    columns[list(ledger.customer_cells)] = np.arange(len(ledger.customer_cells))
    return columns


def total(parts: list[Integers]) -> Integers:
    """Sum of the workers' accumulators: of integers, so the order is immaterial."""
    return np.asarray(np.stack(parts).sum(axis=0))
