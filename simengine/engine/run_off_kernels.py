"""The closing pass: how long, discounted, every customer of the horizon stays ours, customer by customer.

For a leaf of customers and a cell first the presence M of `model.run_off`, six numbers a customer; then what it
adds up to, from the probabilities of our stages (expected mode) or from the drawn ones (sampled mode).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.expected_choice import offer_shares, weigh_offers
from simengine.engine.expected_layout import Market
from simengine.engine.expected_sums import feature_columns, place, weighted_sum, whole_lanes
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
    offers: Market  # of the one period, in every cell
    review: NDArray[np.float32]  # [C, J]
    pull: NDArray[np.float32]  # [C, states]
    promote: NDArray[np.float64]  # [2]
    lasting: NDArray[np.float64]  # [C, 3: see `moment.leaving`, column] contract: discounted period ends
    v: float
    revenue: NDArray[np.float64]  # [C, 3] value of a unit of yearly revenue at a period end, by stage
    customer: NDArray[np.float64]  # [C, 3] of a customer, on the money grid
    column: NDArray[np.int64]  # [C] of the values of single customers; -1: not kept


@formula
def lasting_of(features, tenure, start, size, market, c, known, weights, share, out):
    """out [6, LEAF]: presence in cell c, by stage at the horizon and afterwards, of `size` customers from `start` on
    with columns of `features`; weights of offers that are `known` are there already."""
    if market.contract:
        for i in range(size):
            out[NN, i] = out[NE, i] = out[NL, i] = out[EL, i] = 0.0  # programmes have ended: nobody converts
            out[EE, i] = market.lasting[c, 0, tenure[start + i]]
            out[LL, i] = market.lasting[c, 1, tenure[start + i]]
        return
    offer = market.offers.offer[0, c]
    weigh_offers(features, market.offers, offer, whole_lanes(size), known, weights)
    offer_shares(weights, market.offers.supplier, offer, whole_lanes(size), share)
    review, pull = market.review[c, 0], market.pull[c]
    for i in range(size):
        s = share[i]
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
    `expected_layout`, weight and revenue on the grids of these totals; x [C, V, states x LEAF]."""
    (cells, suppliers), offers = market.review.shape, len(market.offers.constant)
    states = suppliers + 2
    share, weights = np.empty(suppliers * LEAF, f32), np.empty(offers * LEAF, f32)
    lasting, present = np.empty((6, LEAF)), np.zeros((3, LEAF), f32)
    for leaf in range(first, end):
        begin, size = customers.begin[leaf], customers.size[leaf]
        weight = customers.weight[begin : begin + whole_lanes(size)]
        revenue, tenure = customers.revenue[begin : begin + whole_lanes(size)], customers.tenure[begin : begin + size]
        features = customers.features[leaf]
        known = np.zeros(offers, np.bool_)
        present[:, size:] = f32(0.0)
        for c in range(cells):
            lasting_of(features, tenure, 0, size, market, c, known, weights, share, lasting)
            for p in range(2):
                v = customers.vector[leaf, p]
                if v < 0:
                    continue
                for i in range(size):
                    n = np.float64(x[c, v, place(i, 0, states)])
                    e = np.float64(x[c, v, place(i, 1, states)])
                    s = np.float64(x[c, v, place(i, 2, states)])
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
    rows, tenure, low, high, base, luck, bits, horizon, market, codes, first, grid, totals, value, start, end
):
    """As `expected_run_off`, of `rows` [N, F] and from the states [R, N, C] drawn; totals [R, C, 3 stages, 2 presence,
    2]. The market's worlds are cells or, where it differs by replication, cells in replications, see `unfolding`.

    `grid` holds the steps per customer of the totals, and theirs per step of the money grid.
    """
    replications, _, cells = codes.shape
    markets = market.review.shape[0] // cells
    suppliers, offers = market.review.shape[1], len(market.offers.constant)
    share, weights = np.empty(suppliers * LEAF, f32), np.empty(offers * LEAF, f32)
    features, lasting = np.zeros(rows.shape[1] * LEAF, f32), np.empty((cells, 6, LEAF))
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        feature_columns(rows, a, b - a, features)
        known = np.zeros(offers, np.bool_)
        for r in range(replications):
            m = r if markets > 1 else 0
            for c in range(cells if m == r else 0):  # once where all replications are alike
                lasting_of(features, tenure, a, b - a, market, c * markets + m, known, weights, share, lasting[c])
            for i in range(a, b):
                money = np.int64(-1)
                for c in range(cells):
                    code = np.int64(codes[r, i, c])
                    if code & 7 != 0:
                        continue
                    if money < 0:
                        money = money_of(base[i], luck.sigma, luck.key_low, luck.key_high, low[i], high[i], first + r)
                    was, p = state_at(code, horizon, bits), code >> (3 + 2 * bits)
                    worth, w = 0.0, c * markets + m
                    for stage in range(was, 3):
                        at = lasting[c, _entry(was, stage), i - a]
                        totals[r, c, stage, p, 0] += np.int64(np.rint(at * grid[0]))
                        totals[r, c, stage, p, 1] += np.int64(np.rint(at * money * grid[1]))
                        worth += at * (money * market.revenue[w, stage] + market.customer[w, stage])
                    if market.column[c] >= 0:
                        value[p, i, market.column[c]] += np.int64(np.rint(worth))


@formula
def _entry(was, stage):
    """Place in M of a stage at the horizon and one at or above it."""
    return stage if was == 0 else (2 + stage if was == 1 else LL)
