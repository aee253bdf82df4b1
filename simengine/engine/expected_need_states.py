"""Periods of a `choice` segment in expected mode where customers move between need states.

A leaf of customers stands once for each need state, with the needs that they have there: the joint distribution of need
state, supplier and stage. Reviews are those of any other leaf; then, period by period, mass moves between the leaves.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.lanes import LANES, every, load, store
from simengine.engine.aligned import aligned_column
from simengine.engine.expected_offers import offer_shares, rows_of_weights, turnovers, weigh_offers
from simengine.engine.expected_steps import step_one, step_ours
from simengine.engine.expected_sums import add_sums, add_value, numbers_of_sums, whole_lanes
from simengine.engine.leaves import LEAF
from simengine.jit import formula, kernel

f32 = np.float32


@formula
def move_on(x, vectors, move, size, moved):
    """Move mass between the vectors x[vectors], one a need state, of `size` numbers each; `move` [L, L] is the
    probability of going from one (row) to another. What one loses another gains, to the bit: nobody is lost."""
    copies = vectors.shape[0]
    for i in range(0, size, LANES):
        for n in range(copies):
            own = load(x[vectors[n]], i)
            now = own
            for k in range(copies):
                if k != n:
                    now = now + (load(x[vectors[k]], i) * every(move[k, n]) - own * every(move[n, k]))
            store(moved, n * LANES, now)
        for n in range(copies):
            store(x[vectors[n]], i, load(moved, n * LANES))


@kernel
def moving_periods(customers, market, totals, worth, x, first, end, move):
    """As `expected_choice.choice_periods`, of the leaves first..end: L = len(move) for the same customers follow each
    other, one a need state."""
    review, pull, supplier, promote, offer = market.review, market.pull, market.supplier, market.promote, market.offer
    copies, suppliers, offers = move.shape[0], review.shape[2], market.constant.shape[0]
    rows = rows_of_weights(offer, market.constant)
    states = suppliers + 2
    weights, known = np.empty((copies, rows * LEAF), f32), np.empty((copies, offers), np.bool_)
    share, rate = np.zeros((copies, suppliers * LEAF), f32), np.zeros((copies, states * LEAF), f32)
    moving, joined, moved = aligned_column(LEAF), aligned_column(LEAF), aligned_column(copies * LANES)
    sums, weight, revenue = aligned_column(numbers_of_sums(states)), customers.weight, customers.revenue
    for group in range(first, end, copies):
        at, size = customers.lanes[group], whole_lanes(customers.size[group])
        known[:] = False
        for c in market.cells:
            own = x[c]
            for t in range(review.shape[0]):
                for n in range(copies):
                    if t == 0 or not market.same[t, c]:
                        features = customers.features[group + n]
                        weigh_offers(
                            features, 0, market.coefficient, market.constant, offer, market.shift, market.far, t, c,
                            size, known[n], weights[n], 0, LEAF, features, 0, 0,
                        )  # fmt: skip
                        offer_shares(
                            weights[n], 0, supplier, suppliers, offer, market.scale, market.far, t, c, size, known[n],
                            share[n], LEAF,
                        )  # fmt: skip
                        turnovers(review, pull, supplier, t, c, share[n], size, rate[n], features, 0, 0, 0, 0)
                    for p in range(2):
                        v = customers.vector[group + n, p]
                        if v < 0:
                            continue
                        sums[:] = f32(0.0)
                        step_ours(
                            own[v], 0, states, share[n], rate[n], moving, joined, promote, weight, revenue, at, size,
                            sums, 0,
                        )  # fmt: skip
                        for j in supplier:
                            if j > 0:
                                step_one(
                                    own[v], 0, states, share[n], rate[n], moving, j, weight, revenue, at, size, sums, 0
                                )
                        add_sums(totals, t, c, p, sums, 0)
                        add_value(worth, t, c, v, 0, own[v], 0, states, joined, size)
                for p in range(2):
                    if customers.vector[group, p] >= 0:
                        move_on(own, customers.vector[group : group + copies, p], move, size * states, moved)
