"""Periods of a buy-till-you-die segment in sampled mode: every customer's own rate, lifetime and purchases.

Of each customer and replication are drawn, the same in every cell: its rate, its probability of leaving at a purchase,
what a purchase brings, and for how long it stays, counted in years at today's hazard. So a higher hazard only ends
sooner what it ends. A purchase that is the last one is made by who leaves; the others follow a Poisson law.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import exp, expm1, gamma_quantile, log
from simengine.arithmetic.poisson import poisson_quantile
from simengine.engine.sampled_state import pack
from simengine.jit import formula, kernel
from simengine.luck import LIFETIME, MONEY, PURCHASE, RATE, draw, uniform53
from simengine.tables.layout import UNDER_CONTRACT

u32, i64 = np.uint32, np.int64
OURS = UNDER_CONTRACT  # the state of those who are customers
LATENT = 4  # rate a year, probability of leaving, lifetime, money a purchase over its mean


@kernel
def draw_buyers(customers, luck, law, first, start, end, latent):
    """Draw what latent [R, end - start, LATENT] holds of the customers start..end, given what they have bought."""
    for r in range(latent.shape[0]):
        for i in range(start, end):
            own, address = latent[r, i - start], (customers.low[i], customers.high[i])
            x, observed, valued = law.purchases[i], law.observed[i], law.valued[i]
            w = draw(luck.key_low, luck.key_high, address[0], address[1], RATE, 0, u32(first + r))
            own[0] = gamma_quantile(uniform53(w[0], w[1]), law.r + x) / (law.alpha + observed)
            ends = gamma_quantile(uniform53(w[2], w[3]), law.a)
            w = draw(luck.key_low, luck.key_high, address[0], address[1], LIFETIME, 0, u32(first + r))
            own[1] = ends / (ends + gamma_quantile(uniform53(w[0], w[1]), law.b + x))
            own[2] = -log(uniform53(w[2], w[3])) / (own[0] * own[1])
            own[3] = 1.0
            if law.q > 0.0:
                w = draw(luck.key_low, luck.key_high, address[0], address[1], MONEY, 0, u32(first + r))
                shape = law.q + law.p * valued
                own[3] = (shape - 1.0) / gamma_quantile(uniform53(w[0], w[1]), shape)


@formula
def purchases_in(u, u_last, rate, leaving, years, before, after, lifetime):
    """How often a customer buys in a period in which its exposure goes from `before` to `after`.

    A purchase ends it with the probability of leaving times what the hazard is over today's; where that is above 1, it
    also leaves without a purchase.
    """
    ends = lifetime <= after
    there = (lifetime - before) / (after - before) if ends else 1.0
    last = leaving * (after - before) / years
    count = poisson_quantile(u, rate * max(1.0 - last, 0.0) * years * there)
    return count + 1.0 if ends and u_last * last < 1.0 else count


@kernel
def buying_period(customers, luck, law, latent, books, worth, market, codes, first, bits, period, start, end, origin):
    """One period of the customers start..end in all replications; `latent` is of those from `origin` on."""
    replications, (markets, cells) = latent.shape[0], market.closing.shape
    count, suppliers = len(customers.low), customers.states.shape[1] - 2
    states, outside = suppliers + 2, suppliers - 1
    value, column = worth.value, worth.column
    for r in range(replications):
        m = r if markets > 1 else 0
        units = worth.units[m if worth.units.shape[0] > 1 else 0]
        for i in range(start, end):
            own, entered, drawn = latent[r, i - origin], customers.arrival[i], False
            u, u_last = 0.0, 0.0
            for c in range(cells):
                at = (r * count + i) * cells + c
                code = i64(codes[at])
                if code & 7 != 0:
                    continue
                if not drawn:
                    w = draw(
                        luck.key_low, luck.key_high, customers.low[i], customers.high[i], PURCHASE, period,
                        u32(first + r),
                    )  # fmt: skip
                    u, u_last, drawn = uniform53(w[0], w[1]), uniform53(w[2], w[3]), True
                before = market.exposed[period, m, c] - market.exposed[entered, m, c]
                after = market.exposed[period + 1, m, c] - market.exposed[entered, m, c]
                bought = purchases_in(u, u_last, own[0], own[1], law.years, before, after, own[2])
                money = i64(np.rint(bought * law.a_purchase[i] * own[3]))
                presence, ends = code >> (3 + 2 * bits), own[2] <= after
                left = (((r * states + OURS) * 2 + presence) * cells + c) * 2
                books.leaves[left + 1] -= money
                if ends:
                    books.leaves[left] += 1
                    books.joins[(((r * suppliers + outside) * 2 + presence) * cells + c) * 2] += 1
                    codes[at] = pack(outside, 0, 0, presence, bits)
                if column[c] >= 0:
                    worth_now = money * (
                        units[c, period + 1, OURS, 0] - units[c, period, OURS, 0] + market.closing[m, c]
                    )
                    if not ends:
                        worth_now += units[c, period + 1, OURS, 1] - units[c, period, OURS, 1]
                    if period == entered and entered > 0:
                        worth_now += since_entering(customers, units, c, i, entered)
                    value[presence, i, column[c]] += i64(np.rint(worth_now))


@formula
def since_entering(customers, units, c, i, time):
    """What undoes that entering booked the units before it as if they had been lived, see `open_customers`."""
    return np.rint(customers.money[i]) * units[c, time, OURS, 0] + units[c, time, OURS, 1]


@kernel
def close_entrants(customers, worth, market, codes, replications, start, end):
    """Value the customers start..end who enter at the horizon."""
    count, (markets, cells), horizon = len(customers.low), market.closing.shape, worth.units.shape[2] - 1
    for r in range(replications):
        m = r if markets > 1 else 0
        for i in range(start, end):
            for c in range(cells):
                k = worth.column[c]
                if k >= 0 and codes[(r * count + i) * cells + c] & 7 == 0:
                    own = since_entering(customers, worth.units[m], c, i, horizon)
                    own += np.rint(customers.money[i]) * market.closing[m, c]
                    worth.value[1, i, k] += i64(np.rint(own))


@kernel
def buyers_beyond(law, latent, bits, market, codes, grid, totals, value, start, end):
    """As `run_off_kernels.sampled_run_off`, of who is a customer at the horizon, and of later periods.

    Who has the drawn rate and probability of leaving stays for a period with the probability e^-(rate x leaving x
    exposure).
    """
    replications, _, cells = codes.shape
    markets = market.exposed.shape[0]
    for r in range(replications):
        m = r if markets > 1 else 0
        for i in range(start, end):
            rate, leaving, _, spend = latent[r, i - start]
            for c in range(cells):
                code = i64(codes[r, i, c])
                if code & 7 != 0:
                    continue
                p, w = code >> (3 + 2 * bits), c * markets + m
                hazard = rate * leaving * market.exposed[m, c]
                lasting = 1.0 / (1.0 - market.v * exp(-hazard))
                part = -expm1(-hazard) / hazard if hazard > 0.0 else 1.0
                money = law.a_purchase[i] * spend * rate * law.years * part * market.v * lasting
                totals[r, c, OURS, p, 0] += i64(np.rint(lasting * grid[0]))
                totals[r, c, OURS, p, 1] += i64(np.rint(money * grid[1]))
                if market.column[c] >= 0:
                    worth = money * market.revenue[w, OURS] + lasting * market.customer[w, OURS]
                    value[p, i, market.column[c]] += i64(np.rint(worth))
