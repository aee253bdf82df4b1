"""The loops over customers in sampled mode: every individual's path, all cells answered from one draw of luck.

A customer is looked at only when the top byte of its review draw allows a review in some cell; one Philox call
yields that byte for 16 replications. Cells are innermost, so that a further what-if costs utilities and a
comparison, not draws. See `sampled_state` for the state and `luck` for the addresses.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import fma32, gumbel32, normal_quantile
from simengine.engine.sampled_state import book, pack, spell_value, state_at
from simengine.jit import formula, kernel
from simengine.luck import CHOICE, ERRORS_1_4, ERRORS_5_8, OPENING, REVIEW, SPEND, draw, uniform
from simengine.model.spend_multiplier import spend_multiplier
from simengine.model.stage import stage_length

PER_BYTES = 16  # one Philox call holds the review bytes of 16 replications
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

    key_low: np.uint32
    key_high: np.uint32
    sigma: float


class Stages(NamedTuple):
    """log(1 - promotion probability) of the two promotions, and the width of a date."""

    log_stay_new: float
    log_stay_established: float
    bits: int


class Books(NamedTuple):
    """Totals of one segment and one worker: differences along time, and flows by period."""

    states: NDArray[np.int64]  # [R, T + 1, states, 2 presence, C, 2: customers, revenue]
    flows: NDArray[np.int64]  # [R, T, J, 2 presence, C, 2: joins, leaves]
    direction: NDArray[np.int64]  # [R, C, 3]


class Worth(NamedTuple):
    """Values of single customers: sums over replications, and the unit values of the segment."""

    value: NDArray[np.int64]  # [2, N, C]; N = 0 where not asked for
    present: NDArray[np.int64]  # [N]
    units: NDArray[np.float64]  # [C, T + 1, 3, 2] sums of unit values before each period, see `spell_value`
    join: NDArray[np.float64]  # [C, T] on the money grid
    opening_revenue: NDArray[np.float64]  # [3]
    opening_customer: NDArray[np.float64]  # [3] on the money grid


class Market(NamedTuple):
    """What a review weighs in one segment and period. Offers that several cells have in common stand once: U rows."""

    threshold: NDArray[np.int64]  # [C, J] a 32-bit draw below it is a review; contract: [C, tenure]
    coefficient: NDArray[np.float32]  # [U, F]
    constant: NDArray[np.float32]  # [U]
    supplier: NDArray[np.int64]  # [U]
    offer: NDArray[np.int64]  # [C, J served] rows of the offers that a cell's customers choose among
    kick: NDArray[np.float32]  # [C, states] inertia kappa m of the current supplier
    reference: NDArray[np.int64]  # [C]


@formula
def money_of(base, sigma, key_low, key_high, low, high, replication):
    """Base revenue of a customer in a replication, on the money grid."""
    if sigma > 0.0:
        word, _, _, _ = draw(key_low, key_high, low, high, SPEND, 0, replication)
        base *= spend_multiplier(normal_quantile(uniform(word)), sigma)
    return np.int64(np.rint(base))


@formula
def stage_dates(new, word_new, word_established, time, log_stay_new, log_stay_established, bits, horizon):
    """Dates of becoming established and loyal for who is new (or, `new` False, established) at `time`, the periods
    completed; 'never' beyond the horizon. Who is established at the opening became so at 0."""
    never = np.int64((1 << bits) - 1)
    established = np.int64(0)
    if new:
        established = time + stage_length(uniform(word_new), log_stay_new)
    loyal = max(established, time) + stage_length(uniform(word_established), log_stay_established)
    return established if established <= horizon else never, loyal if loyal <= horizon else never


@kernel
def open_customers(customers, spread, stages, books, worth, codes, first, start, end):
    """Draw where customers start, the same in every cell, and book them.

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
            established, loyal, presence = np.int64(0), np.int64(0), 0 if state < 3 else 1
            if state < 2:
                established, loyal = stage_dates(
                    state == 0, w1, w2, 0, stages.log_stay_new, stages.log_stay_established, stages.bits, horizon
                )
            code = pack(max(0, state - 2), established, loyal, presence, stages.bits)
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
                book(books.states, r, c, code, 0, stages.bits, 1, money)
            if worth.value.shape[1] > 0 and presence == 0:
                worth.present[i] += 1
                opening = np.int64(np.rint(money * worth.opening_revenue[state] + worth.opening_customer[state]))
                for c in range(cells):
                    worth.value[0, i, c] += opening


@formula
def move(states, flows, value, units, joining, bits, code, r, i, c, period, target, established, loyal, money):
    """Carry out a switch to `target` in `period` and return the new state; (established, loyal) if it is us."""
    presence = code >> (3 + 2 * bits)
    supplier = code & 7
    book(states, r, c, code, period + 1, bits, -1, money)
    flows[r, period, target, presence, c, 0] += 1
    flows[r, period, supplier, presence, c, 1] += 1
    if target > 0:
        established, loyal = 0, 0
    new = pack(target, established, loyal, presence, bits)
    book(states, r, c, new, period + 1, bits, 1, money)
    if value.shape[1] > 0:
        if supplier == 0:
            value[presence, i, c] += spell_value(code, period, bits, money, units, c)
        if target == 0:
            booked = money * units[c, period, 0, 0] + units[c, period, 0, 1]
            value[presence, i, c] += np.int64(np.rint(joining[c, period] - booked))
    return new


