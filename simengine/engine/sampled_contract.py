"""One period of a `contract` segment, lane by lane: who converts to another contract, for good, and who ends it."""

from __future__ import annotations

import numpy as np

from simengine.engine.sampled_customer import money_of
from simengine.engine.sampled_lanes import draw_lanes
from simengine.engine.sampled_state import add_run, dates, pack, spell_value, state_at
from simengine.jit import kernel
from simengine.luck import CHOICE

u32, i64 = np.uint32, np.int64
CONVERTING = 2  # whose hazard: not converted, converted, and who does in the period


@kernel
def end_lanes(
    customers, luck, stages, books, worth, market, m, codes, first, period, horizon, customer, replication, top, random
):
    """Carry out the ends and conversions of lanes in every cell of market m, of `customer` in the batch's
    `replication`; `top` [n] holds the byte of the ending draw and, above it, that of the converting draw. Scratch:
    `random` [11, ...]."""
    threshold, converting, units = market.end[m], market.convert[m], worth.units[m]
    n, cells = customer.shape[0], converting.shape[0]
    suppliers = customers.states.shape[1] - 2
    states, outside = suppliers + 2, suppliers - 1
    low, high, when, words = random[0], random[1], random[2], random[3:7]
    lows, highs, base, tenure = customers.low, customers.high, customers.money, customers.tenure
    joins, leaves, promotions = books.joins, books.leaves, books.promotions
    value, column, count = worth.value, worth.column, lows.shape[0]
    key_low, key_high, sigma, bits = luck.key_low, luck.key_high, luck.sigma, stages.bits
    for d in range(n):
        low[d], high[d], when[d] = lows[customer[d]], highs[customer[d]], u32(first + replication[d])
    draw_lanes(key_low, key_high, low, high, CHOICE, period, when, n, words)
    for d in range(n):
        i, r, money = i64(customer[d]), i64(replication[d]), i64(-1)
        u_end = i64(top[d] & u32(255)) << 24 | i64(words[0, d]) >> 8
        u_move = i64(top[d] >> u32(8)) << 24 | i64(words[1, d]) >> 8
        at = (r * count + i) * cells
        for c in range(cells):
            code = i64(codes[at + c])
            if code & 7 != 0:
                continue
            converted = state_at(code, period, bits) - 1
            moves = converted == 0 and u_move < converting[c]
            ends = u_end < threshold[c, CONVERTING if moves else converted, tenure[i]]
            if not ends and not moves:
                continue
            if money < 0:
                money = money_of(base[i], sigma, key_low, key_high, low[d], high[d], when[d])
            presence = code >> (3 + 2 * bits)
            if ends:
                add_run(leaves, (((r * states + 1 + converted) * 2 + presence) * cells + c) * 2, 1, 1, money)
                add_run(joins, (((r * suppliers + outside) * 2 + presence) * cells + c) * 2, 1, 1, money)
                if column[c] >= 0:
                    value[presence, i, column[c]] += spell_value(code, period, bits, money, units, c)
                codes[at + c] = pack(outside, 0, 0, presence, bits)
            else:  # the date of the stage CONVERTED is the period's end
                add_run(
                    promotions, (((r * (horizon + 2) + period + 1) * 4 + 2 + presence) * cells + c) * 2, 1, 1, money
                )
                codes[at + c] = pack(0, dates(code, bits)[0], period + 1, presence, bits)
