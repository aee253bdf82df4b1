"""A period of customers in expected mode, 16 at a time, once it is known who reviews and whom they choose.

`x`, `share` and `rate` are placed as `expected_sums.place` says; `sums` are those of `expected_sums.add_sums` so far.
These customers begin in x at the place x_at, in weight and revenue at `at`, and sums at `sums_at`: to cut a column,
or to hand it to a formula that hands it on, takes as long as some steps, as the compiler counts who uses it.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.lanes import LANES, every, fma, load, store
from simengine.jit import formula

f32 = np.float32


@formula
def step_ours(x, x_at, states, share, rate, moving, joined, promote, weight, revenue, at, size, sums, sums_at):
    """Our three stages. By customer: `moving`, what reviews and leaves the logit with, of all states, and `joined`."""
    one, suppliers = every(f32(1.0)), states - 2
    promote_n, promote_e = every(promote[0]), every(promote[1])
    remain_n, remain_e = one - promote_n, one - promote_e
    left, counts = sums_at + suppliers * LANES, sums_at + 2 * suppliers * LANES
    monies = counts + states * LANES
    joins, leaves = load(sums, sums_at), load(sums, left)
    count_n, money_n = load(sums, counts), load(sums, monies)
    count_e, money_e = load(sums, counts + LANES), load(sums, monies + LANES)
    count_l, money_l = load(sums, counts + 2 * LANES), load(sums, monies + 2 * LANES)
    for i in range(0, size, LANES):
        here, there = x_at + i * states, i * states
        new, established, loyal = load(x, here), load(x, here + LANES), load(x, here + 2 * LANES)
        rate_n, rate_e, rate_l = load(rate, there), load(rate, there + LANES), load(rate, there + 2 * LANES)
        flow_n, flow_e, flow_l = new * rate_n, established * rate_e, loyal * rate_l
        flows = fma(loyal, rate_l, fma(established, rate_e, flow_n))
        for state in range(3, states):
            flows = fma(load(x, here + state * LANES), load(rate, there + state * LANES), flows)
        store(moving, i, flows)
        own = load(share, i * suppliers)
        gone, going = one - own, flow_n + flow_e + flow_l
        joining = own * (flows - going)
        stay_n, stay_e = new - flow_n * gone, established - flow_e * gone
        new = fma(stay_n, remain_n, joining)
        established = fma(stay_e, remain_e, stay_n * promote_n)
        loyal = fma(stay_e, promote_e, loyal - flow_l * gone)
        store(x, here, new)
        store(x, here + LANES, established)
        store(x, here + 2 * LANES, loyal)
        store(joined, i, joining)
        one_count, one_money = load(weight, at + i), load(revenue, at + i)
        joins, leaves = fma(joining, one_count, joins), fma(going * gone, one_count, leaves)
        count_n, money_n = fma(new, one_count, count_n), fma(new, one_money, money_n)
        count_e, money_e = fma(established, one_count, count_e), fma(established, one_money, money_e)
        count_l, money_l = fma(loyal, one_count, count_l), fma(loyal, one_money, money_l)
    store(sums, sums_at, joins)
    store(sums, left, leaves)
    store(sums, counts, count_n)
    store(sums, counts + LANES, count_e)
    store(sums, counts + 2 * LANES, count_l)
    store(sums, monies, money_n)
    store(sums, monies + LANES, money_e)
    store(sums, monies + 2 * LANES, money_l)


@formula
def step_one(x, x_at, states, share, rate, moving, j, weight, revenue, at, size, sums, sums_at):
    """The customers of a rival or of the outside option."""
    suppliers = states - 2
    left, counts = sums_at + suppliers * LANES, sums_at + (2 * suppliers + 2) * LANES
    monies = counts + states * LANES
    joins, leaves = load(sums, sums_at + j * LANES), load(sums, left + j * LANES)
    count, money = load(sums, counts + j * LANES), load(sums, monies + j * LANES)
    for i in range(0, size, LANES):
        place = i * states + (j + 2) * LANES
        now, joins, leaves, count, money = reviewed(
            load(x, x_at + place), load(rate, place), load(share, i * suppliers + j * LANES), load(moving, i),
            load(weight, at + i), load(revenue, at + i), joins, leaves, count, money,
        )  # fmt: skip
        store(x, x_at + place, now)
    store(sums, sums_at + j * LANES, joins)
    store(sums, left + j * LANES, leaves)
    store(sums, counts + j * LANES, count)
    store(sums, monies + j * LANES, money)


@formula
def step_two(x, x_at, states, share, rate, moving, j, k, weight, revenue, at, size, sums, sums_at):
    """The same of two of them, which have half of what is loaded in common."""
    suppliers = states - 2
    left, counts = sums_at + suppliers * LANES, sums_at + (2 * suppliers + 2) * LANES
    monies = counts + states * LANES
    joins_j, leaves_j = load(sums, sums_at + j * LANES), load(sums, left + j * LANES)
    joins_k, leaves_k = load(sums, sums_at + k * LANES), load(sums, left + k * LANES)
    count_j, money_j = load(sums, counts + j * LANES), load(sums, monies + j * LANES)
    count_k, money_k = load(sums, counts + k * LANES), load(sums, monies + k * LANES)
    for i in range(0, size, LANES):
        of_j, of_k = i * states + (j + 2) * LANES, i * states + (k + 2) * LANES
        moved, one_count, one_money = load(moving, i), load(weight, at + i), load(revenue, at + i)
        now, joins_j, leaves_j, count_j, money_j = reviewed(
            load(x, x_at + of_j), load(rate, of_j), load(share, i * suppliers + j * LANES), moved, one_count, one_money,
            joins_j, leaves_j, count_j, money_j,
        )  # fmt: skip
        store(x, x_at + of_j, now)
        now, joins_k, leaves_k, count_k, money_k = reviewed(
            load(x, x_at + of_k), load(rate, of_k), load(share, i * suppliers + k * LANES), moved, one_count, one_money,
            joins_k, leaves_k, count_k, money_k,
        )  # fmt: skip
        store(x, x_at + of_k, now)
    store(sums, sums_at + j * LANES, joins_j)
    store(sums, left + j * LANES, leaves_j)
    store(sums, counts + j * LANES, count_j)
    store(sums, monies + j * LANES, money_j)
    store(sums, sums_at + k * LANES, joins_k)
    store(sums, left + k * LANES, leaves_k)
    store(sums, counts + k * LANES, count_k)
    store(sums, monies + k * LANES, money_k)


@formula
def reviewed(now, rate, own, moved, one_count, one_money, joins, leaves, count, money):
    """Lanes of a supplier's customers after reviews, and its sums with theirs: `now` before, of whom `rate` review;
    `own` is the supplier's share of the logit, which all leave that `moved`."""
    going = now * rate
    joining, leaving = own * (moved - going), going * (every(f32(1.0)) - own)
    now = now + (joining - leaving)
    joins, leaves = fma(joining, one_count, joins), fma(leaving, one_count, leaves)
    return now, joins, leaves, fma(now, one_count, count), fma(now, one_money, money)
