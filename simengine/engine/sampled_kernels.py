"""The loops over customers in sampled mode: every individual's path, all cells answered from one draw of luck.

A customer is looked at only when the top byte of its review draw allows a review in some cell; one Philox call
yields that byte for 16 replications. Cells are innermost, so that a further what-if costs utilities and a
comparison, not draws. See `sampled_state` for the state and `luck` for the addresses.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp, fma32, gumbel32, normal_quantile
from simengine.engine.sampled_state import book, dates, pack, spell_value, state_at
from simengine.jit import formula, kernel
from simengine.luck import CHOICE, ERRORS_1_4, ERRORS_5_8, OPENING, REVIEW, SPEND, draw, uniform
from simengine.model.stage import stage_length

REPLICATIONS_PER_BYTES = 16  # one Philox call holds the review bytes of 16 replications
# Utilities are rounded to float32: a rise smaller than this, relative to utilities of the order of 10, is none.
ROUNDING_OF_UTILITY = np.float32(2.0**-15)


class Customers(NamedTuple):
    """Columns of the whole population. Axis 0: customer."""

    low: NDArray[np.uint32]  # halves of the id
    high: NDArray[np.uint32]
    features: NDArray[np.float32]  # [N, F]
    money: NDArray[np.float64]  # base revenue on the money grid
    tenure: NDArray[np.int64]  # row of the hazard thresholds
    states: NDArray[np.float64]  # [N, states] opening distribution


class Spread(NamedTuple):
    """Luck's key, and the lognormal multiplier of a customer's revenue: exp(sigma z - sigma^2 / 2)."""

    key_low: int
    key_high: int
    sigma: float


class Stages(NamedTuple):
    """log(1 - promotion probability) of the two promotions, and the width of a date."""

    log_stay_new: float
    log_stay_established: float
    bits: int


class Books(NamedTuple):
    """Totals of one segment and one worker: differences along time, and flows by period."""

    count: NDArray[np.int64]  # [R, C, T + 1, states, 2]
    revenue: NDArray[np.int64]  # [R, C, T + 1, states, 2]
    joins: NDArray[np.int64]  # [R, C, T, J, 2]
    leaves: NDArray[np.int64]  # [R, C, T, J, 2]
    direction: NDArray[np.int64]  # [R, C, 3]


class Worth(NamedTuple):
    """Values of single customers: sums over replications, and the unit values of the segment."""

    value: NDArray[np.int64]  # [2, N, C]; N = 0 where not asked for
    present: NDArray[np.int64]  # [N]
    revenue: NDArray[np.float64]  # [C, 3, T + 1] sums of unit values before each period
    customer: NDArray[np.float64]  # [C, 3, T + 1] on the money grid
    join: NDArray[np.float64]  # [C, T] on the money grid
    opening_revenue: NDArray[np.float64]  # [3]
    opening_customer: NDArray[np.float64]  # [3] on the money grid


class Market(NamedTuple):
    """What a review weighs in one segment and period."""

    threshold: NDArray[np.int64]  # [C, J] a 32-bit draw below it is a review; contract: [C, tenure]
    coefficient: NDArray[np.float32]  # [C, J, F]
    constant: NDArray[np.float32]  # [J]
    available: NDArray[np.bool_]  # [J]
    kick: NDArray[np.float32]  # [C, states] inertia kappa m of the current supplier
    reference: NDArray[np.int64]  # [C]


@formula
def money_of(customers, i, spread, replication):
    """Base revenue of a customer in a replication, on the money grid."""
    money = customers.money[i]
    if spread.sigma > 0.0:
        word, _, _, _ = draw(
            spread.key_low, spread.key_high, customers.low[i], customers.high[i], SPEND, 0, replication
        )
        money *= exp(spread.sigma * normal_quantile(uniform(word)) - 0.5 * spread.sigma * spread.sigma)
    return np.int64(np.rint(money))


@formula
def stage_dates(new, word_new, word_established, time, stages, horizon):
    """Dates of becoming established and loyal for who is new (or, `new` False, established) at `time`, the periods
    completed; 'never' beyond the horizon. Who is established at the opening became so at 0."""
    never = np.int64((1 << stages.bits) - 1)
    established = np.int64(0)
    if new:
        established = time + stage_length(uniform(word_new), stages.log_stay_new)
    loyal = max(established, time) + stage_length(uniform(word_established), stages.log_stay_established)
    return established if established <= horizon else never, loyal if loyal <= horizon else never


@kernel
def open_customers(customers, spread, stages, books, worth, codes, first, start, end):
    """Draw where customers start, the same in every cell, and book them.

    codes [R, N, C]; `first` is the number of the batch's first replication.
    """
    replications, _, cells = codes.shape
    horizon = books.count.shape[2] - 1
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
            established, loyal, present = np.int64(0), np.int64(0), 1 if state < 3 else 0
            if state < 2:
                established, loyal = stage_dates(state == 0, w1, w2, 0, stages, horizon)
            code = pack(max(0, state - 2), established, loyal, present, stages.bits)
            money = money_of(customers, i, spread, first + r)
            for c in range(cells):
                codes[r, i, c] = code
                book(books.count[r, c], books.revenue[r, c], code, 0, stages.bits, 1, money)
            if worth.value.shape[1] > 0 and present == 1:
                worth.present[i] += 1
                opening = np.int64(np.rint(money * worth.opening_revenue[state] + worth.opening_customer[state]))
                for c in range(cells):
                    worth.value[0, i, c] += opening


@formula
def move(books, worth, stages, code, r, i, c, period, target, established, loyal, money):
    """Carry out a switch to `target` in `period` and return the new state; (established, loyal) if it is us."""
    bits = stages.bits
    present = code >> (3 + 2 * bits)
    supplier = code & 7
    book(books.count[r, c], books.revenue[r, c], code, period + 1, bits, -1, money)
    books.leaves[r, c, period, supplier, present] += 1
    books.joins[r, c, period, target, present] += 1
    if target > 0:
        established, loyal = 0, 0
    new = pack(target, established, loyal, present, bits)
    book(books.count[r, c], books.revenue[r, c], new, period + 1, bits, 1, money)
    if worth.value.shape[1] > 0:
        if supplier == 0:
            worth.value[1 - present, i, c] += spell_value(
                code, period, bits, money, worth.revenue[c], worth.customer[c]
            )
        if target == 0:
            worth.value[1 - present, i, c] += np.int64(
                np.rint(
                    worth.join[c, period] - money * worth.revenue[c, 0, period] - worth.customer[c, 0, period]
                )
            )
    return new


@kernel
def choice_period(customers, spread, stages, books, worth, market, codes, first, period, start, end):
    """Reviews and choices of one period in a `choice` segment, for customers start..end and all replications."""
    replications, _, cells = codes.shape
    suppliers, width = market.coefficient.shape[1:]
    horizon = books.count.shape[2] - 1
    bits = stages.bits
    most = np.int64(market.threshold.max())
    error, utility = np.empty(suppliers, np.float32), np.empty((cells, suppliers), np.float32)
    before, after, origin = np.empty(cells, np.int64), np.empty(cells, np.int64), np.empty(cells, np.int64)
    for i in range(start, end):
        low, high = customers.low[i], customers.high[i]
        for group in range(first // REPLICATIONS_PER_BYTES, (first + replications - 1) // REPLICATIONS_PER_BYTES + 1):
            words = draw(spread.key_low, spread.key_high, low, high, REVIEW, period, group)
            for slot in range(REPLICATIONS_PER_BYTES):
                replication = group * REPLICATIONS_PER_BYTES + slot
                r = replication - first
                top = np.int64(words[slot >> 2] >> np.uint32(8 * (slot & 3)) & np.uint32(255)) << 24
                if r < 0 or r >= replications or top >= most:
                    continue
                w0, w1, w2, w3 = draw(spread.key_low, spread.key_high, low, high, CHOICE, period, replication)
                u = top | np.int64(w0) >> 8
                if u >= most:
                    continue
                drawn, money, established, loyal = False, np.int64(-1), np.int64(0), np.int64(0)
                for c in range(cells):
                    code = np.int64(codes[r, i, c])
                    supplier = code & 7
                    before[c] = -1
                    if u >= market.threshold[c, supplier]:
                        continue
                    if not drawn:
                        drawn = True
                        draw_errors(error, spread, low, high, period, replication, w3)
                        established, loyal = stage_dates(True, w1, w2, period + 1, stages, horizon)
                    state = state_at(code, period, bits)
                    best = np.float32(-np.inf)
                    choice = 0
                    for j in range(suppliers):
                        if market.available[j]:
                            v = market.constant[j]
                            for f in range(width):
                                v = fma32(customers.features[i, f], market.coefficient[c, j, f], v)
                            if j == supplier:
                                v += market.kick[c, state]
                            utility[c, j] = v
                            v += error[j]
                            if v > best:
                                best, choice = v, j
                    before[c], after[c], origin[c] = supplier, choice, state
                    if choice != supplier:
                        if money < 0:
                            money = money_of(customers, i, spread, replication)
                        codes[r, i, c] = move(
                            books, worth, stages, code, r, i, c, period, choice, established, loyal, money
                        )
                if drawn:
                    for c in range(cells):
                        k = market.reference[c]
                        if k != c and before[c] >= 0 and before[k] >= 0:
                            judge(books.direction[r, c], utility[c], utility[k], origin[c] == origin[k], after[c], after[k])


@formula
def draw_errors(error, spread, low, high, period, replication, outside_word):
    """Extreme-value errors by supplier: slot 0 outside, 1 company, 2.. rivals."""
    suppliers = error.shape[0]
    error[suppliers - 1] = gumbel32(outside_word)
    words = draw(spread.key_low, spread.key_high, low, high, ERRORS_1_4, period, replication)
    for j in range(min(4, suppliers - 1)):
        error[j] = gumbel32(words[j])
    if suppliers > 5:
        words = draw(spread.key_low, spread.key_high, low, high, ERRORS_5_8, period, replication)
        for j in range(4, suppliers - 1):
            error[j] = gumbel32(words[j - 4])


@formula
def judge(tally, utility, reference, same_state, choice, reference_choice):
    """The direction guarantee: from the same state, a different end is where utility rose relative to the other."""
    if not same_state:
        tally[2] += 1
        return
    tally[0] += 1
    if choice != reference_choice:
        risen = (utility[choice] - utility[reference_choice]) - (reference[choice] - reference[reference_choice])
        if risen < -ROUNDING_OF_UTILITY:
            tally[1] += 1


@kernel
def contract_period(customers, spread, stages, books, worth, market, codes, first, period, start, end):
    """Who ends the contract in one period; the threshold is by cell and tenure at the opening."""
    replications, _, cells = codes.shape
    outside = books.joins.shape[3] - 1
    most = np.int64(market.threshold.max())
    for i in range(start, end):
        low, high = customers.low[i], customers.high[i]
        for group in range(first // REPLICATIONS_PER_BYTES, (first + replications - 1) // REPLICATIONS_PER_BYTES + 1):
            words = draw(spread.key_low, spread.key_high, low, high, REVIEW, period, group)
            for slot in range(REPLICATIONS_PER_BYTES):
                replication = group * REPLICATIONS_PER_BYTES + slot
                r = replication - first
                top = np.int64(words[slot >> 2] >> np.uint32(8 * (slot & 3)) & np.uint32(255)) << 24
                if r < 0 or r >= replications or top >= most:
                    continue
                w0, _, _, _ = draw(spread.key_low, spread.key_high, low, high, CHOICE, period, replication)
                u = top | np.int64(w0) >> 8
                money = np.int64(-1)
                for c in range(cells):
                    code = np.int64(codes[r, i, c])
                    if code & 7 == 0 and u < market.threshold[c, customers.tenure[i]]:
                        if money < 0:
                            money = money_of(customers, i, spread, replication)
                        codes[r, i, c] = move(books, worth, stages, code, r, i, c, period, outside, 0, 0, money)


@kernel
def close_customers(customers, spread, stages, worth, codes, first, start, end):
    """Value the spells that last to the horizon."""
    replications, _, cells = codes.shape
    bits = stages.bits
    horizon = worth.revenue.shape[2] - 1
    for r in range(replications):
        for i in range(start, end):
            money = np.int64(-1)
            for c in range(cells):
                code = np.int64(codes[r, i, c])
                if code & 7 == 0:
                    if money < 0:
                        money = money_of(customers, i, spread, first + r)
                    worth.value[1 - (code >> (3 + 2 * bits)), i, c] += spell_value(
                        code, horizon, bits, money, worth.revenue[c], worth.customer[c]
                    )
