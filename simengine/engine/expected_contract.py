"""Periods of a `contract` segment in expected mode: who converts to another contract, for good, and who ends it."""

from __future__ import annotations

import numpy as np

from simengine.engine.expected_sums import add_totals, add_value, place, weighted_sum, whole_lanes
from simengine.engine.leaves import LEAF
from simengine.jit import formula, kernel
from simengine.tables.layout import CONVERTED, UNDER_CONTRACT

f32 = np.float32


@formula
def step_contract(x, states, leave, tenure, convert, size, left):
    """Some convert; contracts end at their tenure's hazard, for good; `left` by customer."""
    for i in range(size):
        ours, converted = place(i, UNDER_CONTRACT, states), place(i, CONVERTED, states)
        gone = place(i, states - 1, states)
        moved = x[ours] * convert
        stayed = x[ours] - moved
        ended = stayed * leave[0, tenure[i]]
        ended_converted = x[converted] * leave[1, tenure[i]]
        ended_moved = moved * leave[2, tenure[i]]
        x[ours] = stayed - ended
        x[converted] = (x[converted] - ended_converted) + (moved - ended_moved)
        left[i] = ended + ended_converted + ended_moved
        x[gone] += left[i]


@kernel
def contract_periods(customers, market, totals, worth, x, first, end):
    """T periods of the leaves first..end of a `contract` segment: ours are in the state UNDER_CONTRACT or, for good,
    CONVERTED, until they leave."""
    states = totals.customers.shape[2]
    left, nobody = np.zeros(LEAF, f32), np.zeros(LEAF, f32)
    for leaf in range(first, end):
        begin, rows, at = customers.begin[leaf], customers.size[leaf], customers.lanes[leaf]
        size, tenure = whole_lanes(rows), customers.tenure[begin : begin + rows]
        left[rows:] = f32(0.0)
        weight, revenue = customers.weight[at : at + size], customers.revenue[at : at + size]
        for c in market.cells:
            for t in range(market.leave.shape[0]):
                for p in range(2):
                    v = customers.vector[leaf, p]
                    if v < 0:
                        continue
                    own = x[c, v]
                    step_contract(own, states, market.leave[t, c], tenure, market.convert[t, c], rows, left)
                    ended = weighted_sum(left, weight, size)
                    totals.leaves[t, c, 0, p] += ended
                    totals.joins[t, c, states - 3, p] += ended
                    add_value(worth, t, c, v, 0, own, 0, states, nobody, size)
                    add_totals(totals, t, own, weight, revenue, c, p, size)
