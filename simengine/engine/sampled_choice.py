"""One period's reviews of a `choice` segment, lane by lane: what each cell's customer is, chooses, and becomes."""

from __future__ import annotations

import numpy as np

from simengine.engine.direction import judge
from simengine.engine.sampled_customer import money_of, stage_dates
from simengine.engine.sampled_lanes import draw_errors, draw_lanes, perceive
from simengine.engine.sampled_state import add_run, book_stages, pack, spell_value
from simengine.jit import formula, kernel
from simengine.luck import CHOICE

f32, u32, i32, i64 = np.float32, np.uint32, np.int32, np.int64
UNKNOWN = i64(-1)  # dates of stages that nobody has needed so far
NOBODY = i32(-1)  # state of who does not review


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
def of_state(kick, last, state, n, inertia, limit):
    """Inertia [n] of the current supplier, and the largest draw [n] that is a review."""
    for d in range(n):
        inertia[d] = kick[u32(state[d])]
    for d in range(n):
        limit[d] = last[u32(state[d])]


@formula
def best_offers(offer, offered_by, utility, perceived, error, inertia, supplier, n, best, chosen):
    """chosen [n]: whose offer has most utility, the current supplier's with its inertia; the first of equals."""
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
def only_reviewers(u, limit, never, n, supplier, state, chosen):
    """Who does not review: NOBODY for its state, and it stays where it is."""
    if never.any():
        for d in range(n):
            limit[d] = u32(0) if never[state[d]] else limit[d]
            state[d] = NOBODY if never[state[d]] else state[d]
    for d in range(n):
        reviews = (u[d] <= limit[d]) & (state[d] >= 0)
        state[d] = state[d] if reviews else NOBODY
        chosen[d] = chosen[d] if reviews else supplier[d]


@formula
def note(code, first_code, state, first_state, chosen, first_chosen, supplier, n, differs, moves):
    """Whether anything is unlike the first cell, and whether anybody switches [n]; added to what other cells said."""
    for d in range(n):
        differs[d] |= (code[d] ^ first_code[d]) | (state[d] ^ first_state[d]) | (chosen[d] ^ first_chosen[d])
        moves[d] |= chosen[d] ^ supplier[d]


@formula
def lanes_where(mark, n, found):
    """The lanes that are marked; their number."""
    count = 0
    for d in range(n):
        found[count] = d
        count += mark[d] != 0
    return count


@kernel
def review_lanes(
    customers, luck, stages, books, worth, market, codes, first, period, horizon, customer, replication, top,
    random, real, mark,
):  # fmt: skip
    """Carry out the reviews of n lanes in every cell: of `customer` in the batch's `replication`, with the byte `top`
    of the review draw. Scratch, a column a lane: `random` [12, ...], `real` and `mark` as they are divided below."""
    n, cells = customer.shape[0], market.offer.shape[0]
    (offers, features), states = market.coefficient.shape, market.kick.shape[1]
    suppliers = states - 2
    low, high, when, words, more, limit = random[0], random[1], random[2], random[3:7], random[7:11], random[11]
    feature, error = real[:features], real[features : features + suppliers]
    inertia, best = real[features + suppliers], real[features + suppliers + 1]
    utility = real[features + suppliers + 2 : features + states + offers]
    perceived = real[features + states + offers : features + states + 2 * offers]
    code, state, chosen = mark[:cells], mark[cells : 2 * cells], mark[2 * cells : 3 * cells]
    supplier, differs, moves, found = mark[3 * cells], mark[3 * cells + 1], mark[3 * cells + 2], mark[3 * cells + 3]
    # Arrays leave their tuples here: a tuple of arrays that is passed on inside a loop is counted by reference.
    lows, highs, columns, base = customers.low, customers.high, customers.features, customers.money
    joins, leaves, promotions = books.joins, books.leaves, books.promotions
    value, column, units, joining = worth.value, worth.column, worth.units, worth.join
    key_low, key_high, sigma, bits = luck.key_low, luck.key_high, luck.sigma, stages.bits
    count, valued = lows.shape[0], value.shape[2] > 0

    for d in range(n):
        i = customer[d]
        low[d], high[d], when[d] = lows[i], highs[i], u32(first + replication[d])
        for f in range(features):
            feature[f, d] = columns[i, f]
        at = (replication[d] * count + i) * cells
        for c in range(cells):
            code[c, d] = i32(codes[at + c])
        differs[d] = moves[d] = i32(0)
    draw_lanes(key_low, key_high, low, high, CHOICE, period, when, n, words)
    u, w0 = more[0], words[0]
    draw_errors(key_low, key_high, low, high, period, when, words[3], n, more, error)
    for d in range(n):
        u[d] = u32(u32(top[d] << u32(24)) | u32(w0[d] >> u32(8)))
    perceive(feature, market.coefficient, market.constant, market.supplier, error, n, utility, perceived)
    for c in range(cells):
        states_of(code[c], period, bits, n, supplier, state[c])
        of_state(market.kick[c], market.last[c], state[c], n, inertia, limit)
        best_offers(market.offer[c], market.supplier, utility, perceived, error, inertia, supplier, n, best, chosen[c])
        only_reviewers(u, limit, market.never[c], n, supplier, state[c], chosen[c])
        note(code[c], code[0], state[c], state[0], chosen[c], chosen[0], supplier, n, differs, moves)

    for place in range(lanes_where(moves, n, found)):
        d = found[place]
        i, r = customer[d], replication[d]
        money = money_of(base[i], sigma, key_low, key_high, low[d], high[d], when[d])
        established, loyal = UNKNOWN, UNKNOWN
        c = 0
        while c < cells:  # cells in which the same happens follow each other
            begin, old, left, joined = c, code[c, d], i64(state[c, d]), i64(chosen[c, d])
            c += 1
            while c < cells and code[c, d] == old and chosen[c, d] == joined and state[c, d] == left:
                c += 1
            was = i64(u32(old))  # the wide form fills all bits, the sign's too
            if left < 0 or joined == max(i64(0), left - 2):
                continue
            presence, run = was >> (3 + 2 * bits), c - begin
            add_run(leaves, (((r * states + left) * 2 + presence) * cells + begin) * 2, run, 1, money)
            add_run(joins, (((r * suppliers + joined) * 2 + presence) * cells + begin) * 2, run, 1, money)
            if left < 3:
                book_stages(promotions, horizon, cells, r, begin, run, was, left, presence, bits, -1, money)
            new = pack(joined, i64(0), i64(0), presence, bits)
            if joined == 0:
                if established == UNKNOWN:
                    established, loyal = stage_dates(True, words[1, d], words[2, d], period + 1, stages, horizon)
                new = pack(0, established, loyal, presence, bits)
                book_stages(promotions, horizon, cells, r, begin, run, new, 0, presence, bits, 1, money)
            at = (r * count + i) * cells
            for k in range(at + begin, at + c):
                codes[k] = new
            if valued and (left < 3 or joined == 0):
                for k in range(begin, c):
                    if column[k] >= 0:
                        if left < 3:
                            value[presence, i, column[k]] += spell_value(was, period, bits, money, units, k)
                        else:
                            booked = money * units[k, period, 0, 0] + units[k, period, 0, 1]
                            value[presence, i, column[k]] += i64(np.rint(joining[k, period] - booked))
    judge(
        books.direction, replication, market.offer, market.supplier, market.kick, market.reference, utility,
        state, chosen, n, differs, found,
    )  # fmt: skip
