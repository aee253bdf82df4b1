"""The closing pass: how long, discounted, every customer of the horizon stays ours, customer by customer.

For a leaf of customers and a cell first the presence M of `model.run_off`, six numbers a customer; then what it
adds up to, from the probabilities of our stages (expected mode) or from the drawn ones (sampled mode).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.expected_layout import Market
from simengine.engine.expected_offers import offer_shares, rows_of_weights, weigh_offers
from simengine.engine.expected_sums import feature_columns, place, weighted_sum, whole_lanes
from simengine.engine.leaves import LEAF
from simengine.engine.linear import solve_in_place
from simengine.engine.sampled_customer import money_of
from simengine.engine.sampled_need_states import displace_columns, drawn_need_state
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
    move: NDArray[np.float64]  # [L, L] between need states in a period; L is 0 where nobody moves
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
    lanes, suppliers, offers = whole_lanes(size), market.review.shape[1], market.offers
    coefficient, constant, offer, far = offers.coefficient, offers.constant, offers.offer, offers.far
    weigh_offers(
        features, 0, coefficient, constant, offer, offers.shift, far, 0, c, lanes, known, weights, 0, LEAF, features,
        0, 0,
    )  # fmt: skip
    offer_shares(weights, 0, offers.supplier, suppliers, offer, offers.scale, far, 0, c, lanes, known, share, LEAF)
    review, pull = market.review[c, 0], market.pull[c]
    for i in range(size):
        s = share[place(i, 0, suppliers)]
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
def _lasting_of_moving(features, size, market, c, known, weights, share, out):
    """As `lasting_of`, of customers who move on between L need states: out [L, 6, LEAF], by that at the horizon.
    Arrays have a row for each: features [L, F x LEAF], known, weights, share."""
    copies, promote, v = market.move.shape[0], market.promote, market.v
    lanes, suppliers, offers = whole_lanes(size), market.review.shape[1], market.offers
    coefficient, constant, offer, far = offers.coefficient, offers.constant, offers.offer, offers.far
    review, pull = market.review[c, 0], market.pull[c]
    for n in range(copies):
        own = features[n]
        weigh_offers(
            own, 0, coefficient, constant, offer, offers.shift, far, 0, c, lanes, known[n], weights[n], 0, LEAF, own,
            0, 0,
        )  # fmt: skip
        offer_shares(
            weights[n], 0, offers.supplier, suppliers, offer, offers.scale, far, 0, c, lanes, known[n], share[n], LEAF
        )
    stay, there = np.empty((3, copies)), np.empty((6, copies))
    for i in range(size):
        for n in range(copies):
            s = share[n, place(i, 0, suppliers)]
            for stage in range(3):
                stay[stage, n] = 1.0 - np.float64(turnover(review, s, pull[stage]) * (f32(1.0) - s))
        _moving_presence(stay, promote, v, market.move, there)
        for n in range(copies):
            for k in range(6):
                out[n, k, i] = there[k, n]


@kernel
def _moving_presence(stay, promote, v, move, there):
    """there [6, L] = `model.run_off.presence` by the need state at the start, whatever that later on; stay [3, L].

    Who is in stage s and need state l stays with stay[s, l], then rises, then moves on: of each entry u of M,
    u[l] = here + v stay[s, l] sum_m move[l, m] ((1 - rise) u[m] + rise u'[m]), u' the entry of the next stage.
    """
    copies = move.shape[0]
    matrix, right = np.empty((copies, copies)), np.empty((copies, 3))
    for stage in range(2, -1, -1):
        rise = promote[stage] if stage < 2 else 0.0
        for n in range(copies):
            for k in range(copies):
                matrix[n, k] = (1.0 if n == k else 0.0) - v * stay[stage, n] * (1.0 - rise) * move[n, k]
            for to in range(3):
                right[n, to] = 1.0 if to == stage else 0.0
                for k in range(copies if to > stage else 0):
                    right[n, to] += v * stay[stage, n] * rise * move[n, k] * there[_entry(stage + 1, to), k]
        solve_in_place(matrix, right)
        for n in range(copies):
            for to in range(stage, 3):
                there[_entry(stage, to), n] = right[n, to]


@kernel
def expected_run_off(customers, market, x, totals, value, first, end):
    """Add the leaves first..end to totals [C, 3 stages, 2 presence, 2] and to values; columns as in
    `expected_layout`, weight and revenue on the grids of these totals; x [C, V, states x LEAF]."""
    (cells, suppliers), offers = market.review.shape, len(market.offers.constant)
    rows = rows_of_weights(market.offers.offer, market.offers.constant)
    states, copies = suppliers + 2, max(1, market.move.shape[0])
    share, weights = np.empty((copies, suppliers * LEAF), f32), np.empty((copies, rows * LEAF), f32)
    lasting, present = np.empty((copies, 6, LEAF)), np.zeros((3, LEAF), f32)
    for group in range(first, end, copies):
        begin, size = customers.begin[group], customers.size[group]
        at, tenure = customers.lanes[group], customers.tenure[begin : begin + size]
        weight = customers.weight[at : at + whole_lanes(size)]
        revenue = customers.revenue[at : at + whole_lanes(size)]
        features = customers.features[group : group + copies]
        known = np.zeros((copies, offers), np.bool_)
        present[:, size:] = f32(0.0)
        for c in range(cells):
            if copies > 1:
                _lasting_of_moving(features, size, market, c, known, weights, share, lasting)
            else:
                lasting_of(features[0], tenure, 0, size, market, c, known[0], weights[0], share[0], lasting[0])
            for n, p in np.ndindex(copies, 2):
                v = customers.vector[group + n, p]
                if v < 0:
                    continue
                stays = lasting[n]
                for i in range(size):
                    new = np.float64(x[c, v, place(i, 0, states)])
                    established = np.float64(x[c, v, place(i, 1, states)])
                    loyal = np.float64(x[c, v, place(i, 2, states)])
                    present[0, i] = new * stays[NN, i]
                    present[1, i] = new * stays[NE, i] + established * stays[EE, i]
                    present[2, i] = new * stays[NL, i] + established * stays[EL, i] + loyal * stays[LL, i]
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
    rows,
    tenure,
    arrival,
    low,
    high,
    base,
    luck,
    bits,
    horizon,
    market,
    moving,
    codes,
    first,
    grid,
    totals,
    value,
    start,
    end,
):
    """As `expected_run_off`, of `rows` [N, F] and from the states [R, N, C] drawn, and the need states walked to;
    totals [R, C, 3 stages, 2 presence, 2]. The market's worlds are cells or, where it differs by replication, cells in
    replications, see `unfolding`.

    `grid` holds the steps per customer of the totals, and theirs per step of the money grid.
    """
    replications, _, cells = codes.shape
    markets = market.review.shape[0] // cells
    suppliers, offers = market.review.shape[1], len(market.offers.constant)
    copies, width = max(1, market.move.shape[0]), rows.shape[1]
    of_weights = rows_of_weights(market.offers.offer, market.offers.constant)
    share, weights = np.empty((copies, suppliers * LEAF), f32), np.empty((copies, of_weights * LEAF), f32)
    features, lasting = np.zeros((copies, width * LEAF), f32), np.empty((cells, copies, 6, LEAF))
    state = 0  # the need state
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        for n in range(copies):
            feature_columns(rows, a, b - a, features[n])
            if copies > 1:
                displace_columns(features[n], moving.shift[n], moving.moved[n], b - a)
        known = np.zeros((copies, offers), np.bool_)
        for r in range(replications):
            m = r if markets > 1 else 0
            for c in range(cells if m == r else 0):  # once where all replications are alike
                w = c * markets + m
                if copies > 1:
                    _lasting_of_moving(features, b - a, market, w, known, weights, share, lasting[c])
                else:
                    lasting_of(features[0], tenure, a, b - a, market, w, known[0], weights[0], share[0], lasting[c, 0])
            for i in range(a, b):
                money = np.int64(-1)
                for c in range(cells):
                    code = np.int64(codes[r, i, c])
                    if code & 7 != 0:
                        continue
                    if money < 0:
                        money = money_of(base[i], luck.sigma, luck.key_low, luck.key_high, low[i], high[i], first + r)
                        if copies > 1:
                            state = drawn_need_state(
                                moving, i, arrival[i], horizon, luck.key_low, luck.key_high, low[i], high[i], first + r
                            )
                    was, p = state_at(code, horizon, bits), code >> (3 + 2 * bits)
                    worth, w = 0.0, c * markets + m
                    for stage in range(was, 3):
                        at = lasting[c, state, _entry(was, stage), i - a]
                        totals[r, c, stage, p, 0] += np.int64(np.rint(at * grid[0]))
                        totals[r, c, stage, p, 1] += np.int64(np.rint(at * money * grid[1]))
                        worth += at * (money * market.revenue[w, stage] + market.customer[w, stage])
                    if market.column[c] >= 0:
                        value[p, i, market.column[c]] += np.int64(np.rint(worth))


@formula
def _entry(was, stage):
    """Place in M of a stage at the horizon and one at or above it."""
    return stage if was == 0 else (2 + stage if was == 1 else LL)
