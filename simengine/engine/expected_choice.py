"""Periods of a `choice` segment in expected mode: what offers are worth, who reviews, and where all then are.

A strip of a leaf is carried through all of the periods before the next one: what it needs stays in the processor's
first cache. While a strip is in its last period, the one that comes next is asked for. Where customers talk, it is one
period at a time, and the leaves are all of the segment's.
"""

from __future__ import annotations

import numpy as np

from simengine.engine.aligned import aligned_column
from simengine.engine.expected_offers import ask, offer_shares, rows_of_weights, turnovers, weigh_offers
from simengine.engine.expected_steps import step_one, step_ours, step_two
from simengine.engine.expected_sums import add_sums, add_value, numbers_of_sums, whole_lanes
from simengine.engine.expected_talk import hear
from simengine.engine.leaves import LEAF
from simengine.jit import formula, kernel

f32 = np.float32
STRIP = 256  # customers
STRIPS = LEAF // STRIP
MOST_KEPT = 2**22  # weights: some of what a cache holds


@formula
def next_strip(sizes, cells, leaf, n, a, end):
    """Leaf, number of the cell, first place and end of the strip after that of a leaf and a cell that begins at `a`; no
    places if it is the last."""
    if n + 1 < cells:
        n += 1
    else:
        n, a = 0, a + STRIP
        if a >= sizes[leaf]:
            leaf, a = leaf + 1, 0
    if leaf == end:
        return leaf - 1, n, 0, 0
    return leaf, n, a, min(a + STRIP, whole_lanes(sizes[leaf]))


@kernel
def choice_periods(customers, market, totals, worth, x, first, end):
    """T periods of the leaves first..end of a `choice` segment; x [C, V, states x LEAF] is carried on in place."""
    coefficient, constant, offer, far = market.coefficient, market.constant, market.offer, market.far
    shift, scale = market.shift, market.scale
    review, pull, same, supplier, promote = market.review, market.pull, market.same, market.supplier, market.promote
    weight, revenue, sizes, lanes = customers.weight, customers.revenue, customers.size, customers.lanes
    vector, column, led = customers.vector, worth.column, market.cells
    periods, _, suppliers = review.shape
    talk, at_once = market.talk, 1 if market.talk.omega != 0.0 else periods
    width, cells, states = coefficient.shape[1], led.shape[0], suppliers + 2
    # Where customers talk, a strip comes again in every period, and is not weighed again if there is room.
    of_strip, strips = rows_of_weights(offer, constant) * STRIP, (end - first) * STRIPS
    kept = talk.omega != 0.0 and strips * of_strip <= MOST_KEPT
    strips = strips if kept else 1
    weights, weighed = aligned_column(strips * of_strip), np.zeros((strips, constant.shape[0]), np.bool_)
    share, rate = aligned_column(suppliers * STRIP), aligned_column(states * STRIP)
    share[:], rate[:] = f32(0.0), f32(0.0)  # of who does not serve
    moving, joined, numbers = aligned_column(STRIP), aligned_column(STRIP), numbers_of_sums(states)
    sums, of_vector, of_cell = aligned_column(2 * cells * at_once * numbers), x.shape[2], x.shape[1] * x.shape[2]
    of_leaf, first_other = customers.features.shape[1], 1 if supplier[0] == 0 else 0
    features, flat = customers.features.reshape(customers.features.size), x.reshape(x.size)
    for since in range(0, periods, at_once):
        until = since + at_once
        if talk.omega != 0.0:
            hear(talk, totals, led, supplier, since, shift, scale, far)
        ahead, columns, apart = features, width, LEAF
        if kept and since > 0:
            ahead, columns, apart = weights, weighed.shape[1], STRIP
        for leaf in range(first, end):
            rows = whole_lanes(sizes[leaf])
            sums[:] = f32(0.0)
            for a in range(0, rows, STRIP):
                size, at, begin = min(STRIP, rows - a), lanes[leaf] + a, leaf * of_leaf + a
                strip = (leaf - first) * STRIPS + a // STRIP if kept else 0
                weights_at, known = strip * of_strip, weighed[strip]
                if not kept:
                    known[:] = False
                for n in range(cells):
                    c = led[n]
                    for t in range(since, until):
                        if t == since or not same[t, c]:
                            on, m, a_next, b_next = leaf, n, 0, 0  # what is asked for: nothing yet
                            if t == until - 1:
                                on, m, a_next, b_next = next_strip(sizes, cells, leaf, n, a, end)
                            v, w = vector[on, 0], vector[on, 1]
                            soon = led[m] * of_cell + max(v, w) * of_vector + a_next * states
                            soon_end = soon + (b_next - a_next) * states
                            weigh_offers(
                                features, begin, coefficient, constant, offer, shift, far, t, c, size, known, weights,
                                weights_at, STRIP, flat, soon, soon_end,
                            )  # fmt: skip
                            offer_shares(
                                weights, weights_at, supplier, suppliers, offer, scale, far, t, c, size, known, share,
                                STRIP,
                            )  # fmt: skip
                            if v >= 0 and w >= 0:
                                ask(flat, soon + (v - w) * of_vector, soon_end + (v - w) * of_vector)
                            if m > 0:
                                a_next, b_next = 0, 0  # of another cell: the customers are the same
                            soon = on * of_leaf + a_next
                            if kept and since > 0:
                                soon = ((on - first) * STRIPS + a_next // STRIP) * of_strip
                            soon_end = soon + b_next - a_next
                            turnovers(
                                review, pull, supplier, t, c, share, size, rate, ahead, columns, apart, soon, soon_end
                            )
                            ask(weight, lanes[on] + a_next, lanes[on] + b_next)
                            ask(revenue, lanes[on] + a_next, lanes[on] + b_next)
                        for p in range(2):
                            v = vector[leaf, p]
                            if v >= 0:
                                x_at = c * of_cell + v * of_vector + a * states
                                sums_at = ((p * cells + n) * at_once + t - since) * numbers
                                step_ours(
                                    flat, x_at, states, share, rate, moving, joined, promote, weight, revenue, at, size,
                                    sums, sums_at,
                                )  # fmt: skip
                                k = first_other
                                while k + 1 < supplier.shape[0]:
                                    step_two(
                                        flat, x_at, states, share, rate, moving, supplier[k], supplier[k + 1], weight,
                                        revenue, at, size, sums, sums_at,
                                    )  # fmt: skip
                                    k += 2
                                if k < supplier.shape[0]:
                                    step_one(
                                        flat, x_at, states, share, rate, moving, supplier[k], weight, revenue, at, size,
                                        sums, sums_at,
                                    )  # fmt: skip
                                if column[c] >= 0:
                                    add_value(worth, t, c, v, a, flat, x_at, states, joined, size)
            for n in range(cells):
                for t in range(since, until):
                    for p in range(2):
                        if vector[leaf, p] >= 0:
                            add_sums(totals, t, led[n], p, sums, ((p * cells + n) * at_once + t - since) * numbers)
