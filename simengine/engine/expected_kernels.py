"""The loops over customers in expected mode: a probability vector over states instead of a path.

Every customer carries two vectors, 'ours at the opening' and 'not', that together sum to 1. One pass per cell and
leaf of `LEAF` customers; every step is a loop over the leaf that the compiler turns into vector instructions.
Totals are sums over a leaf by a fixed float32 tree, rounded to integers, so that nothing else shows in their bits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp32, fma32
from simengine.jit import formula, kernel
from simengine.model.choice import turnover

LEAF = 1024
f32 = np.float32


class Customers(NamedTuple):
    """Columns of the whole population; the last axis is the customer."""

    features: NDArray[np.float32]  # [F, N]
    weight: NDArray[np.float32]  # [N] on the count grid
    revenue: NDArray[np.float32]  # [N] weight x base revenue, on the money grid
    money: NDArray[np.float64]  # [N] base revenue of one customer, on the money grid
    tenure: NDArray[np.int64]  # [N] column of the hazards of contract segments


class Market(NamedTuple):
    """What moves one segment in one period."""

    coefficient: NDArray[np.float32]  # [C, J, F]
    constant: NDArray[np.float32]  # [J]
    available: NDArray[np.bool_]  # [J]
    review: NDArray[np.float32]  # [C, J]
    pull: NDArray[np.float32]  # [C, states] exp(kappa m) of the current supplier
    promote: NDArray[np.float32]  # [2]
    leave: NDArray[np.float32]  # [C, tenure] contract: probability of ending in the period


class Totals(NamedTuple):
    """Exact totals of one segment, period and worker."""

    customers: NDArray[np.int64]  # [C, states, 2]
    revenue: NDArray[np.int64]  # [C, states, 2]
    joins: NDArray[np.int64]  # [C, J, 2]
    leaves: NDArray[np.int64]  # [C, J, 2]


class Worth(NamedTuple):
    """Values of single customers: sums so far, and the period's unit values (on the money grid)."""

    value: NDArray[np.float64]  # [2, C, N]; N = 0 where not asked for
    revenue: NDArray[np.float64]  # [C, 3]
    customer: NDArray[np.float64]  # [C, 3]
    join: NDArray[np.float64]  # [C]


@formula
def tree_sum(values, by, start, end, scratch):
    """Sum of values x by[start:end] over a leaf, by halving: the same bits whatever the vector width."""
    n = end - start
    for i in range(n):
        scratch[i] = values[i] * by[start + i]
    for i in range(n, LEAF):
        scratch[i] = f32(0.0)
    half = LEAF // 2
    while half > 0:
        for i in range(half):
            scratch[i] += scratch[i + half]
        half //= 2
    return np.int64(np.rint(np.float64(scratch[0])))


@formula
def logit_shares(customers, coefficient, constant, available, start, end, share, top):
    """share[j, :] of the weights exp(utility) without inertia, for customers start..end."""
    suppliers, width = coefficient.shape
    n = end - start
    for i in range(n):
        top[i] = f32(-np.inf)
    for j in range(suppliers):
        if available[j]:
            for i in range(n):
                share[j, i] = constant[j]
            for f in range(width):
                weight = coefficient[j, f]
                for i in range(n):
                    share[j, i] = fma32(customers.features[f, start + i], weight, share[j, i])
            for i in range(n):
                top[i] = max(top[i], share[j, i])
    for j in range(suppliers):
        for i in range(n):
            share[j, i] = exp32(share[j, i] - top[i]) if available[j] else f32(0.0)
    for i in range(n):
        top[i] = f32(0.0)
    for j in range(suppliers):
        for i in range(n):
            top[i] += share[j, i]
    for j in range(suppliers):
        for i in range(n):
            share[j, i] /= top[i]


