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
from simengine.engine.sampled_decision import CELLS_A_WORD
from simengine.engine.sampled_lanes import APART, COLUMN, PER_BYTES, SPAN, draw_words, due_lanes, move_to_front
from simengine.engine.sampled_opening import draw_states, fill, take_lanes, tally
from simengine.engine.sampled_state import book_stages, pack, spell_value
from simengine.jit import kernel
from simengine.luck import CONVERSION, OPENING, REVIEW
from simengine.tables.layout import OWN_STATES

u32 = np.uint32
QUEUE = 4096  # reviews that are carried out in one call: it takes as long as a hundred of them


@kernel
def open_customers(customers, luck, stages, books, worth, codes, first, time, start, end):
    """Draw where customers start, the same in every cell, and book them from `time`, the periods completed: 0 at the
    opening, later those who enter then, which counts as joining in the period before. See `sampled_opening`.

    codes: flat [R, N, C]; `first` is the number of the batch's first replication.
    """
    replications, times, kinds, _, _ = books.entered.shape
    count, cells, horizon, bits = len(customers.low), len(worth.column), times - 1, stages.bits
    entered, promised = books.entered, books.promised
    value, present, column = worth.value, worth.present, worth.column
    valued, key_low, key_high, sigma = value.shape[1] > 0, luck.key_low, luck.key_high, luck.sigma
    words, low, high = np.empty((4, SPAN), u32), np.empty(SPAN, u32), np.empty(SPAN, u32)
    possible = customers.states.shape[1]  # states, where needs are drawn, too: in each need state
    bound, u, base = np.empty((possible, SPAN)), np.empty(SPAN), np.empty(SPAN)
    lanes = np.empty((6, SPAN), np.int64)
    place, state, code, money, spells, opened = lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5]
    settled, totals = np.empty((kinds, 2), np.int64), np.empty((kinds, 2), np.int64)
    row = np.empty(SPAN * cells, codes.dtype)  # of settled customers
    for a in range(start, end, SPAN):
        n = min(SPAN, end - a)
        drawn = take_lanes(customers.states, a - customers.opens, n, place, state, bound)
        for d in range(n):
            i = a + place[d]
            low[d], high[d], base[d] = customers.low[i], customers.high[i], customers.money[i]
            money[d], spells[d], opened[d] = np.int64(np.rint(base[d])), 0, 0
        for d in range(drawn, n):
            presence = 0 if state[d] < OWN_STATES and time == 0 else 1
            code[d] = pack(max(0, state[d] - 2), np.int64(0), np.int64(0), presence, bits)
        fill(row, 0, place, code, drawn, n, cells)
        alike = drawn if sigma > 0.0 else n  # lanes from `drawn` to here are the same in all replications
        settled[:] = 0
        tally(state, money, drawn, alike, settled)
        for r in range(replications):
            m = r if worth.units.shape[0] > 1 else 0
            units, join = worth.units[m], worth.join[m]
            if sigma > 0.0:
                for d in range(n):
                    money[d] = money_of(base[d], sigma, key_low, key_high, low[d], high[d], first + r)
            draw_words(key_low, key_high, low, high, OPENING, 0, u32(first + r), drawn, words)
            draw_states(words[0], bound, drawn, u, state)
            if possible > kinds:
                for d in range(drawn):
                    state[d] %= kinds
            for d in range(drawn):
                presence = 0 if state[d] < OWN_STATES and time == 0 else 1
                established, loyal = np.int64(0), np.int64(0)
                if state[d] < 2:
                    established, loyal = stage_dates(state[d] == 0, words[1, d], words[2, d], time, stages, horizon)
                code[d] = pack(max(0, state[d] - 2), established, loyal, presence, bits)
                if state[d] < 2:
                    book_stages(promised, horizon, 1, r, 0, 1, code[d], state[d], presence, bits, 1, money[d])
            for k in range(kinds):
                totals[k, 0], totals[k, 1] = settled[k, 0], settled[k, 1]
            tally(state, money, 0, drawn, totals)
            tally(state, money, alike, n, totals)
            for k in range(kinds):
                presence = 0 if k < OWN_STATES and time == 0 else 1
                entered[r, time, k, presence, 0] += totals[k, 0]
                entered[r, time, k, presence, 1] += totals[k, 1]
            at = (r * count + a) * cells
            if drawn < n:
                for k in range(n * cells):
                    codes[at + k] = row[k]
            fill(codes, at, place, code, 0, drawn, cells)
            if valued:
                for d in range(n):
                    if state[d] < OWN_STATES and time == 0:
                        opening = money[d] * worth.opening_revenue[state[d]] + worth.opening_customer[state[d]]
                        opened[d] += np.int64(np.rint(opening))
                        spells[d] += 1
                    elif state[d] < OWN_STATES:
                        for c in range(cells):
                            k = column[c]
                            if k >= 0:
                                booked = spell_value(code[d], time - 1, bits, money[d], units, c)
                                value[1, a + place[d], k] += np.int64(np.rint(join[c, time - 1])) - booked
        for d in range(n):
            if spells[d] > 0:
                present[a + place[d]] += spells[d]
                for k in range(value.shape[2]):
                    value[0, a + place[d], k] += opened[d]


