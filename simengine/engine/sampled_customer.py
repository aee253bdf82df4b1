"""One customer in sampled mode: its luck, its money, what it perceives, and a switch with all that follows from it."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import fma32, gumbel32, normal_quantile
from simengine.engine.sampled_state import book, dates, pack, spell_value
from simengine.jit import formula
from simengine.luck import ERRORS_1_4, ERRORS_5_8, SPEND, draw, uniform
from simengine.model.spend_multiplier import spend_multiplier
from simengine.model.stage import stage_length


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
def convert(states, bits, code, r, c, period, money):
    """Carry out a conversion in `period` and return the new state: the date of the stage CONVERTED is its end."""
    established, _ = dates(code, bits)
    new = pack(0, established, period + 1, code >> (3 + 2 * bits), bits)
    book(states, r, c, code, period + 1, bits, -1, money)
    book(states, r, c, new, period + 1, bits, 1, money)
    return new


@formula
def move(states, flows, value, column, units, joining, bits, code, r, i, c, period, target, established, loyal, money):
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
    k = column[c]
    if k >= 0:
        if supplier == 0:
            value[presence, i, k] += spell_value(code, period, bits, money, units, c)
        if target == 0:
            booked = money * units[c, period, 0, 0] + units[c, period, 0, 1]
            value[presence, i, k] += np.int64(np.rint(joining[c, period] - booked))
    return new
