"""Periods of a `choice` segment in expected mode: what offers are worth, who reviews, and where all then are."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import exp32
from simengine.arithmetic.lanes import LANES, every, fma, load, store
from simengine.engine.aligned import aligned_column
from simengine.engine.expected_sums import add_value, on_grid, whole_lanes
from simengine.engine.leaves import LEAF
from simengine.jit import formula, kernel

f32 = np.float32


@formula
def weigh_offers(features, market, offer, size, known, weight):
    """Row k of weight = exp(utility) of offer k, for those of a cell that are not `known` yet."""
    for k in offer:
        if not known[k]:
            for i in range(0, size, LANES):
                utility = every(market.constant[k])
                for f in range(market.coefficient.shape[1]):
                    utility = fma(load(features, f * LEAF + i), every(market.coefficient[k, f]), utility)
                store(weight, k * LEAF + i, utility)
    if offer[0] >= market.common and not known[offer[0]]:
        relative_to_best(weight[offer[0] * LEAF :], offer.shape[0], size)
    for k in offer:
        if not known[k]:
            own = weight[k * LEAF : k * LEAF + size]
            for i in range(own.shape[0]):
                own[i] = exp32(own[i])
            known[k] = True


@formula
def relative_to_best(utility, served, size):
    """Take the best of a cell's offers off all of them: only differences count, and exp() of them does not overflow."""
    for i in range(size):
        best = utility[i]
        for n in range(1, served):
            best = max(best, utility[n * LEAF + i])
        for n in range(served):
            utility[n * LEAF + i] -= best


@formula
def offer_shares(weight, supplier, offer, size, share):
    """Row j of share = weight of supplier j's offer over the sum of the weights, without inertia."""
    for i in range(0, size, LANES):
        weights = every(f32(0.0))
        for n in range(supplier.shape[0]):
            weights = weights + load(weight, offer[n] * LEAF + i)
        inverse = every(f32(1.0)) / weights
        for n in range(supplier.shape[0]):
            store(share, supplier[n] * LEAF + i, load(weight, offer[n] * LEAF + i) * inverse)


@formula
def turnovers(review, pull, supplier, share, size, states, rate):
    """rate, placed as x: `model.choice.turnover` by state. Our three stages cost one division: 1/a = b c / (a b c)."""
    one = every(f32(1.0))
    for n in range(supplier.shape[0]):
        j = supplier[n]
        reviewing = every(review[j])
        more_n = every(pull[0] - f32(1.0))
        more_e, more_l = every(pull[1] - f32(1.0)), every(pull[2] - f32(1.0))
        more, first = every(pull[j + 2] - f32(1.0)), 0 if j == 0 else j + 2
        for i in range(0, size, LANES):
            own, at = load(share, j * LEAF + i), i * states + first * LANES
            if j == 0:
                of_n, of_e, of_l = fma(own, more_n, one), fma(own, more_e, one), fma(own, more_l, one)
                of_both = of_e * of_l
                common = reviewing / (of_n * of_both)
                store(rate, at, common * of_both)
                store(rate, at + LANES, common * of_n * of_l)
                store(rate, at + 2 * LANES, common * of_n * of_e)
            else:
                store(rate, at, reviewing / fma(own, more, one))


