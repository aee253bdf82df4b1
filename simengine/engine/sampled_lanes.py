"""Reviews as lanes: who may reconsider in a period, gathered from all replications, and the luck of each, by column.

A customer is looked at only when the top byte of its review draw allows a review in some cell; one Philox call yields
that byte for 16 replications. Whoever is due, in whichever replication, takes the next of `COLUMN` lanes, and all that
follows is done to full lanes at once, 16 by 16 in the processor's vectors.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import gumbel32
from simengine.arithmetic.lanes import LANES, every, every_whole, fma, load, store
from simengine.arithmetic.marks import MARKS, bytes_up_to, lowest, only_first, without_lowest
from simengine.engine.draws import draws
from simengine.engine.prefetch import prefetch, prefetch_to_read
from simengine.jit import formula
from simengine.luck import ERRORS_1_4, draw

PER_BYTES = 16  # one Philox call holds the review bytes of 16 replications
SPAN = 2048  # customers whose review bytes are drawn at once
COLUMN = 256  # reviews that are worked on at once
NEAR = 64  # states: closer ones come with each other, or after each other
APART = 16  # between rows of lanes, so that columns do not fall on the same lines of the cache
WORDS = 4  # of a draw; errors of suppliers 1 to 4 have one, those of 5 to 8 the next, see `luck`
u32, i64, u64 = np.uint32, np.int64, np.uint64


@formula
def draw_lanes(key_low, key_high, low, high, decision, period, replication, n, out):
    """The four words of n lanes, out [4, n]; `replication` [n]. Columns can be read and written up to a multiple of 16
    lanes."""
    w0, w1, w2, w3 = out[0], out[1], out[2], out[3]
    for d in range(0, n, LANES):
        a, b, c, e = draws(key_low, key_high, load(low, d), load(high, d), decision, period, load(replication, d))
        store(w0, d, a)
        store(w1, d, b)
        store(w2, d, c)
        store(w3, d, e)


@formula
def draw_words(key_low, key_high, low, high, decision, period, replication, n, out):
    """The four words of n customers in one replication, out [4, n]; of reviews in one group of 16: see `due_in`."""
    w0, w1, w2, w3 = out[0], out[1], out[2], out[3]
    whole = n - n % LANES
    when = every_whole(replication)
    for i in range(0, whole, LANES):
        a, b, c, e = draws(key_low, key_high, load(low, i), load(high, i), decision, period, when)
        store(w0, i, a)
        store(w1, i, b)
        store(w2, i, c)
        store(w3, i, e)
    for i in range(whole, n):
        w0[i], w1[i], w2[i], w3[i] = draw(key_low, key_high, low[i], high[i], decision, period, replication)


@formula
def due_in(words, others, most, most_other, n, found, count, first, features, width, money):
    """Customers of n, `first` and those after it, who are due in each of 16 replications: the byte of words [4, n] is
    below `most` or, with `most_other` > 0, that of `others` below it. In found [16, n]: place + byte x 2^16 + the other
    byte x 2^24; count [16] of them. Words can be read up to a multiple of 16 customers.

    What is read of them later is asked for here, one after the other, as a processor forgets what it is asked for all
    at once: their money, and their features, flat, `width` of each."""
    for slot in range(PER_BYTES):
        count[slot] = 0
    for k in range(4):
        row, other = words[k], others[k]
        for start in range(0, n, MARKS // 4):
            marks = u64(0)
            if most > 0:
                marks |= bytes_up_to(row, start, u32(most - u32(1)))
            if most_other > 0:
                marks |= bytes_up_to(other, start, u32(most_other - u32(1)))
            marks = only_first(marks, min(MARKS, 4 * (n - start)))
            while marks != 0:
                mark = lowest(marks)
                marks = without_lowest(marks)
                i, slot = start + (mark >> 2), 4 * k + (mark & 3)
                prefetch_to_read(money, first + i)
                if width > 0:
                    prefetch_to_read(features, (first + i) * width)
                    prefetch_to_read(features, (first + i) * width + width - 1)
                shift = u32(8 * (mark & 3))
                byte, second = u32(u32(row[i] >> shift) & u32(255)), u32(0)
                if most_other > 0:
                    second = u32(u32(other[i] >> shift) & u32(255))
                found[slot, count[slot]] = u32(u32(u32(second << u32(24)) | u32(byte << u32(16))) | u32(i))
                count[slot] += 1


@formula
def enqueue(found, count, start, n, r, waiting, customer, replication, top, codes, customers, cells):
    """Append the found ones of n customers from `start` on, in the batch's replication r, to the lanes; their number.
    Their states in codes, flat [R, customers, cells], are asked for unless they are near each other."""
    rows, replications, tops = customer[waiting:], replication[waiting:], top[waiting:]
    for d in range(count):
        rows[d] = u32(start + i64(found[d] & u32(0xFFFF)))
        replications[d] = r
        tops[d] = u32(found[d] >> u32(16))
    if count * NEAR < n * cells:
        for d in range(count):
            prefetch(codes, (r * customers + i64(rows[d])) * cells)
    return waiting + count


@formula
def due_lanes(
    luck, customers, width, decision, other, period, first, replications, start, end, most, most_other,
    words, others, found, due, waiting, customer, replication, top, codes, cells,
):  # fmt: skip
    """Append who is due of customers start..end, in all replications from `first` on, to the lanes: of all together, or
    of each replication apart; `waiting` [1 or R] counts them. So many features of each, `width`, are read then.

    A review is due by the top byte of its draw for `decision`; with `most_other` > 0 also by that for another one.
    """
    n, count, apart = end - start, customers.low.shape[0], waiting.shape[0] > 1
    low, high = customers.low[start:end], customers.high[start:end]
    features, money = customers.features.reshape(customers.features.size), customers.money
    for group in range(first // PER_BYTES, (first + replications - 1) // PER_BYTES + 1):
        draw_words(luck.key_low, luck.key_high, low, high, decision, period, group, n, words)
        if most_other > 0:
            draw_words(luck.key_low, luck.key_high, low, high, other, period, group, n, others)
        due_in(words, others, most, most_other, n, found, due, start, features, width, money)
        for slot in range(PER_BYTES):
            r = group * PER_BYTES + slot - first
            if 0 <= r < replications:
                q = r if apart else 0
                waiting[q] = enqueue(
                    found[slot], due[slot], start, n, r, waiting[q], customer[q], replication[q], top[q], codes, count,
                    cells,
                )  # fmt: skip


@formula
def move_to_front(done, waiting, customer, replication, top):
    """Take the lanes that are done away; the number left."""
    for d in range(waiting - done):
        customer[d], replication[d], top[d] = customer[done + d], replication[done + d], top[done + d]
    return waiting - done


@formula
def draw_errors(key_low, key_high, low, high, period, replication, outside_word, n, words, error):
    """Extreme-value errors of n lanes by supplier, error [J, n]: slot 0 outside, 1 company, 2.. rivals."""
    outside = error.shape[0] - 1
    for j in range(outside + 1):
        if j < outside and j % WORDS == 0:
            draw_lanes(key_low, key_high, low, high, ERRORS_1_4 + j // WORDS, period, replication, n, words)
        gumbels(words[j % WORDS] if j < outside else outside_word, n, error[j])


@formula
def gumbels(words, n, out):
    """Extreme-value errors of n words."""
    for d in range(n):
        out[d] = gumbel32(words[d])


@formula
def weigh(features, coefficient, constant, n, utility):
    """Utility [U, n] of every offer, without shifts, inertia and errors. Columns can be read and written up to a
    multiple of 16 lanes."""
    for k in range(constant.shape[0]):
        own = utility[k]
        for d in range(0, n, LANES):
            v = every(constant[k])
            for f in range(coefficient.shape[1]):
                v = fma(load(features[f], d), every(coefficient[k, f]), v)
            store(own, d, v)
