"""Periods of a `choice` segment in expected mode where customers move between need states.

A leaf of customers stands once for each need state, with the needs that they have there: the joint distribution of need
state, supplier and stage. Reviews are those of any other leaf; then, period by period, mass moves between the leaves.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.lanes import LANES, every, load, store
from simengine.engine.expected_choice import offer_shares, step_other, step_ours, turnovers, weigh_offers
from simengine.engine.expected_sums import add_value, whole_lanes
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
    copies, suppliers, offers = move.shape[0], market.review.shape[2], market.constant.shape[0]
    states = suppliers + 2
    weights, known = np.empty((copies, offers * LEAF), f32), np.empty((copies, offers), np.bool_)
    share, rate = np.zeros((copies, suppliers * LEAF), f32), np.zeros((copies, states * LEAF), f32)
    moving, joined, moved = np.empty(LEAF, f32), np.empty(LEAF, f32), np.empty(copies * LANES, f32)
    for group in range(first, end, copies):
        at, size = customers.lanes[group], whole_lanes(customers.size[group])
        weight, revenue = customers.weight[at : at + size], customers.revenue[at : at + size]
        known[:] = False
        for c in market.cells:
            own = x[c]
            for t in range(market.review.shape[0]):
                for n in range(copies):
                    if t == 0 or not market.same[t, c]:
                        features = customers.features[group + n]
                        weigh_offers(features, market, market.offer[t, c], size, known[n], weights[n])
                        offer_shares(weights[n], market.supplier, market.offer[t, c], size, share[n])
                        review, pull = market.review[t, c], market.pull[t, c]
                        turnovers(review, pull, market.supplier, share[n], size, states, rate[n])
                    for p in range(2):
                        v = customers.vector[group + n, p]
                        if v < 0:
                            continue
                        step_ours(
                            own[v], states, share[n], rate[n], moving, market.promote, weight, revenue, size, joined,
                            totals, t, c, p,
                        )  # fmt: skip
                        for j in market.supplier:
                            if j > 0:
                                step_other(
                                    own[v], states, share[n], rate[n], moving, j, weight, revenue, size, totals, t, c, p
                                )
                        add_value(worth, t, c, v, own[v], joined, size)
                for p in range(2):
                    if customers.vector[group, p] >= 0:
                        move_on(own, customers.vector[group : group + copies, p], move, size * states, moved)