@kernel
def choice_period(customers, spread, stages, books, worth, market, codes, first, period, start, end):
    """Reviews and choices of one period in a `choice` segment, for customers start..end and all replications."""
    replications, _, cells = codes.shape
    bits, horizon = stages.bits, books.states.shape[1] - 1
    states, flows, direction = books.states, books.flows, books.direction
    value, units, joining = worth.value, worth.units, worth.join
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


@formula
def review_byte(words, slot):
    """Byte `slot` of four words, lowest first."""
    return np.int64(words[slot >> 2] >> np.uint32(8 * (slot & 3)) & np.uint32(255))


@formula
def draw_errors(error, key_low, key_high, low, high, period, replication, outside_word):
    """Extreme-value errors by supplier: slot 0 outside, 1 company, 2.. rivals."""
    suppliers = error.shape[0]
    error[suppliers - 1] = gumbel32(outside_word)
    words = draw(key_low, key_high, low, high, ERRORS_1_4, period, replication)
    for j in range(min(4, suppliers - 1)):
        error[j] = gumbel32(words[j])
    if suppliers > 5:
        words = draw(key_low, key_high, low, high, ERRORS_5_8, period, replication)
        for j in range(4, suppliers - 1):
            error[j] = gumbel32(words[j - 4])


@formula
def perceive(features, i, coefficient, constant, offered_by, error, utility, perceived):
    """Utility of every offer to customer i, without inertia; perceived: with the extreme-value error."""
    for k in range(utility.shape[0]):
        v = constant[k]
        for f in range(coefficient.shape[1]):
            v = fma32(features[i, f], coefficient[k, f], v)
        utility[k] = v
        perceived[k] = v + error[offered_by[k]]


@formula
def offer_of(offer, offered_by, c, supplier):
    """Row of a supplier's offer in a cell."""
    for n in range(offer.shape[1]):
        k = offer[c, n]
        if offered_by[k] == supplier:
            return k
    return np.int64(0)


@formula
def judge(direction, r, offer, offered_by, kick, reference, utility, origin, chosen):
    """The direction guarantee, against each cell's reference: a review in both that starts from the same state and
    ends differently ends where utility rose relative to the other end. Counts [R, C, 3]: such reviews, violations,
    and reviews from different states, the later consequences of an earlier switch."""
    for c in range(origin.shape[0]):
        k = reference[c]
        if k == c or origin[c] < 0 or origin[k] < 0:
            continue
        if origin[c] != origin[k]:
            direction[r, c, 2] += 1
            continue
        direction[r, c, 0] += 1
        here, there = offered_by[chosen[c]], offered_by[chosen[k]]
        if here != there:
            risen = stated_utility(offer, offered_by, kick, utility, c, here, origin[c]) - stated_utility(
                offer, offered_by, kick, utility, k, here, origin[c]
            )
            other = stated_utility(offer, offered_by, kick, utility, c, there, origin[c]) - stated_utility(
                offer, offered_by, kick, utility, k, there, origin[c]
            )
            if risen - other < -ROUNDING_OF_UTILITY:
                direction[r, c, 1] += 1


@formula
def stated_utility(offer, offered_by, kick, utility, c, supplier, state):
    """Utility of a supplier in a cell to somebody in `state`, inertia included, the error not."""
    v = utility[offer_of(offer, offered_by, c, supplier)]
    return v + kick[c, state] if supplier == max(0, state - 2) else v


@kernel
def contract_period(customers, spread, stages, books, worth, market, codes, first, period, start, end):
    """Who ends the contract in one period; the threshold is by cell and tenure at the opening."""
    replications, _, cells = codes.shape
    outside = books.flows.shape[2] - 1
    bits = stages.bits
    key_low, key_high, sigma, base = spread.key_low, spread.key_high, spread.sigma, customers.money
    threshold, lows, highs, tenure = market.threshold, customers.low, customers.high, customers.tenure
    states, flows = books.states, books.flows
    value, units, joining = worth.value, worth.units, worth.join
    most = np.int64(market.threshold.max())
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
                w0, _, _, _ = draw(key_low, key_high, low, high, CHOICE, period, replication)
                u = top | np.int64(w0) >> 8
                money = np.int64(-1)
                for c in range(cells):
                    code = np.int64(codes[r, i, c])
                    if code & 7 == 0 and u < threshold[c, tenure[i]]:
                        if money < 0:
                            money = money_of(base[i], sigma, key_low, key_high, low, high, replication)
                        codes[r, i, c] = move(
                            states, flows, value, units, joining, bits, code, r, i, c, period, outside, 0, 0, money
                        )


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
                if code & 7 == 0:
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
                    worth.value[presence, i, c] += spell_value(code, horizon, bits, money, worth.units, c)
