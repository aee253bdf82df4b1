"""The closing pass: how long, discounted, every customer of the horizon stays ours, customer by customer.

For a leaf of customers and a cell first the presence M of `model.run_off`, six numbers a customer; then what it
adds up to, from the probabilities of our stages (expected mode) or from the drawn ones (sampled mode).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp32, fma32
from simengine.engine.expected_kernels import ESTABLISHED, LOYAL, feature_columns, place, weighted_sum, whole_lanes
from simengine.engine.leaves import LEAF
from simengine.engine.sampled_customer import money_of
from simengine.engine.sampled_state import state_at
from simengine.jit import formula, kernel
from simengine.model.choice import turnover
from simengine.model.run_off import presence

f32 = np.float32
NN, NE, NL, EE, EL, LL = range(6)  # from a stage to a stage: new, established, loyal


class RunOffMarket(NamedTuple):
    """How customers of one segment leave beyond the horizon, and what their presence is worth."""

    contract: bool
    coefficient: NDArray[np.float32]  # [C, J, F]
    constant: NDArray[np.float32]  # [J]
    available: NDArray[np.bool_]  # [J]
    review: NDArray[np.float32]  # [C, J]
    pull: NDArray[np.float32]  # [C, states]
    promote: NDArray[np.float64]  # [2]
    lasting: NDArray[np.float64]  # [C, 3: see `Moment.leaving`, column] contract: discounted period ends
    v: float
    revenue: NDArray[np.float64]  # [C, 3] value of a unit of yearly revenue at a period end, by stage
    customer: NDArray[np.float64]  # [C, 3] of a customer, on the money grid
    column: NDArray[np.int64]  # [C] of the values of single customers; -1: not kept


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
def lasting_of(features, tenure, market, c, start, end, share, top, total, out):
    """out [6, LEAF]: presence of customers start..end in cell c, by stage at the horizon and afterwards."""
    if market.contract:
        for i in range(end - start):
            out[NN, i] = out[NE, i] = out[NL, i] = out[EL, i] = 0.0  # programmes have ended: nobody converts
            out[EE, i] = market.lasting[c, 0, tenure[start + i]]
            out[LL, i] = market.lasting[c, 1, tenure[start + i]]
        return
    logit_shares(features, market.coefficient[c], market.constant, market.available, start, end, share, top, total)
    review, pull = market.review[c, 0], market.pull[c]
    for i in range(end - start):
        s = share[0, i]
        gone = f32(1.0) - s
        nn, ne, nl, ee, el, ll = presence(
            np.float64(turnover(review, s, pull[0]) * gone),
            np.float64(turnover(review, s, pull[1]) * gone),
            np.float64(turnover(review, s, pull[2]) * gone),
            market.promote[0],
            market.promote[1],
            market.v,
        )
        out[NN, i], out[NE, i], out[NL, i], out[EE, i], out[EL, i], out[LL, i] = nn, ne, nl, ee, el, ll


@kernel
def expected_run_off(customers, market, x, totals, value, first, end):
    """Add the leaves first..end to totals [C, 3 stages, 2 presence, 2] and to values; columns as in
    `expected_kernels`, weight and revenue on the grids of these totals; x [C, V, states x LEAF]."""
    cells, suppliers = market.review.shape
    states = suppliers + 2
    share, top, total = np.empty((suppliers, LEAF), f32), np.empty(LEAF, f32), np.empty(LEAF, f32)
    lasting, present = np.empty((6, LEAF)), np.zeros((3, LEAF), f32)
    features = np.zeros((customers.features.shape[1], LEAF), f32)
    for leaf in range(first, end):
        begin, size = customers.begin[leaf], customers.size[leaf]
        weight = customers.weight[begin : begin + whole_lanes(size)]
        revenue, tenure = customers.revenue[begin : begin + whole_lanes(size)], customers.tenure[begin : begin + size]
        feature_columns(customers.features, begin, size, features.ravel())
        present[:, size:] = f32(0.0)
        for c in range(cells):
            lasting_of(features, tenure, market, c, 0, size, share, top, total, lasting)
            for p in range(2):
                v = customers.vector[leaf, p]
                if v < 0:
                    continue
                for i in range(size):
                    n = np.float64(x[c, v, place(i, 0, states)])
                    e = np.float64(x[c, v, place(i, ESTABLISHED, states)])
                    s = np.float64(x[c, v, place(i, LOYAL, states)])
                    present[0, i] = n * lasting[NN, i]
                    present[1, i] = n * lasting[NE, i] + e * lasting[EE, i]
                    present[2, i] = n * lasting[NL, i] + e * lasting[EL, i] + s * lasting[LL, i]
                for stage in range(3):
                    totals[c, stage, p, 0] += weighted_sum(present[stage], weight, whole_lanes(size))
                    totals[c, stage, p, 1] += weighted_sum(present[stage], revenue, whole_lanes(size))
                    if market.column[c] >= 0:
                        own = value[market.column[c], v]
                        for i in range(size):
                            own[i] += np.float64(present[stage, i]) * market.revenue[c, stage]
                            own[LEAF + i] += np.float64(present[stage, i]) * market.customer[c, stage]


@kernel
def sampled_run_off(
    features, tenure, low, high, base, spread, bits, horizon, market, codes, first, grid, totals, value, start, end
):
    """As `expected_run_off`, from the states [R, N, C] drawn; totals [R, C, 3 stages, 2 presence, 2].

    `grid` holds the steps per customer of the totals, and theirs per step of the money grid.
    """
    replications, _, cells = codes.shape
    suppliers = market.review.shape[1]
    share, top, total = np.empty((suppliers, LEAF), f32), np.empty(LEAF, f32), np.empty(LEAF, f32)
    lasting = np.empty((cells, 6, LEAF))
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        for c in range(cells):
            lasting_of(features, tenure, market, c, a, b, share, top, total, lasting[c])
        for r in range(replications):
            for i in range(a, b):
                money = np.int64(-1)
                for c in range(cells):
                    code = np.int64(codes[r, i, c])
                    if code & 7 != 0:
                        continue
                    if money < 0:
                        money = money_of(
                            base[i], spread.sigma, spread.key_low, spread.key_high, low[i], high[i], first + r
                        )
                    was, p = state_at(code, horizon, bits), code >> (3 + 2 * bits)
                    worth = 0.0
                    for stage in range(was, 3):
                        at = lasting[c, _entry(was, stage), i - a]
                        totals[r, c, stage, p, 0] += np.int64(np.rint(at * grid[0]))
                        totals[r, c, stage, p, 1] += np.int64(np.rint(at * money * grid[1]))
                        worth += at * (money * market.revenue[c, stage] + market.customer[c, stage])
                    if market.column[c] >= 0:
                        value[p, i, market.column[c]] += np.int64(np.rint(worth))


@formula
def _entry(was, stage):
    """Place in M of a stage at the horizon and one at or above it."""
    return stage if was == 0 else (2 + stage if was == 1 else LL)
