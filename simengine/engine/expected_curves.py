"""Periods in expected mode of a segment whose customers follow curves: who is one still, and what it brings."""

from __future__ import annotations

import numpy as np

from simengine.engine.expected_sums import place, state_sum, weighted_sum, whole_lanes
from simengine.engine.leaves import LEAF
from simengine.jit import formula, kernel
from simengine.tables.layout import UNDER_CONTRACT

f32 = np.float32
OURS = UNDER_CONTRACT  # the state of those who are customers


@formula
def step_curves(x, states, start, alive, rate, kind, first, end, left, brought):
    """The places first..end of a leaf: who is left, who has `left` and what was `brought`, by customer."""
    for i in range(first, end):
        ours, gone = place(i, OURS, states), place(i, states - 1, states)
        there, now = f32(start[i, OURS]), f32(start[i, OURS]) * alive[kind[i]]
        left[i] = x[ours] - now
        brought[i] = there * rate[kind[i]]
        x[ours] = now
        x[gone] += left[i]


@formula
def add_value_of_curves(worth, t, c, v, x, states, brought, size):
    """As `expected_sums.add_value`, where revenue is what was brought."""
    if worth.column[c] < 0:
        return
    value = worth.value[worth.column[c], v]
    of_revenue, of_customer = value[:LEAF], value[LEAF:]
    for i in range(size):
        of_revenue[i] += np.float64(brought[i]) * worth.revenue[t, c, OURS]
        of_customer[i] += np.float64(x[place(i, OURS, states)]) * worth.customer[t, c, OURS]


@kernel
def curve_periods(customers, market, totals, worth, x, first, end):
    """T periods of the leaves first..end of a segment."""
    states, gone = totals.customers.shape[2], totals.customers.shape[2] - 1
    left, brought = np.zeros(LEAF, f32), np.zeros(LEAF, f32)
    for leaf in range(first, end):
        begin, rows, opened = customers.begin[leaf], customers.size[leaf], customers.opened[leaf]
        at = customers.lanes[leaf]
        size, kind = whole_lanes(rows), customers.kind[begin : begin + rows]
        start = customers.states[begin : begin + rows]
        weight, revenue = customers.weight[at : at + size], customers.revenue[at : at + size]
        for c in market.cells:
            for t in range(market.alive.shape[0]):
                for p in range(2):
                    v = customers.vector[leaf, p]
                    if v < 0:
                        continue
                    own = x[c, v]
                    left[:], brought[:] = f32(0.0), f32(0.0)
                    mine = (opened, rows) if p == 1 else (0, opened)
                    alive, rate = market.alive[t, c], market.rate[t, c]
                    step_curves(own, states, start, alive, rate, kind, mine[0], mine[1], left, brought)
                    ended = weighted_sum(left, weight, size)
                    totals.leaves[t, c, 0, p] += ended
                    totals.joins[t, c, gone - 2, p] += ended
                    totals.customers[t, c, OURS, p] += state_sum(own, OURS, states, weight, size)
                    totals.customers[t, c, gone, p] += state_sum(own, gone, states, weight, size)
                    totals.revenue[t, c, OURS, p] += weighted_sum(brought, revenue, size)
                    add_value_of_curves(worth, t, c, v, own, states, brought, rows)


@kernel
def curve_run_off(customers, market, x, totals, value, first, end):
    """As `run_off_kernels.expected_run_off`, of `market` as `run_off.CurvedRunOff`."""
    present, brought = np.zeros(LEAF, f32), np.zeros(LEAF, f32)
    for leaf in range(first, end):
        begin, rows, opened = customers.begin[leaf], customers.size[leaf], customers.opened[leaf]
        at = customers.lanes[leaf]
        size = whole_lanes(rows)
        weight, revenue = customers.weight[at : at + size], customers.revenue[at : at + size]
        for c in range(market.customers.shape[0]):
            for p in range(2):
                v = customers.vector[leaf, p]
                if v < 0:
                    continue
                present[:], brought[:] = f32(0.0), f32(0.0)
                for i in range(opened if p == 1 else 0, rows if p == 1 else opened):
                    there, kind = customers.states[begin + i, OURS], customers.kind[begin + i]
                    present[i], brought[i] = there * market.customers[c, kind], there * market.revenue_of[c, kind]
                totals[c, OURS, p, 0] += weighted_sum(present, weight, size)
                totals[c, OURS, p, 1] += weighted_sum(brought, revenue, size)
                if market.column[c] >= 0:
                    own = value[market.column[c], v]
                    for i in range(rows):
                        own[i] += np.float64(brought[i]) * market.revenue[c, OURS]
                        own[LEAF + i] += np.float64(present[i]) * market.customer[c, OURS]
