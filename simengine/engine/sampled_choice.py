"""One period's reviews of a `choice` segment, lane by lane: what each cell's customer is, chooses, and becomes."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.lanes import LANES, either, every, every_whole, load, marks, store, up_to
from simengine.arithmetic.marks import MARKS, lowest, only_first, without_lowest
from simengine.engine.direction import judge
from simengine.engine.sampled_customer import money_of, stage_dates
from simengine.engine.sampled_lanes import draw_errors, draw_lanes, perceive
from simengine.engine.sampled_need_states import displace
from simengine.engine.sampled_state import add_run, book_stages, pack, spell_value
from simengine.jit import formula, kernel
from simengine.luck import CHOICE, OPENING

u32, i32, i64, u64 = np.uint32, np.int32, np.int64, np.uint64
UNKNOWN = i64(-1)  # dates of stages that nobody has needed so far
NOBODY = i32(-1)  # state of who does not review


@formula
def decide(
    code, u, utility, perceived, error, kick, last, steps, never, some_never, offer, offered_by, period, bits, n,
    state, chosen, moves,
):  # fmt: skip
    """What the customers of n lanes are in each cell, and whose offer they choose: the one with most utility, the
    current supplier's with its inertia; the first of equals.

    code [C, n]; u [n] the review draw. Written: state [C, n], NOBODY of who does not review; chosen [C, n] supplier,
    who does not review keeps theirs; moves: marks, 64 lanes a word, of who switches in some cell. Columns can be read
    and written up to a multiple of 16 lanes. The rest as in `Market`.
    """
    cells, places = offer.shape
    nothing, one, two, three, seven = every_whole(0), every_whole(1), every_whole(2), every_whole(3), every_whole(7)
    date, loyal_from = every_whole((1 << bits) - 1), every_whole(3 + bits)
    now, nobody, none_yet = every_whole(period), every_whole(NOBODY), every(-np.inf)
    for word in range(moves.shape[0]):
        moves[word] = u64(0)
    for begin in range(0, n, LANES):
        drawn, moved = load(u, begin), u64(0)
        for c in range(cells):
            coded = load(code[c], begin)
            supplier = coded & seven
            established, loyal = (coded >> three) & date, (coded >> loyal_from) & date
            ours = either(now >= established, one, nothing) + either(now >= loyal, one, nothing)
            own_state = either(supplier > nothing, supplier + two, ours)
            inertia, limit = every(kick[c, 0]), every_whole(last[c, 0])
            for k in steps:
                from_here = own_state >= every_whole(k)
                inertia = either(from_here, every(kick[c, k]), inertia)
                limit = either(from_here, every_whole(last[c, k]), limit)
            reviews = up_to(drawn, limit)
            if some_never:
                for k in range(kick.shape[1]):
                    reviews = reviews & ((own_state != every_whole(k)) | (every_whole(never[c, k]) == nothing))
            best, choice = none_yet, every_whole(offered_by[0])
            for place in range(places):
                k = offer[c, place]
                j = offered_by[k]
                whose = every_whole(j)
                held = (load(utility[k], begin) + inertia) + load(error[j], begin)
                v = either(supplier == whose, held, load(perceived[k], begin))
                better = v > best
                best, choice = either(better, v, best), either(better, whose, choice)
            choice = either(reviews, choice, supplier)
            store(state[c], begin, either(reviews, own_state, nobody))
            store(chosen[c], begin, choice)
            moved |= marks(choice != supplier)
        moves[begin // MARKS] |= moved << u64(begin % MARKS)
    last_word = (n - 1) // MARKS
    moves[last_word] = only_first(moves[last_word], n - last_word * MARKS)


@kernel
def review_lanes(
    customers, luck, stages, books, worth, market, m, moving, codes, first, period, horizon, customer, replication,
    top, random, real, mark, moves,
):  # fmt: skip
    """Carry out the reviews of n lanes in every cell of market m: of `customer` in the batch's `replication`, with the
    byte `top` of the review draw. `moving` is None where they do not move between need states: then that is not
    compiled. Scratch, a column a lane: `random` [11, ...], `real` and `mark` as they are divided
    below; `moves` a word for 64 lanes."""
    coefficient, constant, offered_by = market.coefficient[m], market.constant[m], market.supplier[m]
    offer, kick, last, never = market.offer[m], market.kick[m], market.last[m], market.never[m]
    n, cells = customer.shape[0], offer.shape[0]
    (offers, features), states = coefficient.shape, kick.shape[1]
    suppliers = states - 2
    low, high, when, words, more = random[0], random[1], random[2], random[3:7], random[7:11]
    feature, error = real[:features], real[features : features + suppliers]
    utility = real[features + suppliers : features + suppliers + offers]
    perceived = real[features + suppliers + offers : features + suppliers + 2 * offers]
    code, state, chosen = mark[:cells], mark[cells : 2 * cells], mark[2 * cells : 3 * cells]
    # Arrays leave their tuples here: a tuple of arrays that is passed on inside a loop is counted by reference.
    lows, highs, columns, base = customers.low, customers.high, customers.features, customers.money
    arrivals = customers.arrival
    joins, leaves, promotions = books.joins, books.leaves, books.promotions
    value, column, units, joining = worth.value, worth.column, worth.units[m], worth.join[m]
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
    for d in range(n, (n + LANES - 1) // LANES * LANES):  # read, but nobody's
        for c in range(cells):
            code[c, d] = i32(0)
    if moving is not None:
        draw_lanes(key_low, key_high, low, high, OPENING, 0, when, n, words)
        displace(feature, moving, arrivals, customer, words[0], low, high, when, key_low, key_high, period, n)
    draw_lanes(key_low, key_high, low, high, CHOICE, period, when, n, words)
    u, w0 = more[0], words[0]
    draw_errors(key_low, key_high, low, high, period, when, words[3], n, more, error)
    for d in range(n):
        u[d] = u32(u32(top[d] << u32(24)) | u32(w0[d] >> u32(8)))
    perceive(feature, coefficient, constant, offered_by, error, n, utility, perceived)
    decide(
        code, u, utility, perceived, error, kick, last, market.steps, never, market.some_never, offer, offered_by,
        period, bits, n, state, chosen, moves,
    )  # fmt: skip

    for word in range(moves.shape[0]):
        while moves[word] != 0:
            d = word * MARKS + lowest(moves[word])
            moves[word] = without_lowest(moves[word])
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
    judge(books.direction, replication, offer, offered_by, kick, market.reference, utility, state, chosen, n)
