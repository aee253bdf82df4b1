"""Columns of a leaf in expected mode, and sums over them.

Totals are sums over a leaf: 16 partial sums and a fixed tree in float32, rounded to integers, so that nothing else
shows in their bits. Columns of a leaf stand one behind the other: row r of customer i is at r x LEAF + i. But the
probabilities of 16 customers stand together, state by state (see `place`), to be read from memory in one stream.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.lanes import LANES, every, fma, load, total
from simengine.engine.leaves import LEAF
from simengine.jit import formula
from simengine.tables.layout import OWN_STATES

f32 = np.float32


@formula
def place(i, state, states):
    """Where the probability of a state of customer i stands in a leaf's vector."""
    return (i // LANES * states + state) * LANES + i % LANES


@formula
def on_grid(sums):
    """The total of the lanes, an integer."""
    return np.int64(np.rint(np.float64(total(sums))))


@formula
def weighted_sum(values, by, size):
    """Sum of values x by over a leaf."""
    sums = every(f32(0.0))
    for i in range(0, size, LANES):
        sums = fma(load(values, i), load(by, i), sums)
    return on_grid(sums)


@formula
def state_sum(x, state, states, by, size):
    """Sum of the probabilities of a state x by over a leaf."""
    sums = every(f32(0.0))
    for i in range(0, size, LANES):
        sums = fma(load(x, i * states + state * LANES), load(by, i), sums)
    return on_grid(sums)


@formula
def add_totals(totals, t, x, weight, revenue, c, p, size):
    """Add a leaf's customers and revenue by state."""
    states = totals.customers.shape[2]
    for state in range(states):
        totals.customers[t, c, state, p] += state_sum(x, state, states, weight, size)
        totals.revenue[t, c, state, p] += state_sum(x, state, states, revenue, size)


@formula
def numbers_of_sums(states):
    """How many numbers `add_sums` takes."""
    return (4 * states - 4) * LANES


@formula
def add_sums(totals, t, c, p, sums, begin):
    """Add a leaf's sums, lanes each, from a place on: joins and leaves by supplier, customers and revenue by state."""
    states = totals.customers.shape[2]
    suppliers, money = states - 2, begin + (3 * states - 4) * LANES
    left, count = begin + suppliers * LANES, begin + 2 * suppliers * LANES
    for j in range(suppliers):
        totals.joins[t, c, j, p] += on_grid(load(sums, begin + j * LANES))
        totals.leaves[t, c, j, p] += on_grid(load(sums, left + j * LANES))
    for state in range(states):
        totals.customers[t, c, state, p] += on_grid(load(sums, count + state * LANES))
        totals.revenue[t, c, state, p] += on_grid(load(sums, money + state * LANES))


@formula
def feature_columns(rows, begin, size, out):
    """Row f of out = the column f of rows begin..begin + size."""
    for i in range(size):
        for f in range(rows.shape[1]):
            out[f * LEAF + i] = rows[begin + i, f]


@formula
def add_value(worth, t, c, v, first, x, x_at, states, joined, size):
    """Add a period's value of a unit of revenue and of a customer: unit values x probability of each of our stages; of
    the customers of a leaf from the place `first` on, whose probabilities begin at x_at."""
    if worth.column[c] < 0:
        return
    value = worth.value[worth.column[c], v]
    of_revenue, of_customer = value[first:LEAF], value[LEAF + first :]
    r_n, r_e, r_l = worth.revenue[t, c, 0], worth.revenue[t, c, 1], worth.revenue[t, c, 2]
    c_n, c_e, c_l = worth.customer[t, c, 0], worth.customer[t, c, 1], worth.customer[t, c, 2]
    join = worth.join[t, c]
    for i in range(0, size, LANES):
        own = x[x_at + i * states : x_at + i * states + OWN_STATES * LANES]
        for k in range(LANES):
            n, e, s = np.float64(own[k]), np.float64(own[LANES + k]), np.float64(own[2 * LANES + k])
            of_revenue[i + k] += n * r_n + e * r_e + s * r_l
            of_customer[i + k] += n * c_n + e * c_e + s * c_l + np.float64(joined[i + k]) * join


@formula
def whole_lanes(rows):
    """Rows, and so many of nobody that all have their lanes."""
    return (rows + LANES - 1) // LANES * LANES
