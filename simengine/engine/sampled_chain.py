"""Periods of a markov segment in sampled mode: who leaves, and to which state the others pass.

In every cell the same draws: whether a customer leaves, so that a higher hazard only makes more leave, and where it
goes if it does not. The state of a customer of ours stands where that of others has the date of becoming established.
"""

from __future__ import annotations

import numpy as np

from simengine.engine.sampled_state import dates, pack
from simengine.jit import formula, kernel
from simengine.luck import OPENING, TRANSITION, draw, uniform
from simengine.tables.layout import UNDER_CONTRACT

u32, i64 = np.uint32, np.int64
OURS = UNDER_CONTRACT


@formula
def first_above(cumulative, u):
    """The first place whose cumulative probability is above u; the last if none is."""
    k = 0
    while k < cumulative.shape[0] - 1 and u >= cumulative[k]:
        k += 1
    return k


@formula
def money_in(law, base, state):
    """Revenue a year of who is in a state, on the money grid."""
    return i64(np.rint(base * law.money[state]))


@kernel
def open_chain(customers, luck, law, books, worth, codes, first, replications, bits, time, start, end):
    """Draw in which states the customers start..end begin with `time` periods completed, the same in every cell."""
    count, cells, presence = len(customers.low), worth.column.shape[0], 0 if time == 0 else 1
    for r in range(replications):
        m = r if worth.units.shape[0] > 1 else 0
        for i in range(start, end):
            state = law.state[i]
            if state < 0:
                w = draw(luck.key_low, luck.key_high, customers.low[i], customers.high[i], OPENING, 0, u32(first + r))
                state = i64(first_above(law.opening, uniform(w[0])))
            money = money_in(law, customers.money[i], state)
            books.entered[r, time, OURS, presence, 0] += 1
            books.entered[r, time, OURS, presence, 1] += money
            for c in range(cells):
                codes[(r * count + i) * cells + c] = pack(i64(0), state, i64(0), presence, bits)
            if worth.value.shape[1] == 0:
                continue
            if time == 0:
                worth.present[i] += 1
            for c in range(cells):
                k = worth.column[c]
                if k >= 0 and time == 0:
                    own = money * worth.opening_revenue[OURS] + worth.opening_customer[OURS]
                    worth.value[0, i, k] += i64(np.rint(own))
                elif k >= 0:
                    units = worth.units[m]
                    own = worth.join[m, c, time - 1] + units[c, time, OURS, 1] - units[c, time - 1, OURS, 1]
                    own += money * (units[c, time, OURS, 0] - units[c, time - 1, OURS, 0])
                    worth.value[1, i, k] += i64(np.rint(own))


@kernel
def chain_period(customers, luck, law, books, worth, market, codes, first, replications, bits, period, start, end):
    """One period of the customers start..end: in the first they are where they open, before others they pass on."""
    markets, cells = market.closing.shape
    count, suppliers = len(customers.low), customers.states.shape[1] - 2
    states, outside = suppliers + 2, suppliers - 1
    for r in range(replications):
        m = r if markets > 1 else 0
        units = worth.units[m if worth.units.shape[0] > 1 else 0]
        for i in range(start, end):
            w = draw(
                luck.key_low, luck.key_high, customers.low[i], customers.high[i], TRANSITION, period, u32(first + r)
            )
            u_leave, u_pass = uniform(w[0]), uniform(w[1])
            for c in range(cells):
                at = (r * count + i) * cells + c
                code = i64(codes[at])
                if code & 7 != 0:
                    continue
                state, presence = dates(code, bits)[0], code >> (3 + 2 * bits)
                if period > 0:
                    if u_leave >= market.stay[m, c, state]:
                        books.leaves[(((r * states + OURS) * 2 + presence) * cells + c) * 2] += 1
                        books.joins[(((r * suppliers + outside) * 2 + presence) * cells + c) * 2] += 1
                        codes[at] = pack(outside, i64(0), i64(0), presence, bits)
                        continue
                    state = i64(first_above(law.next[state], u_pass))
                    codes[at] = pack(i64(0), state, i64(0), presence, bits)
                money = money_in(law, customers.money[i], state)
                books.leaves[(((r * states + OURS) * 2 + presence) * cells + c) * 2 + 1] -= money
                if worth.column[c] >= 0:
                    own = money * (units[c, period + 1, OURS, 0] - units[c, period, OURS, 0] + market.closing[m, c])
                    own += units[c, period + 1, OURS, 1] - units[c, period, OURS, 1]
                    worth.value[presence, i, worth.column[c]] += i64(np.rint(own))


@kernel
def close_chain(customers, law, worth, market, codes, replications, bits, start, end):
    """Value what the customers start..end bring on entering at the horizon, where a run-off counts it."""
    count, (markets, cells) = len(customers.low), market.closing.shape
    for r in range(replications):
        m = r if markets > 1 else 0
        for i in range(start, end):
            for c in range(cells):
                code = i64(codes[(r * count + i) * cells + c])
                if worth.column[c] >= 0 and code & 7 == 0:
                    money = money_in(law, customers.money[i], dates(code, bits)[0])
                    worth.value[1, i, worth.column[c]] += i64(np.rint(money * market.closing[m, c]))


@kernel
def chain_beyond_horizon(customers, law, bits, market, codes, grid, totals, value, start, end):
    """As `run_off_kernels.sampled_run_off`, of who is a customer at the horizon, and of later periods."""
    replications, _, cells = codes.shape
    markets = market.lasting.shape[1]
    for r in range(replications):
        m = r if markets > 1 else 0
        for i in range(start, end):
            for c in range(cells):
                code = i64(codes[r, i, c])
                if code & 7 != 0:
                    continue
                p, w, state = code >> (3 + 2 * bits), c * markets + m, dates(code, bits)[0]
                lasting = market.lasting[0, m, c, state]
                money = customers.money[i] * (market.lasting[1, m, c, state] - law.money[state])
                totals[r, c, OURS, p, 0] += i64(np.rint(lasting * grid[0]))
                totals[r, c, OURS, p, 1] += i64(np.rint(money * grid[1]))
                if market.column[c] >= 0:
                    worth = money * market.revenue[w, OURS] + lasting * market.customer[w, OURS]
                    value[p, i, market.column[c]] += i64(np.rint(worth))
