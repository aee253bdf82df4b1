"""One period's reviews of a `choice` segment, lane by lane: what each cell's customer is, chooses, and becomes."""

from __future__ import annotations

import numpy as np

from simengine.engine.direction import judge
from simengine.engine.sampled_customer import money_of, stage_dates
from simengine.engine.sampled_lanes import draw_errors, draw_lanes, perceive
from simengine.engine.sampled_state import add, book_stages, pack, spell_value
from simengine.jit import formula, kernel
from simengine.luck import CHOICE

f32, u32, i32, i64 = np.float32, np.uint32, np.int32, np.int64
UNKNOWN = i64(-1)  # of a lane's money and dates: not needed so far
NOBODY = i32(-1)  # origin of who does not review


@formula
def states_of(codes, period, bits, n, supplier, state):
    """Supplier and state at `period` of n packed customers; see `sampled_state.state_at`."""
    mask = i32((1 << bits) - 1)
    for d in range(n):
        code = codes[d]
        established, loyal = i32(code >> i32(3)) & mask, i32(code >> i32(3 + bits)) & mask
        ours = i32(period >= established) + i32(period >= loyal)
        supplier[d] = i32(code & i32(7))
        state[d] = i32(supplier[d] + i32(2)) if supplier[d] > 0 else ours


@formula
def inertia_of(kick, state, n, inertia):
    """inertia [n] of the current supplier."""
    for d in range(n):
        inertia[d] = kick[state[d]]


@formula
def who_reviews(u, last, never, n, state):
    """State [n] of who reviews; NOBODY in place of who does not."""
    if never.any():
        for d in range(n):
            state[d] = NOBODY if never[state[d]] else state[d]
    for d in range(n):
        state[d] = state[d] if u[d] <= last[max(state[d], i32(0))] else NOBODY


@formula
def best_offers(offer, offered_by, utility, perceived, error, inertia, supplier, n, best, chosen):
    """chosen [n]: the supplier of the offer of most utility, the current one's with its inertia; the first of equals."""
    for d in range(n):
        best[d], chosen[d] = f32(-np.inf), i32(offered_by[0])
    for place in range(offer.shape[0]):
        k = offer[place]
        j = i32(offered_by[k])
        own, seen, noise = utility[k], perceived[k], error[j]
        for d in range(n):
            v = own[d] + inertia[d] + noise[d] if supplier[d] == j else seen[d]
            better = v > best[d]
            best[d] = v if better else best[d]
            chosen[d] = j if better else chosen[d]


@formula
def switchers(origin, chosen, supplier, n, found):
    """Lanes that review and choose another supplier; their number."""
    count = 0
    for d in range(n):
        found[count] = d
        count += (origin[d] >= 0) & (chosen[d] != supplier[d])
    return count


@kernel
def review_lanes(
    customers, luck, stages, books, worth, market, codes, first, period, horizon, customer, replication, top,
    random, real, mark,
):  # fmt: skip
    """Carry out the reviews of lanes in every cell: of `customer` in the batch's `replication`, with the byte `top` of
    the review draw [n]. Scratch, a row a lane: `random` [11, ...], `real` and `mark` as they are divided below."""
    n, cells = customer.shape[0], market.offer.shape[0]
    (offers, features), states = market.coefficient.shape, market.kick.shape[1]
    suppliers = states - 2
    low, high, when, words, more = random[0], random[1], random[2], random[3:7], random[7:11]
    feature, error = real[:features], real[features : features + suppliers]
    inertia, best = real[features + suppliers], real[features + suppliers + 1]
    utility = real[features + suppliers + 2 : features + states + offers]
    perceived = real[features + states + offers : features + states + 2 * offers]
    code, origin, chosen = mark[:cells], mark[cells : 2 * cells], mark[2 * cells : 3 * cells]
    supplier, found, verdict = mark[3 * cells], mark[3 * cells + 1], mark[3 * cells + 2]
    money, established, loyal = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    # Arrays leave their tuples here: a tuple of arrays that is passed on inside a loop is counted by reference.
    lows, highs, columns, base = customers.low, customers.high, customers.features, customers.money
    joins, leaves, promotions = books.joins, books.leaves, books.promotions
    value, column, units, joining = worth.value, worth.column, worth.units, worth.join
    last, never, kick, offer, offered_by = market.last, market.never, market.kick, market.offer, market.supplier
    key_low, key_high, sigma, bits = luck.key_low, luck.key_high, luck.sigma, stages.bits
    stay_n, stay_e, count = stages.log_stay_new, stages.log_stay_established, lows.shape[0]

    for d in range(n):
        i = customer[d]
        low[d], high[d], when[d] = lows[i], highs[i], u32(first + replication[d])
        money[d] = established[d] = UNKNOWN
        for f in range(features):
            feature[f, d] = columns[i, f]
        at = (replication[d] * count + i) * cells
        for c in range(cells):
            code[c, d] = codes[at + c]
    draw_lanes(key_low, key_high, low, high, CHOICE, period, when, n, words)
    u, w0 = more[0], words[0]
    draw_errors(key_low, key_high, low, high, period, when, words[3], n, more, error)
    for d in range(n):
        u[d] = u32(u32(top[d] << u32(24)) | u32(w0[d] >> u32(8)))
    perceive(feature, market.coefficient, market.constant, offered_by, error, n, utility, perceived)
    for c in range(cells):
        state = origin[c]
        states_of(code[c], period, bits, n, supplier, state)
        inertia_of(kick[c], state, n, inertia)
        best_offers(offer[c], offered_by, utility, perceived, error, inertia, supplier, n, best, chosen[c])
        who_reviews(u, last[c], never[c], n, state)
        k = column[c]
        for place in range(switchers(state, chosen[c], supplier, n, found)):
            d = found[place]
            i, r, old, left, joined = customer[d], replication[d], i64(code[c, d]), i64(state[d]), i64(chosen[c, d])
            presence = old >> (3 + 2 * bits)
            if money[d] == UNKNOWN:
                money[d] = money_of(base[i], sigma, key_low, key_high, low[d], high[d], when[d])
            own = money[d]
            add(leaves, (((r * states + left) * 2 + presence) * cells + c) * 2, 1, own)
            add(joins, (((r * suppliers + joined) * 2 + presence) * cells + c) * 2, 1, own)
            if left < 3:
                book_stages(promotions, horizon, cells, r, c, old, left, presence, bits, -1, own)
                if k >= 0:
                    value[presence, i, k] += spell_value(old, period, bits, own, units, c)
            new = pack(joined, i64(0), i64(0), presence, bits)
            if joined == 0:
                if established[d] == UNKNOWN:
                    established[d], loyal[d] = stage_dates(
                        True, words[1, d], words[2, d], period + 1, stay_n, stay_e, bits, horizon
                    )
                new = pack(0, established[d], loyal[d], presence, bits)
                book_stages(promotions, horizon, cells, r, c, new, 0, presence, bits, 1, own)
                if k >= 0:
                    booked = own * units[c, period, 0, 0] + units[c, period, 0, 1]
                    value[presence, i, k] += i64(np.rint(joining[c, period] - booked))
            codes[(r * count + i) * cells + c] = new
    judge(
        books.direction, replication, offer, offered_by, kick, market.reference, utility, origin, chosen, n,
        verdict, found,
    )  # fmt: skip
