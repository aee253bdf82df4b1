"""The loops over customers in expected mode: a probability vector over states instead of a path.

Every customer carries two vectors, 'ours at the opening' and 'not', that together sum to 1; where nobody of a leaf can
have one of them, it is not carried. One pass per leaf and leading cell, 16 customers at a time (`arithmetic.lanes`).
Here customers enter; `expected_choice`, `expected_need_states`, `expected_contract` and `expected_curves` carry them
on.
"""

from __future__ import annotations

import numpy as np

from simengine.engine.expected_sums import add_totals, add_value, place, state_sum, weighted_sum, whole_lanes
from simengine.engine.leaves import LEAF
from simengine.jit import kernel
from simengine.tables.layout import OWN_STATES

f32 = np.float32


@kernel
def enter_customers(customers, cells, totals, worth, x, t, leaf, first, end):
    """Newcomers at the places first..end of a leaf enter with the end of period t: as joins, with presence 1."""
    states, v = customers.states.shape[1], customers.vector[leaf, 1]
    at, size, opens = customers.lanes[leaf], whole_lanes(customers.size[leaf]), customers.opens[leaf]
    weight, revenue = customers.weight[at : at + size], customers.revenue[at : at + size]
    entered, joined = np.zeros(states * LEAF, f32), np.zeros(LEAF, f32)
    for i in range(first, end):
        for state in range(states):
            entered[place(i, state, states)] = customers.states[opens + i, state]
        for state in range(OWN_STATES):
            joined[i] += entered[place(i, state, states)]
    for c in cells:
        for i in range(first, end):
            for state in range(states):
                x[c, v, place(i, state, states)] = entered[place(i, state, states)]
        totals.joins[t, c, 0, 1] += weighted_sum(joined, weight, size)
        for state in range(OWN_STATES, states):
            totals.joins[t, c, state - 2, 1] += state_sum(entered, state, states, weight, size)
        add_value(worth, t, c, v, 0, entered, 0, states, joined, size)
        add_totals(totals, t, entered, weight, revenue, c, 1, size)


@kernel
def open_customers(customers, cells, totals, x, first, end):
    """Write the opening distribution of the leaves first..end into x, and add its totals."""
    states = customers.states.shape[1]
    for leaf in range(first, end):
        at, size, opens = customers.lanes[leaf], whole_lanes(customers.size[leaf]), customers.opens[leaf]
        weight, revenue = customers.weight[at : at + size], customers.revenue[at : at + size]
        for c in cells:
            for p in range(2):
                v = customers.vector[leaf, p]
                if v >= 0:
                    for i in range(customers.opened[leaf]):
                        for state in range(OWN_STATES if p == 1 else 0, states if p == 1 else OWN_STATES):
                            x[c, v, place(i, state, states)] = customers.states[opens + i, state]
                    add_totals(totals, 0, x[c, v], weight, revenue, c, p, size)
