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
    tenure: NDArray[np.int64]  # [N] column of `Market.leave` in contract segments


class Market(NamedTuple):
    """What moves one segment in one period."""

    coefficient: NDArray[np.float32]  # [C, J, F]
    constant: NDArray[np.float32]  # [J]
    available: NDArray[np.bool_]  # [J]
    review: NDArray[np.float32]  # [C, J]
    pull: NDArray[np.float32]  # [C, states] exp(kappa m) of the current supplier
    promote: NDArray[np.float32]  # [2]
    leave: NDArray[np.float32]  # [C, 3, column] contract: probability of ending in the period, see `Moment.leaving`
    convert: NDArray[np.float32]  # [C] contract: probability of converting


class Totals(NamedTuple):
    """Exact totals of one segment, period and worker."""

    customers: NDArray[np.int64]  # [C, states, 2]
    revenue: NDArray[np.int64]  # [C, states, 2]
    joins: NDArray[np.int64]  # [C, J, 2]
    leaves: NDArray[np.int64]  # [C, J, 2]


class Worth(NamedTuple):
    """Values of single customers: sums so far, and the period's unit values (on the money grid).

    A customer's value is linear in its base revenue, so the sums are of one unit of base revenue, and of one customer
    whatever its revenue: rows that differ in money alone share them.
    """

    value: NDArray[np.float64]  # [2, 2 of a unit of base revenue and of a customer, kept cells, N]
    column: NDArray[np.int64]  # [C] row of `value`; -1: not kept
    revenue: NDArray[np.float64]  # [C, 3 stages]
    customer: NDArray[np.float64]  # [C, 3]
    join: NDArray[np.float64]  # [C]


# The loops below run over one-dimensional slices from 0: an index into a longer array could be negative for all the
# compiler knows (Python counts those from the end), and it would gather element by element.


@formula
def tree_sum(values, by, scratch):
    """Sum of values x by over a leaf, by halving: the same bits whatever the vector width."""
    n = by.shape[0]
    for i in range(n):
        scratch[i] = values[i] * by[i]
    for i in range(n, LEAF):
        scratch[i] = f32(0.0)
    half = LEAF // 2
    while half > 0:
        upper = scratch[half : 2 * half]
        for i in range(half):
            scratch[i] += upper[i]
        half //= 2
    return np.int64(np.rint(np.float64(scratch[0])))


@formula
def utilities(features, coefficient, constant, start, end, out):
    """out[i] = constant + sum of coefficient x feature of customers start..end."""
    for i in range(end - start):
        out[i] = constant
    for f in range(coefficient.shape[0]):
        weight, feature = coefficient[f], features[f, start:end]
        for i in range(feature.shape[0]):
            out[i] = fma32(feature[i], weight, out[i])


@formula
def logit_shares(features, coefficient, constant, available, start, end, share, top, total):
    """share[j, :] of the weights exp(utility) without inertia, for customers start..end."""
    suppliers, n = constant.shape[0], end - start
    for i in range(n):
        top[i], total[i] = f32(-np.inf), f32(0.0)
    for j in range(suppliers):
        if available[j]:
            own = share[j]
            utilities(features, coefficient[j], constant[j], start, end, own)
            for i in range(n):
                top[i] = own[i] if own[i] > top[i] else top[i]
    for j in range(suppliers):
        own = share[j]
        for i in range(n):
            own[i] = exp32(own[i] - top[i]) if available[j] else f32(0.0)
        for i in range(n):
            total[i] += own[i]
    for j in range(suppliers):
        own = share[j]
        for i in range(n):
            own[i] /= total[i]


@formula
def turnovers(review, pull, share, rate):
    """rate[i] = turnover of a state whose offer has the given share of the weights."""
    for i in range(share.shape[0]):
        rate[i] = turnover(review, share[i], pull)


@formula
def flows(x, rate, flow, moving):
    """What reviews and leaves the logit with, by customer; added to `moving`."""
    for i in range(x.shape[0]):
        flow[i] = x[i] * rate[i]
        moving[i] += flow[i]