@kernel
def choice_period(customers, market, totals, worth, x, start, end):
    """One period of a `choice` segment for customers start..end; x [C, 2, states, N] is carried on in place."""
    cells, suppliers = market.review.shape
    states = suppliers + 2
    share, flow = np.empty((suppliers, LEAF), f32), np.empty((states, LEAF), f32)
    moving, joined, left = np.empty(LEAF, f32), np.empty(LEAF, f32), np.empty(LEAF, f32)
    rate, scratch = np.empty((states, LEAF), f32), np.empty(LEAF, f32)
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        n = b - a
        for c in range(cells):
            logit_shares(customers, market.coefficient[c], market.constant, market.available, a, b, share, scratch)
            for state in range(states):
                j = max(0, state - 2)
                for i in range(n):
                    rate[state, i] = turnover(market.review[c, j], share[j, i], market.pull[c, state])
            for p in range(2):
                for i in range(n):
                    moving[i] = f32(0.0)
                for state in range(states):
                    for i in range(n):
                        flow[state, i] = x[c, p, state, a + i] * rate[state, i]
                        moving[i] += flow[state, i]
                step_ours(x[c, p], share[0], flow, moving, market.promote, a, n, joined, left)
                totals.joins[c, 0, p] += tree_sum(joined, customers.weight, a, b, scratch)
                totals.leaves[c, 0, p] += tree_sum(left, customers.weight, a, b, scratch)
                if worth.value.shape[2] > 0:
                    add_value(
                        worth.value[p, c],
                        customers.money,
                        x[c, p],
                        joined,
                        worth.revenue[c],
                        worth.customer[c],
                        worth.join[c],
                        a,
                        n,
                    )
                for j in range(1, suppliers):
                    if market.available[j]:
                        for i in range(n):
                            joined[i] = share[j, i] * (moving[i] - flow[2 + j, i])
                            left[i] = flow[2 + j, i] * (f32(1.0) - share[j, i])
                            x[c, p, 2 + j, a + i] += joined[i] - left[i]
                        totals.joins[c, j, p] += tree_sum(joined, customers.weight, a, b, scratch)
                        totals.leaves[c, j, p] += tree_sum(left, customers.weight, a, b, scratch)
                add_totals(totals, customers, x, c, p, a, b, scratch)


@formula
def step_ours(x, share, flow, moving, promote, a, n, joined, left):
    """Our three stages after reviews and promotions; `joined` and `left` by customer."""
    for i in range(n):
        gone = f32(1.0) - share[i]
        joined[i] = share[i] * (moving[i] - flow[0, i] - flow[1, i] - flow[2, i])
        left[i] = (flow[0, i] + flow[1, i] + flow[2, i]) * gone
        stay_n = x[0, a + i] - flow[0, i] * gone
        stay_e = x[1, a + i] - flow[1, i] * gone
        stay_l = x[2, a + i] - flow[2, i] * gone
        x[0, a + i] = joined[i] + stay_n * (f32(1.0) - promote[0])
        x[1, a + i] = stay_n * promote[0] + stay_e * (f32(1.0) - promote[1])
        x[2, a + i] = stay_e * promote[1] + stay_l


@formula
def add_value(value, money, x, joined, revenue, customer, join, a, n):
    """Add a period's value of single customers: unit values x probability of each of our stages."""
    for i in range(n):
        new, established, loyal = np.float64(x[0, a + i]), np.float64(x[1, a + i]), np.float64(x[2, a + i])
        value[a + i] += (
            money[a + i] * (new * revenue[0] + established * revenue[1] + loyal * revenue[2])
            + (new * customer[0] + established * customer[1] + loyal * customer[2])
            + joined[i] * join
        )


@formula
def add_totals(totals, customers, x, c, p, a, b, scratch):
    """Add a leaf's customers and revenue by state."""
    for state in range(x.shape[2]):
        values = x[c, p, state, a:b]
        totals.customers[c, state, p] += tree_sum(values, customers.weight, a, b, scratch)
        totals.revenue[c, state, p] += tree_sum(values, customers.revenue, a, b, scratch)


@kernel
def contract_period(customers, market, totals, worth, x, start, end):
    """One period of a `contract` segment: ours (always 'established') end at their tenure's hazard, for good."""
    cells, outside = market.leave.shape[0], x.shape[2] - 1
    left, scratch = np.empty(LEAF, f32), np.empty(LEAF, f32)
    nobody = np.zeros(LEAF, f32)
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        n = b - a
        for c in range(cells):
            for i in range(n):
                left[i] = x[c, 0, 1, a + i] * market.leave[c, customers.tenure[a + i]]
                x[c, 0, 1, a + i] -= left[i]
                x[c, 0, outside, a + i] += left[i]
            ended = tree_sum(left, customers.weight, a, b, scratch)
            totals.leaves[c, 0, 0] += ended
            totals.joins[c, totals.joins.shape[1] - 1, 0] += ended
            if worth.value.shape[2] > 0:
                add_value(
                    worth.value[0, c],
                    customers.money,
                    x[c, 0],
                    nobody,
                    worth.revenue[c],
                    worth.customer[c],
                    worth.join[c],
                    a,
                    n,
                )
            add_totals(totals, customers, x, c, 0, a, b, scratch)


@kernel
def opening_totals(customers, totals, x, start, end):
    """Totals of the opening distribution."""
    scratch = np.empty(LEAF, f32)
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        for c in range(x.shape[0]):
            for p in range(2):
                add_totals(totals, customers, x, c, p, a, b, scratch)