@formula
def step_ours(x, states, share, rate, moving, promote, weight, revenue, size, joined, totals, t, c, p):
    """Our three stages after reviews and promotions, and their totals. By customer: `moving`, what reviews and leaves
    the logit with, over all states, and `joined`."""
    one, nobody = every(f32(1.0)), every(f32(0.0))
    promote_n, promote_e = every(promote[0]), every(promote[1])
    remain_n, remain_e = one - promote_n, one - promote_e
    joins = leaves = count_n = count_e = count_l = money_n = money_e = money_l = nobody
    for i in range(0, size, LANES):
        at = i * states
        new, established, loyal = load(x, at), load(x, at + LANES), load(x, at + 2 * LANES)
        rate_n, rate_e, rate_l = load(rate, at), load(rate, at + LANES), load(rate, at + 2 * LANES)
        flow_n, flow_e, flow_l = new * rate_n, established * rate_e, loyal * rate_l
        flows = fma(loyal, rate_l, fma(established, rate_e, flow_n))
        for state in range(3, states):
            flows = fma(load(x, at + state * LANES), load(rate, at + state * LANES), flows)
        store(moving, i, flows)
        own = load(share, i)
        gone, going = one - own, flow_n + flow_e + flow_l
        joining = own * (flows - going)
        stay_n, stay_e = new - flow_n * gone, established - flow_e * gone
        new = fma(stay_n, remain_n, joining)
        established = fma(stay_e, remain_e, stay_n * promote_n)
        loyal = fma(stay_e, promote_e, loyal - flow_l * gone)
        store(x, at, new)
        store(x, at + LANES, established)
        store(x, at + 2 * LANES, loyal)
        store(joined, i, joining)
        one_count, one_money = load(weight, i), load(revenue, i)
        joins, leaves = fma(joining, one_count, joins), fma(going * gone, one_count, leaves)
        count_n, money_n = fma(new, one_count, count_n), fma(new, one_money, money_n)
        count_e, money_e = fma(established, one_count, count_e), fma(established, one_money, money_e)
        count_l, money_l = fma(loyal, one_count, count_l), fma(loyal, one_money, money_l)
    totals.joins[t, c, 0, p] += on_grid(joins)
    totals.leaves[t, c, 0, p] += on_grid(leaves)
    totals.customers[t, c, 0, p] += on_grid(count_n)
    totals.customers[t, c, 1, p] += on_grid(count_e)
    totals.customers[t, c, 2, p] += on_grid(count_l)
    totals.revenue[t, c, 0, p] += on_grid(money_n)
    totals.revenue[t, c, 1, p] += on_grid(money_e)
    totals.revenue[t, c, 2, p] += on_grid(money_l)


@formula
def step_other(x, states, share, rate, moving, j, weight, revenue, size, totals, t, c, p):
    """A rival's or the outside option's customers after reviews, and their totals."""
    one, nobody, state = every(f32(1.0)), every(f32(0.0)), j + 2
    joins = leaves = count = money = nobody
    for i in range(0, size, LANES):
        at = i * states + state * LANES
        now, own = load(x, at), load(share, j * LEAF + i)
        going = now * load(rate, at)
        joining, leaving = own * (load(moving, i) - going), going * (one - own)
        now = now + (joining - leaving)
        store(x, at, now)
        one_count = load(weight, i)
        joins, leaves = fma(joining, one_count, joins), fma(leaving, one_count, leaves)
        count, money = fma(now, one_count, count), fma(now, load(revenue, i), money)
    totals.joins[t, c, j, p] += on_grid(joins)
    totals.leaves[t, c, j, p] += on_grid(leaves)
    totals.customers[t, c, state, p] += on_grid(count)
    totals.revenue[t, c, state, p] += on_grid(money)


@kernel
def choice_periods(customers, market, totals, worth, x, first, end):
    """T periods of the leaves first..end of a `choice` segment; x [C, V, states x LEAF] is carried on in place."""
    suppliers, offers = market.review.shape[2], market.constant.shape[0]
    states = suppliers + 2
    weights = aligned_column(offers * LEAF)
    share, rate = aligned_column(suppliers * LEAF), aligned_column(states * LEAF)  # of who does not serve: 0
    share[:], rate[:] = f32(0.0), f32(0.0)
    moving, joined = aligned_column(LEAF), aligned_column(LEAF)
    for leaf in range(first, end):
        at, size = customers.lanes[leaf], whole_lanes(customers.size[leaf])
        weight, revenue = customers.weight[at : at + size], customers.revenue[at : at + size]
        features = customers.features[leaf]
        known = np.zeros(offers, np.bool_)
        for c in market.cells:
            for t in range(market.review.shape[0]):
                if t == 0 or not market.same[t, c]:
                    weigh_offers(features, market, market.offer[t, c], size, known, weights)
                    offer_shares(weights, market.supplier, market.offer[t, c], size, share)
                    turnovers(market.review[t, c], market.pull[t, c], market.supplier, share, size, states, rate)
                for p in range(2):
                    v = customers.vector[leaf, p]
                    if v < 0:
                        continue
                    own = x[c, v]
                    promote = market.promote
                    step_ours(own, states, share, rate, moving, promote, weight, revenue, size, joined, totals, t, c, p)
                    for j in market.supplier:
                        if j > 0:
                            step_other(own, states, share, rate, moving, j, weight, revenue, size, totals, t, c, p)
                    add_value(worth, t, c, v, own, joined, size)
