"""The loops over customers in sampled mode: every individual's path, all cells answered from one draw of luck.

A customer is looked at only when the top byte of its review draw allows a review in some cell; one Philox call
yields that byte for 16 replications. Cells are innermost, so that a further what-if costs utilities and a
comparison, not draws. See `sampled_state` for the state and `luck` for the addresses.
"""

from __future__ import annotations

import numpy as np

from simengine.engine.direction import judge
from simengine.engine.sampled_customer import convert, draw_errors, money_of, move, perceive, review_byte, stage_dates
from simengine.engine.sampled_state import book, pack, spell_value, state_at
from simengine.jit import kernel
from simengine.luck import CHOICE, CONVERSION, OPENING, REVIEW, draw, uniform

PER_BYTES = 16  # one Philox call holds the review bytes of 16 replications


@kernel
def open_customers(customers, spread, stages, books, worth, codes, first, time, start, end):
    """Draw where customers start, the same in every cell, and book them from `time`, the periods completed: 0 at the
    opening, later those who enter then, which counts as joining in the period before.

    codes [R, N, C]; `first` is the number of the batch's first replication.
    """
    replications, _, cells = codes.shape
    horizon = books.states.shape[1] - 1
    suppliers = customers.states.shape[1] - 2
    for r in range(replications):
        for i in range(start, end):
            w0, w1, w2, _ = draw(
                spread.key_low, spread.key_high, customers.low[i], customers.high[i], OPENING, 0, first + r
            )
            u, cumulative, state = uniform(w0), 0.0, -1
            for k in range(suppliers + 2):
                if customers.states[i, k] > 0.0 and (u >= cumulative or state < 0):
                    state = k
                cumulative += customers.states[i, k]
            established, loyal, presence = np.int64(0), np.int64(0), 0 if state < 3 and time == 0 else 1
            if state < 2:
                established, loyal = stage_dates(
                    state == 0, w1, w2, time, stages.log_stay_new, stages.log_stay_established, stages.bits, horizon
                )
            supplier = max(0, state - 2)
            code = pack(supplier, established, loyal, presence, stages.bits)
            money = money_of(
                customers.money[i],
                spread.sigma,
                spread.key_low,
                spread.key_high,
                customers.low[i],
                customers.high[i],
                first + r,
            )
            for c in range(cells):
                codes[r, i, c] = code
                book(books.states, r, c, code, time, stages.bits, 1, money)
                if time > 0:
                    books.flows[r, time - 1, supplier, presence, c, 0] += 1
                    k = worth.column[c]
                    if k >= 0 and supplier == 0:
                        booked = spell_value(code, time - 1, stages.bits, money, worth.units, c)
                        worth.value[presence, i, k] += np.int64(np.rint(worth.join[c, time - 1])) - booked
            if worth.value.shape[1] > 0 and presence == 0:
                worth.present[i] += 1
                opening = np.int64(np.rint(money * worth.opening_revenue[state] + worth.opening_customer[state]))
                for k in range(worth.value.shape[2]):
                    worth.value[0, i, k] += opening


