"""The loops over customers in expected mode: a probability vector over states instead of a path.

Every customer carries two vectors, 'ours at the opening' and 'not', that together sum to 1; where nobody of a leaf can
have one of them, it is not carried. One pass per leaf and leading cell, 16 customers at a time (`arithmetic.lanes`).
Totals are sums over a leaf: 16 partial sums and a fixed tree in float32, rounded to integers, so that nothing else
shows in their bits. Columns of a leaf stand one behind the other: row r of customer i is at r x LEAF + i. But the
probabilities of 16 customers stand together, state by state (see `place`), to be read from memory in one stream.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp32
from simengine.arithmetic.lanes import LANES, every, fma, load, store, total
from simengine.engine.leaves import LEAF
from simengine.jit import formula, kernel

f32 = np.float32
OURS = 3  # states: a supplier's index in the states of a customer is that of the suppliers + 2
ESTABLISHED, LOYAL = 1, 2  # states of our customers; the new ones are 0


class Customers(NamedTuple):
    """All rows, and where leaves of them begin. Columns of single precision have `LANES` more rows, of nobody."""

    features: NDArray[np.float32]  # [N, F]
    states: NDArray[np.float64]  # [N, states] at the opening or on entering
    weight: NDArray[np.float32]  # [N + 16] on the count grid
    revenue: NDArray[np.float32]  # [N + 16] weight x base revenue, on the money grid
    tenure: NDArray[np.int64]  # [N] column of `Contract.leave`; empty without contract segments
    begin: NDArray[np.int64]  # [L] see `leaves.Leaves`
    size: NDArray[np.int64]  # [L]
    opened: NDArray[np.int64]  # [L]
    vector: NDArray[np.int64]  # [L, 2]


class Market(NamedTuple):
    """What moves one `choice` segment in T periods. Offers that cells or periods have in common are weighed once."""

    cells: NDArray[np.int64]  # the cells that lead themselves
    coefficient: NDArray[np.float32]  # [K, F] of every distinct offer
    constant: NDArray[np.float32]  # [K]
    common: int  # offers from this one on, cell by cell, are weighed relative to the best of their own cell
    supplier: NDArray[np.int64]  # [served] suppliers that serve the segment, ascending
    offer: NDArray[np.int64]  # [T, C, served] their offers
    review: NDArray[np.float32]  # [T, C, J]
    pull: NDArray[np.float32]  # [T, C, states] exp(kappa m) of the current supplier
    same: NDArray[np.bool_]  # [T, C] all three are those of the period before
    promote: NDArray[np.float32]  # [2]

    def during(self, periods: slice) -> Market:
        """Some of the periods."""
        return self._replace(
            offer=self.offer[periods], review=self.review[periods], pull=self.pull[periods], same=self.same[periods]
        )


class Contract(NamedTuple):
    """What moves one `contract` segment in T periods."""

    cells: NDArray[np.int64]  # the cells that lead themselves
    leave: NDArray[np.float32]  # [T, C, 3, column] probability of ending in the period, see `Moment.leaving`
    convert: NDArray[np.float32]  # [T, C] probability of converting

    def during(self, periods: slice) -> Contract:
        """Some of the periods."""
        return self._replace(leave=self.leave[periods], convert=self.convert[periods])


class Totals(NamedTuple):
    """Exact totals of one segment and worker at the ends of T periods."""

    customers: NDArray[np.int64]  # [T, C, states, 2]
    revenue: NDArray[np.int64]  # [T, C, states, 2]
    joins: NDArray[np.int64]  # [T, C, J, 2]
    leaves: NDArray[np.int64]  # [T, C, J, 2]

    def during(self, periods: slice) -> Totals:
        """Some of the periods."""
        return self._replace(
            customers=self.customers[periods],
            revenue=self.revenue[periods],
            joins=self.joins[periods],
            leaves=self.leaves[periods],
        )


class Worth(NamedTuple):
    """Values of single customers: sums so far, and unit values of T periods (on the money grid).

    A customer's value is linear in its base revenue, so the sums are of one unit of base revenue, and of one customer
    whatever its revenue: rows that differ in money alone share them.
    """

    value: NDArray[np.float64]  # [kept cells, V, 2 x LEAF] of a unit of base revenue, then of a customer
    column: NDArray[np.int64]  # [C] row of `value`; -1: not kept
    revenue: NDArray[np.float64]  # [T, C, 3 stages]
    customer: NDArray[np.float64]  # [T, C, 3]
    join: NDArray[np.float64]  # [T, C]

    def during(self, periods: slice) -> Worth:
        """Some of the periods."""
        return self._replace(revenue=self.revenue[periods], customer=self.customer[periods], join=self.join[periods])


@formula
def place(i, state, states):
    """Where the probability of a state of customer i stands in a leaf's vector."""
    return (i // LANES * states + state) * LANES + i % LANES


@formula
def on_grid(sums):
    """The total of the lanes, an integer."""
    return np.int64(np.rint(np.float64(total(sums))))


@formula
def weighted_sum(values, by, size):
    """Sum of values x by over a leaf."""
    sums = every(f32(0.0))
    for i in range(0, size, LANES):
        sums = fma(load(values, i), load(by, i), sums)
    return on_grid(sums)


@formula
def state_sum(x, state, states, by, size):
    """Sum of the probabilities of a state x by over a leaf."""
    sums = every(f32(0.0))
    for i in range(0, size, LANES):
        sums = fma(load(x, i * states + state * LANES), load(by, i), sums)
    return on_grid(sums)


@formula
def add_totals(totals, t, x, weight, revenue, c, p, size):
    """Add a leaf's customers and revenue by state."""
    states = totals.customers.shape[2]
    for state in range(states):
        totals.customers[t, c, state, p] += state_sum(x, state, states, weight, size)
        totals.revenue[t, c, state, p] += state_sum(x, state, states, revenue, size)


@formula
def feature_columns(rows, begin, size, out):
    """Row f of out = the column f of rows begin..begin + size."""
    for i in range(size):
        for f in range(rows.shape[1]):
            out[f * LEAF + i] = rows[begin + i, f]


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
def flows(x, rate, states, size, moving):
    """What reviews and leaves the logit with, over all states, by customer."""
    for i in range(0, size, LANES):
        sums = every(f32(0.0))
        for state in range(states):
            sums = fma(load(x, i * states + state * LANES), load(rate, i * states + state * LANES), sums)
        store(moving, i, sums)


@formula
def step_ours(x, states, share, rate, moving, promote, weight, revenue, size, joined, totals, t, c, p):
    """Our three stages after reviews and promotions, and their totals; `joined` by customer."""
    one, nobody = every(f32(1.0)), every(f32(0.0))
    promote_n, promote_e = every(promote[0]), every(promote[1])
    remain_n, remain_e = one - promote_n, one - promote_e
    joins = leaves = count_n = count_e = count_l = money_n = money_e = money_l = nobody
    for i in range(0, size, LANES):
        at = i * states
        new, established, loyal = load(x, at), load(x, at + LANES), load(x, at + 2 * LANES)
        flow_n, flow_e = new * load(rate, at), established * load(rate, at + LANES)
        flow_l = loyal * load(rate, at + 2 * LANES)
        own = load(share, i)
        gone, going = one - own, flow_n + flow_e + flow_l
        joining = own * (load(moving, i) - going)
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


@formula
def add_value(worth, t, c, v, x, joined, size):
    """Add a period's value of a unit of revenue and of a customer: unit values x probability of each of our stages."""
    if worth.column[c] < 0:
        return
    value = worth.value[worth.column[c], v]
    of_revenue, of_customer = value[:LEAF], value[LEAF:]
    r_n, r_e, r_l = worth.revenue[t, c, 0], worth.revenue[t, c, 1], worth.revenue[t, c, 2]
    c_n, c_e, c_l = worth.customer[t, c, 0], worth.customer[t, c, 1], worth.customer[t, c, 2]
    join = worth.join[t, c]
    states = x.shape[0] // LEAF
    for i in range(0, size, LANES):
        own = x[i * states : i * states + OURS * LANES]
        for k in range(LANES):
            n, e, s = np.float64(own[k]), np.float64(own[LANES + k]), np.float64(own[2 * LANES + k])
            of_revenue[i + k] += n * r_n + e * r_e + s * r_l
            of_customer[i + k] += n * c_n + e * c_e + s * c_l + np.float64(joined[i + k]) * join


@formula
def whole_lanes(rows):
    """Rows, and so many of nobody that all have their lanes."""
    return (rows + LANES - 1) // LANES * LANES


@kernel
def choice_periods(customers, market, totals, worth, x, first, end):
    """T periods of the leaves first..end of a `choice` segment; x [C, V, states x LEAF] is carried on in place."""
    suppliers, offers = market.review.shape[2], market.constant.shape[0]
    states = suppliers + 2
    features, weights = np.zeros(market.coefficient.shape[1] * LEAF, f32), np.empty(offers * LEAF, f32)
    share, rate = np.zeros(suppliers * LEAF, f32), np.zeros(states * LEAF, f32)  # of who does not serve: 0
    moving, joined = np.empty(LEAF, f32), np.empty(LEAF, f32)
    for leaf in range(first, end):
        begin, size = customers.begin[leaf], whole_lanes(customers.size[leaf])
        weight, revenue = customers.weight[begin : begin + size], customers.revenue[begin : begin + size]
        feature_columns(customers.features, begin, customers.size[leaf], features)
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
                    flows(own, rate, states, size, moving)
                    promote = market.promote
                    step_ours(own, states, share, rate, moving, promote, weight, revenue, size, joined, totals, t, c, p)
                    for j in market.supplier:
                        if j > 0:
                            step_other(own, states, share, rate, moving, j, weight, revenue, size, totals, t, c, p)
                    add_value(worth, t, c, v, own, joined, size)


@formula
def step_contract(x, states, leave, tenure, convert, size, left):
    """Some convert; contracts end at their tenure's hazard, for good; `left` by customer."""
    for i in range(size):
        ours, converted, gone = place(i, ESTABLISHED, states), place(i, LOYAL, states), place(i, states - 1, states)
        moved = x[ours] * convert
        stayed = x[ours] - moved
        ended = stayed * leave[0, tenure[i]]
        ended_converted = x[converted] * leave[1, tenure[i]]
        ended_moved = moved * leave[2, tenure[i]]
        x[ours] = stayed - ended
        x[converted] = (x[converted] - ended_converted) + (moved - ended_moved)
        left[i] = ended + ended_converted + ended_moved
        x[gone] += left[i]


@kernel
def contract_periods(customers, market, totals, worth, x, first, end):
    """T periods of the leaves first..end of a `contract` segment: ours are in the state UNDER_CONTRACT or, for good,
    CONVERTED, until they leave."""
    states = totals.customers.shape[2]
    left, nobody = np.zeros(LEAF, f32), np.zeros(LEAF, f32)
    for leaf in range(first, end):
        begin, rows = customers.begin[leaf], customers.size[leaf]
        size, tenure = whole_lanes(rows), customers.tenure[begin : begin + rows]
        left[rows:] = f32(0.0)
        weight, revenue = customers.weight[begin : begin + size], customers.revenue[begin : begin + size]
        for c in market.cells:
            for t in range(market.leave.shape[0]):
                for p in range(2):
                    v = customers.vector[leaf, p]
                    if v < 0:
                        continue
                    own = x[c, v]
                    step_contract(own, states, market.leave[t, c], tenure, market.convert[t, c], rows, left)
                    ended = weighted_sum(left, weight, size)
                    totals.leaves[t, c, 0, p] += ended
                    totals.joins[t, c, states - 3, p] += ended
                    add_value(worth, t, c, v, own, nobody, size)
                    add_totals(totals, t, own, weight, revenue, c, p, size)


@kernel
def enter_customers(customers, cells, totals, worth, x, t, leaf, first, end):
    """Newcomers at the places first..end of a leaf enter with the end of period t: as joins, with presence 1."""
    states, v = customers.states.shape[1], customers.vector[leaf, 1]
    begin, size = customers.begin[leaf], whole_lanes(customers.size[leaf])
    weight, revenue = customers.weight[begin : begin + size], customers.revenue[begin : begin + size]
    entered, joined = np.zeros(states * LEAF, f32), np.zeros(LEAF, f32)
    for i in range(first, end):
        for state in range(states):
            entered[place(i, state, states)] = customers.states[begin + i, state]
        for state in range(OURS):
            joined[i] += entered[place(i, state, states)]
    for c in cells:
        for i in range(first, end):
            for state in range(states):
                x[c, v, place(i, state, states)] = entered[place(i, state, states)]
        totals.joins[t, c, 0, 1] += weighted_sum(joined, weight, size)
        for state in range(OURS, states):
            totals.joins[t, c, state - 2, 1] += state_sum(entered, state, states, weight, size)
        add_value(worth, t, c, v, entered, joined, size)
        add_totals(totals, t, entered, weight, revenue, c, 1, size)


@kernel
def open_customers(customers, cells, totals, x, first, end):
    """Write the opening distribution of the leaves first..end into x, and add its totals."""
    states = customers.states.shape[1]
    for leaf in range(first, end):
        begin, size = customers.begin[leaf], whole_lanes(customers.size[leaf])
        weight, revenue = customers.weight[begin : begin + size], customers.revenue[begin : begin + size]
        for c in cells:
            for p in range(2):
                v = customers.vector[leaf, p]
                if v >= 0:
                    for i in range(customers.opened[leaf]):
                        for state in range(OURS if p == 1 else 0, states if p == 1 else OURS):
                            x[c, v, place(i, state, states)] = customers.states[begin + i, state]
                    add_totals(totals, 0, x[c, v], weight, revenue, c, p, size)
