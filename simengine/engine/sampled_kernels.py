"""The loops over customers in sampled mode: every individual's path, all cells answered from one draw of luck.

A further what-if costs utilities and a comparison, not draws. See `sampled_lanes` for who is looked at,
`sampled_state` for the state and `luck` for the addresses.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.marks import MARKS
from simengine.engine.sampled_choice import review_lanes
from simengine.engine.sampled_contract import end_lanes
from simengine.engine.sampled_customer import money_of, stage_dates
from simengine.engine.sampled_lanes import APART, COLUMN, PER_BYTES, SPAN, draw_words, due_lanes, move_to_front
from simengine.engine.sampled_state import book_stages, pack, spell_value, state_at
from simengine.jit import kernel
from simengine.luck import CONVERSION, OPENING, REVIEW, uniform

u32 = np.uint32


@kernel
def open_customers(customers, luck, stages, books, worth, codes, first, time, start, end):
    """Draw where customers start, the same in every cell, and book them from `time`, the periods completed: 0 at the
    opening, later those who enter then, which counts as joining in the period before.

    codes: flat [R, N, C]; `first` is the number of the batch's first replication.
    """
    replications, times, _, _, _ = books.entered.shape
    count, cells, horizon = len(customers.low), len(worth.column), times - 1
    suppliers, valued = customers.states.shape[1] - 2, worth.value.shape[1] > 0
    words = np.empty((4, SPAN), u32)
    for r in range(replications):
        for a in range(start, end, SPAN):
            n = min(SPAN, end - a)
            low, high = customers.low[a : a + n], customers.high[a : a + n]
            draw_words(luck.key_low, luck.key_high, low, high, OPENING, 0, u32(first + r), n, words)
            for d in range(n):
                i = a + d
                u, cumulative, state = uniform(words[0, d]), 0.0, -1
                for k in range(suppliers + 2):
                    if customers.states[i, k] > 0.0 and (u >= cumulative or state < 0):
                        state = k
                    cumulative += customers.states[i, k]
                established, loyal, presence = np.int64(0), np.int64(0), 0 if state < 3 and time == 0 else 1
                if state < 2:
                    established, loyal = stage_dates(state == 0, words[1, d], words[2, d], time, stages, horizon)
                supplier = max(0, state - 2)
                code = pack(supplier, established, loyal, presence, stages.bits)
                money = money_of(
                    customers.money[i], luck.sigma, luck.key_low, luck.key_high, low[d], high[d], first + r
                )
                now = state_at(code, time, stages.bits)
                books.entered[r, time, now, presence, 0] += 1
                books.entered[r, time, now, presence, 1] += money
                if supplier == 0:
                    book_stages(books.promised, horizon, 1, r, 0, 1, code, now, presence, stages.bits, 1, money)
                at = (r * count + i) * cells
                for c in range(cells):
                    codes[at + c] = code
                if time > 0 and valued and supplier == 0:
                    for c in range(cells):
                        k = worth.column[c]
                        if k >= 0:
                            booked = spell_value(code, time - 1, stages.bits, money, worth.units, c)
                            worth.value[presence, i, k] += np.int64(np.rint(worth.join[c, time - 1])) - booked
                if valued and presence == 0:
                    worth.present[i] += 1
                    opening = np.int64(np.rint(money * worth.opening_revenue[state] + worth.opening_customer[state]))
                    for k in range(worth.value.shape[2]):
                        worth.value[0, i, k] += opening


@kernel
def choice_period(customers, luck, stages, books, worth, market, codes, first, replications, period, start, end):
    """Reviews and choices of one period in a `choice` segment, for customers start..end and all replications."""
    horizon = books.entered.shape[1] - 1
    cells, states = market.kick.shape
    offers, features = market.coefficient.shape
    room, waiting = SPAN * replications + COLUMN, 0
    words, found, due = np.empty((4, SPAN), u32), np.empty((PER_BYTES, SPAN), u32), np.empty(PER_BYTES, np.int64)
    customer, replication, top = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, u32)
    random = np.empty((11, COLUMN + APART), u32)
    real = np.empty((features + states - 2 + 2 * offers, COLUMN + APART), np.float32)
    mark, moves = np.empty((3 * cells, COLUMN + APART), np.int32), np.empty(COLUMN // MARKS, np.uint64)
    for a in range(start, end, SPAN):
        b = min(a + SPAN, end)
        waiting = due_lanes(
            luck, customers, REVIEW, REVIEW, period, first, replications, a, b, market.most, u32(0),
            words, words, found, due, waiting, customer, replication, top, codes, cells,
        )  # fmt: skip
        done = 0
        while waiting - done >= COLUMN or (b == end and done < waiting):
            to = min(done + COLUMN, waiting)
            review_lanes(
                customers, luck, stages, books, worth, market, codes, first, period, horizon,
                customer[done:to], replication[done:to], top[done:to], random, real, mark, moves,
            )  # fmt: skip
            done = to
        waiting = move_to_front(done, waiting, customer, replication, top)


@kernel
def contract_period(customers, luck, stages, books, worth, market, codes, first, replications, period, start, end):
    """Who converts to another contract in one period, for good, and who ends it."""
    horizon, cells = books.entered.shape[1] - 1, market.convert.shape[0]
    room, waiting = SPAN * replications + COLUMN, 0
    ending, moving = np.empty((4, SPAN), u32), np.empty((4, SPAN), u32)
    found, due = np.empty((PER_BYTES, SPAN), u32), np.empty(PER_BYTES, np.int64)
    customer, replication, top = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, u32)
    random = np.empty((11, COLUMN + APART), u32)
    for a in range(start, end, SPAN):
        b = min(a + SPAN, end)
        waiting = due_lanes(
            luck, customers, REVIEW, CONVERSION, period, first, replications, a, b, market.most_ending,
            market.most_moving, ending, moving, found, due, waiting, customer, replication, top, codes, cells,
        )  # fmt: skip
        done = 0
        while waiting - done >= COLUMN or (b == end and done < waiting):
            to = min(done + COLUMN, waiting)
            end_lanes(
                customers, luck, stages, books, worth, market, codes, first, period, horizon,
                customer[done:to], replication[done:to], top[done:to], random,
            )  # fmt: skip
            done = to
        waiting = move_to_front(done, waiting, customer, replication, top)


@kernel
def close_customers(customers, luck, stages, worth, codes, first, replications, start, end):
    """Value the spells that last to the horizon."""
    bits, count, cells = stages.bits, len(customers.low), len(worth.column)
    horizon = worth.units.shape[1] - 1
    for r in range(replications):
        for i in range(start, end):
            money = np.int64(-1)
            for c in range(cells):
                code = np.int64(codes[(r * count + i) * cells + c])
                k = worth.column[c]
                if k >= 0 and code & 7 == 0:
                    if money < 0:
                        money = money_of(
                            customers.money[i], luck.sigma, luck.key_low, luck.key_high,
                            customers.low[i], customers.high[i], first + r,
                        )  # fmt: skip
                    presence = code >> (3 + 2 * bits)
                    worth.value[presence, i, k] += spell_value(code, horizon, bits, money, worth.units, c)