@kernel
def choice_periods(
    customers, luck, stages, books, worth, market, moving, codes, first, replications, place, period, until, start, end
):
    """Reviews and choices in the periods period..until of a `choice` segment, which are alike, for customers start..end
    and all replications; flows of the first are written at `place` of the books."""
    horizon, (markets, cells, states) = books.entered.shape[1] - 1, market.kick.shape
    offers, features = market.coefficient.shape[1:]
    queue, width, waiting = max(COLUMN, QUEUE // markets), COLUMN + APART, np.zeros(markets, np.int64)
    room = SPAN * replications // markets + queue
    words, found, due = np.empty((4, SPAN), u32), np.empty((PER_BYTES, SPAN), u32), np.empty(PER_BYTES, np.int64)
    customer, replication = np.empty((markets, room), u32), np.empty((markets, room), u32)
    top = np.empty((markets, room), u32)
    random, real = np.empty((11, width), u32), np.empty((features + states - 2 + offers, width), np.float32)
    words_of_cells = (cells + CELLS_A_WORD - 1) // CELLS_A_WORD
    mark, moves = np.empty((2 * (cells + words_of_cells), width), np.int32), np.empty(COLUMN // MARKS, np.uint64)
    for now in range(period, until):
        for a in range(start, end, SPAN):
            b = min(a + SPAN, end)
            due_lanes(
                luck, customers, features, REVIEW, REVIEW, now, first, replications, a, b, market.most, u32(0),
                words, words, found, due, waiting, customer, replication, top, codes, cells,
            )  # fmt: skip
            for m in range(markets):
                if waiting[m] >= queue or b == end:
                    waiting[m] = review_lanes(
                        customers, luck, stages, books, worth, market, m, moving, codes, first, place + now - period,
                        now, horizon, customer[m], replication[m], top[m], waiting[m], b == end, random, real, mark,
                        moves,
                    )  # fmt: skip


@kernel
def contract_period(customers, luck, stages, books, worth, market, codes, first, replications, period, start, end):
    """Who converts to another contract in one period, for good, and who ends it."""
    horizon, (markets, cells) = books.entered.shape[1] - 1, market.convert.shape
    room, waiting = SPAN * replications // markets + COLUMN, np.zeros(markets, np.int64)
    ending, moving = np.empty((4, SPAN), u32), np.empty((4, SPAN), u32)
    found, due = np.empty((PER_BYTES, SPAN), u32), np.empty(PER_BYTES, np.int64)
    customer, replication = np.empty((markets, room), u32), np.empty((markets, room), u32)
    top = np.empty((markets, room), u32)
    random = np.empty((11, COLUMN + APART), u32)
    for a in range(start, end, SPAN):
        b = min(a + SPAN, end)
        due_lanes(
            luck, customers, 0, REVIEW, CONVERSION, period, first, replications, a, b, market.most_ending,
            market.most_moving, ending, moving, found, due, waiting, customer, replication, top, codes, cells,
        )  # fmt: skip
        for m in range(markets):
            done = 0
            while waiting[m] - done >= COLUMN or (b == end and done < waiting[m]):
                to = min(done + COLUMN, waiting[m])
                end_lanes(
                    customers, luck, stages, books, worth, market, m, codes, first, period, horizon,
                    customer[m, done:to], replication[m, done:to], top[m, done:to], random,
                )  # fmt: skip
                done = to
            waiting[m] = move_to_front(done, waiting[m], customer[m], replication[m], top[m])


@kernel
def close_customers(customers, luck, stages, worth, codes, first, replications, start, end):
    """Value the spells that last to the horizon."""
    bits, count, cells = stages.bits, len(customers.low), len(worth.column)
    horizon = worth.units.shape[2] - 1
    for r in range(replications):
        units = worth.units[r if worth.units.shape[0] > 1 else 0]
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
                    worth.value[presence, i, k] += spell_value(code, horizon, bits, money, units, c)