@formula
def step_ours(new, established, loyal, share, flow_n, flow_e, flow_l, moving, promote_n, promote_e, joined, left):
    """Our three stages after reviews and promotions; `joined` and `left` by customer."""
    for i in range(new.shape[0]):
        gone, going = f32(1.0) - share[i], flow_n[i] + flow_e[i] + flow_l[i]
        joined[i] = share[i] * (moving[i] - going)
        left[i] = going * gone
        stay_n = new[i] - flow_n[i] * gone
        stay_e = established[i] - flow_e[i] * gone
        loyal[i] = (loyal[i] - flow_l[i] * gone) + stay_e * promote_e
        established[i] = stay_n * promote_n + stay_e * (f32(1.0) - promote_e)
        new[i] = joined[i] + stay_n * (f32(1.0) - promote_n)


@formula
def step_other(x, share, flow, moving, joined, left):
    """A rival's or the outside option's customers after reviews."""
    for i in range(x.shape[0]):
        joined[i] = share[i] * (moving[i] - flow[i])
        left[i] = flow[i] * (f32(1.0) - share[i])
        x[i] += joined[i] - left[i]


@formula
def add_value(of_revenue, of_customer, new, established, loyal, joined, worth, c):
    """Add a period's value of a unit of revenue and of a customer: unit values x probability of each of our stages."""
    r_n, r_e, r_l = worth.revenue[c, 0], worth.revenue[c, 1], worth.revenue[c, 2]
    c_n, c_e, c_l = worth.customer[c, 0], worth.customer[c, 1], worth.customer[c, 2]
    join = worth.join[c]
    for i in range(of_revenue.shape[0]):
        n, e, s = np.float64(new[i]), np.float64(established[i]), np.float64(loyal[i])
        of_revenue[i] += n * r_n + e * r_e + s * r_l
        of_customer[i] += n * c_n + e * c_e + s * c_l + np.float64(joined[i]) * join


@formula
def add_totals(totals, weight, revenue, x, c, p, start, end, scratch):
    """Add a leaf's customers and revenue by state."""
    for state in range(x.shape[2]):
        values = x[c, p, state, start:end]
        totals.customers[c, state, p] += tree_sum(values, weight, scratch)
        totals.revenue[c, state, p] += tree_sum(values, revenue, scratch)


@kernel
def choice_period(customers, market, totals, worth, x, start, end):
    """One period of a `choice` segment for customers start..end; x [C, 2, states, N] is carried on in place."""
    cells, suppliers = market.review.shape
    states = suppliers + 2
    share, flow, rate = np.empty((suppliers, LEAF), f32), np.empty((states, LEAF), f32), np.empty((states, LEAF), f32)
    moving, joined, left = np.empty(LEAF, f32), np.empty(LEAF, f32), np.empty(LEAF, f32)
    scratch = np.empty(LEAF, f32)
    promote_n, promote_e = market.promote[0], market.promote[1]
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        n = b - a
        weight, revenue = customers.weight[a:b], customers.revenue[a:b]
        for c in range(cells):
            logit_shares(
                customers.features,
                market.coefficient[c],
                market.constant,
                market.available,
                a,
                b,
                share,
                scratch,
                moving,
            )
            for state in range(states):
                j = max(0, state - 2)
                turnovers(market.review[c, j], market.pull[c, state], share[j, :n], rate[state])
            for p in range(2):
                for i in range(n):
                    moving[i] = f32(0.0)
                for state in range(states):
                    flows(x[c, p, state, a:b], rate[state], flow[state], moving)
                new, established, loyal = x[c, p, 0, a:b], x[c, p, 1, a:b], x[c, p, 2, a:b]
                step_ours(
                    new,
                    established,
                    loyal,
                    share[0],
                    flow[0],
                    flow[1],
                    flow[2],
                    moving,
                    promote_n,
                    promote_e,
                    joined,
                    left,
                )
                totals.joins[c, 0, p] += tree_sum(joined, weight, scratch)
                totals.leaves[c, 0, p] += tree_sum(left, weight, scratch)
                if worth.column[c] >= 0:
                    kept = worth.column[c]
                    of_revenue, of_customer = worth.value[p, 0, kept, a:b], worth.value[p, 1, kept, a:b]
                    add_value(of_revenue, of_customer, new, established, loyal, joined, worth, c)
                for j in range(1, suppliers):
                    if market.available[j]:
                        step_other(x[c, p, 2 + j, a:b], share[j], flow[2 + j], moving, joined, left)
                        totals.joins[c, j, p] += tree_sum(joined, weight, scratch)
                        totals.leaves[c, j, p] += tree_sum(left, weight, scratch)
                add_totals(totals, weight, revenue, x, c, p, a, b, scratch)