@kernel
def choice_period(customers, spread, stages, books, worth, market, codes, first, period, start, end):
    """Reviews and choices of one period in a `choice` segment, for customers start..end and all replications."""
    replications, _, cells = codes.shape
    bits, horizon = stages.bits, books.states.shape[1] - 1
    # Arrays leave their tuples here: a tuple of arrays that is passed on inside the loop is counted by reference.
    states, flows, direction = books.states, books.flows, books.direction
    value, column, units, joining = worth.value, worth.column, worth.units, worth.join
    threshold, coefficient, constant, offered_by = (
        market.threshold,
        market.coefficient,
        market.constant,
        market.supplier,
    )
    offer, kick, reference = market.offer, market.kick, market.reference
    features, lows, highs = customers.features, customers.low, customers.high
    key_low, key_high, sigma, base = spread.key_low, spread.key_high, spread.sigma, customers.money
    stay_n, stay_e = stages.log_stay_new, stages.log_stay_established
    most = np.int64(threshold.max())
    offers, suppliers = constant.shape[0], customers.states.shape[1] - 2
    error = np.empty(suppliers, np.float32)
    utility, perceived = np.empty(offers, np.float32), np.empty(offers, np.float32)
    origin, chosen = np.empty(cells, np.int64), np.empty(cells, np.int64)
    for i in range(start, end):
        low, high = lows[i], highs[i]
        for group in range(first // PER_BYTES, (first + replications - 1) // PER_BYTES + 1):
            words = draw(key_low, key_high, low, high, REVIEW, period, group)
            for slot in range(PER_BYTES):
                replication = group * PER_BYTES + slot
                r = replication - first
                top = review_byte(words, slot) << 24
                if r < 0 or r >= replications or top >= most:
                    continue
                w0, w1, w2, w3 = draw(key_low, key_high, low, high, CHOICE, period, replication)
                u = top | np.int64(w0) >> 8
                if u >= most:
                    continue
                drawn, money, established, loyal = False, np.int64(-1), np.int64(0), np.int64(0)
                for c in range(cells):
                    code = np.int64(codes[r, i, c])
                    supplier = code & 7
                    origin[c] = -1
                    if u >= threshold[c, supplier]:
                        continue
                    if not drawn:
                        drawn = True
                        draw_errors(error, key_low, key_high, low, high, period, replication, w3)
                        perceive(features, i, coefficient, constant, offered_by, error, utility, perceived)
                    origin[c] = state_at(code, period, bits)
                    best, row = np.float32(-np.inf), np.int64(0)
                    for n in range(offer.shape[1]):
                        k = offer[c, n]
                        v = perceived[k]
                        if offered_by[k] == supplier:
                            v = utility[k] + kick[c, origin[c]] + error[supplier]
                        if v > best:
                            best, row = v, k
                    chosen[c] = row
                    target = offered_by[row]
                    if target != supplier:
                        if money < 0:
                            money = money_of(base[i], sigma, key_low, key_high, low, high, replication)
                            established, loyal = stage_dates(True, w1, w2, period + 1, stay_n, stay_e, bits, horizon)
                        codes[r, i, c] = move(
                            states,
                            flows,
                            value,
                            column,
                            units,
                            joining,
                            bits,
                            code,
                            r,
                            i,
                            c,
                            period,
                            target,
                            established,
                            loyal,
                            money,
                        )
                if drawn:
                    judge(direction, r, offer, offered_by, kick, reference, utility, origin, chosen)


@kernel
def contract_period(customers, spread, stages, books, worth, market, codes, first, period, start, end):
    """Who converts to another contract in one period, for good, and who ends it.

    The threshold is by cell, whether the customer has not converted, has, or does, and tenure at the opening.
    """
    replications, _, cells = codes.shape
    outside = books.flows.shape[2] - 1
    bits = stages.bits
    key_low, key_high, sigma, base = spread.key_low, spread.key_high, spread.sigma, customers.money
    threshold, converting = market.threshold, market.convert
    lows, highs, tenure = customers.low, customers.high, customers.tenure
    states, flows = books.states, books.flows
    value, column, units, joining = worth.value, worth.column, worth.units, worth.join
    most, most_converting = np.int64(threshold.max()), np.int64(converting.max())
    for i in range(start, end):
        low, high = lows[i], highs[i]
        for group in range(first // PER_BYTES, (first + replications - 1) // PER_BYTES + 1):
            ending = draw(key_low, key_high, low, high, REVIEW, period, group)
            moving = ending
            if most_converting > 0:
                moving = draw(key_low, key_high, low, high, CONVERSION, period, group)
            for slot in range(PER_BYTES):
                replication = group * PER_BYTES + slot
                r = replication - first
                top_end, top_move = review_byte(ending, slot) << 24, review_byte(moving, slot) << 24
                if r < 0 or r >= replications or (top_end >= most and top_move >= most_converting):
                    continue
                w0, w1, _, _ = draw(key_low, key_high, low, high, CHOICE, period, replication)
                u_end, u_move = top_end | np.int64(w0) >> 8, top_move | np.int64(w1) >> 8
                money = np.int64(-1)
                for c in range(cells):
                    code = np.int64(codes[r, i, c])
                    if code & 7 != 0:
                        continue
                    converted = state_at(code, period, bits) - 1
                    moves = converted == 0 and u_move < converting[c]
                    ends = u_end < threshold[c, 2 if moves else converted, tenure[i]]
                    if not ends and not moves:
                        continue
                    if money < 0:
                        money = money_of(base[i], sigma, key_low, key_high, low, high, replication)
                    if ends:
                        codes[r, i, c] = move(
                            states,
                            flows,
                            value,
                            column,
                            units,
                            joining,
                            bits,
                            code,
                            r,
                            i,
                            c,
                            period,
                            outside,
                            0,
                            0,
                            money,
                        )
                    else:
                        codes[r, i, c] = convert(states, bits, code, r, c, period, money)


@kernel
def close_customers(customers, spread, stages, worth, codes, first, start, end):
    """Value the spells that last to the horizon."""
    replications, _, cells = codes.shape
    bits = stages.bits
    horizon = worth.units.shape[1] - 1
    for r in range(replications):
        for i in range(start, end):
            money = np.int64(-1)
            for c in range(cells):
                code = np.int64(codes[r, i, c])
                k = worth.column[c]
                if k >= 0 and code & 7 == 0:
                    if money < 0:
                        money = money_of(
                            customers.money[i],
                            spread.sigma,
                            spread.key_low,
                            spread.key_high,
                            customers.low[i],
                            customers.high[i],
                            first + r,
                        )
                    presence = code >> (3 + 2 * bits)
                    worth.value[presence, i, k] += spell_value(code, horizon, bits, money, worth.units, c)
