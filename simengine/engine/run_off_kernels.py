"""The closing pass: how long, discounted, every customer of the horizon stays ours, customer by customer.

For a leaf of customers and a cell first the presence M of `model.run_off`, six numbers a customer; then what it
adds up to, from the probabilities of our stages (expected mode) or from the drawn ones (sampled mode).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.expected_kernels import LEAF, logit_shares, tree_sum
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
def expected_run_off(features, tenure, weight, revenue, market, x, totals, value, start, end):
    """Add customers start..end to totals [C, 3 stages, 2 presence, 2] and to values [2, 2, kept cells, N].

    `weight` and `revenue` [N] are on the grids of the totals; x [C, 2, states, N]; values as in
    `expected_kernels.Worth`.
    """
    cells, suppliers = market.review.shape
    share, top, total = np.empty((suppliers, LEAF), f32), np.empty(LEAF, f32), np.empty(LEAF, f32)
    lasting, present, scratch = np.empty((6, LEAF)), np.empty((3, LEAF), f32), np.empty(LEAF, f32)
    for a in range(start, end, LEAF):
        b = min(a + LEAF, end)
        for c in range(cells):
            lasting_of(features, tenure, market, c, a, b, share, top, total, lasting)
            column = market.column[c]
            for p in range(2):
                for i in range(b - a):
                    n, e, s = (
                        np.float64(x[c, p, 0, a + i]),
                        np.float64(x[c, p, 1, a + i]),
                        np.float64(x[c, p, 2, a + i]),
                    )
                    present[0, i] = n * lasting[NN, i]
                    present[1, i] = n * lasting[NE, i] + e * lasting[EE, i]
                    present[2, i] = n * lasting[NL, i] + e * lasting[EL, i] + s * lasting[LL, i]
                for stage in range(3):
                    totals[c, stage, p, 0] += tree_sum(present[stage], weight[a:b], scratch)
                    totals[c, stage, p, 1] += tree_sum(present[stage], revenue[a:b], scratch)
                    if column >= 0:
                        of_revenue, of_customer = market.revenue[c, stage], market.customer[c, stage]
                        for i in range(b - a):
                            value[p, 0, column, a + i] += np.float64(present[stage, i]) * of_revenue
                            value[p, 1, column, a + i] += np.float64(present[stage, i]) * of_customer


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