@formula
def step_contract(ours, converted, gone, leave, tenure, convert, left):
    """Some convert; contracts end at their tenure's hazard, for good; `left` by customer."""
    for i in range(ours.shape[0]):
        moved = ours[i] * convert
        stayed = ours[i] - moved
        ended = stayed * leave[0, tenure[i]]
        ended_converted = converted[i] * leave[1, tenure[i]]
        ended_moved = moved * leave[2, tenure[i]]
        ours[i] = stayed - ended
        converted[i] = (converted[i] - ended_converted) + (moved - ended_moved)
        left[i] = ended + ended_converted + ended_moved
        gone[i] += left[i]


@kernel
def contract_period(customers, market, totals, worth, x, p, start, end):
    """One period of a `contract` segment: ours are in the state UNDER_CONTRACT or, for good, CONVERTED, until they
    leave. All customers start..end have presence p: those of the opening 0, newcomers 1."""
    cells, outside = market.leave.shape[0], x.shape[2] - 1
    left, scratch = np.empty(LEAF, f32), np.empty(LEAF, f32)
    nobody = np.zeros(LEAF, f32)
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        weight, revenue = customers.weight[a:b], customers.revenue[a:b]
        tenure = customers.tenure[a:b]
        for c in range(cells):
            ours, converted, gone = x[c, p, 1, a:b], x[c, p, 2, a:b], x[c, p, outside, a:b]
            step_contract(ours, converted, gone, market.leave[c], tenure, market.convert[c], left)
            ended = tree_sum(left, weight, scratch)
            totals.leaves[c, 0, p] += ended
            totals.joins[c, totals.joins.shape[1] - 1, p] += ended
            if worth.column[c] >= 0:
                kept = worth.column[c]
                of_revenue, of_customer = worth.value[p, 0, kept, a:b], worth.value[p, 1, kept, a:b]
                add_value(of_revenue, of_customer, x[c, p, 0, a:b], ours, converted, nobody, worth, c)
            add_totals(totals, weight, revenue, x, c, p, a, b, scratch)


@kernel
def enter_customers(customers, totals, worth, entering, x, start, end):
    """Newcomers start..end enter with a period's end: as joins, with presence 1; entering [N, states] is where."""
    cells, _, states, _ = x.shape
    joined, scratch = np.empty(LEAF, f32), np.empty(LEAF, f32)
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        weight, revenue = customers.weight[a:b], customers.revenue[a:b]
        for c in range(cells):
            for state in range(states):
                for i in range(a, b):
                    x[c, 1, state, i] = entering[i, state]
            new, established, loyal = x[c, 1, 0, a:b], x[c, 1, 1, a:b], x[c, 1, 2, a:b]
            for i in range(b - a):
                joined[i] = new[i] + established[i] + loyal[i]
            totals.joins[c, 0, 1] += tree_sum(joined, weight, scratch)
            for state in range(3, states):
                totals.joins[c, state - 2, 1] += tree_sum(x[c, 1, state, a:b], weight, scratch)
            if worth.column[c] >= 0:
                kept = worth.column[c]
                of_revenue, of_customer = worth.value[1, 0, kept, a:b], worth.value[1, 1, kept, a:b]
                add_value(of_revenue, of_customer, new, established, loyal, joined, worth, c)
            add_totals(totals, weight, revenue, x, c, 1, a, b, scratch)


@kernel
def opening_totals(customers, totals, x, start, end):
    """Totals of the opening distribution."""
    scratch = np.empty(LEAF, f32)
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        for c in range(x.shape[0]):
            for p in range(2):
                add_totals(totals, customers.weight[a:b], customers.revenue[a:b], x, c, p, a, b, scratch)
