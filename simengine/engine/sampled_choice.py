"""One period's reviews of a `choice` segment, lane by lane: who they are, what they weigh, and what becomes of them."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.lanes import LANES
from simengine.arithmetic.marks import MARKS, lowest, without_lowest
from simengine.engine.direction import judge
from simengine.engine.prefetch import prefetch
from simengine.engine.sampled_customer import money_of, stage_dates
from simengine.engine.sampled_decision import CELLS_A_WORD, CHOSEN, FATE_BITS, decide, find_offers, find_switches
from simengine.engine.sampled_lanes import COLUMN, draw_errors, draw_lanes, move_to_front, weigh
from simengine.engine.sampled_need_states import displace
from simengine.engine.sampled_state import book_stages, pack, spell_value
from simengine.jit import formula, kernel
from simengine.luck import CHOICE, OPENING

u32, i32, i64, u64 = np.uint32, np.int32, np.int64, np.uint64
UNKNOWN = i64(-1)  # dates of stages that nobody has needed so far


@formula
def switch(leaves, joins, codes, from_, to, at, cells, money, new):
    """Book a customer's switch at places of flat books, and its new state, in so many cells that follow each other."""
    for k in range(u64(cells)):
        left, joined = u64(from_) + u64(2) * k, u64(to) + u64(2) * k
        leaves[left] += 1
        leaves[left + u64(1)] += money
        joins[joined] += 1
        joins[joined + u64(1)] += money
        codes[u64(at) + k] = new


@kernel
def review_lanes(
    customers, luck, stages, books, worth, market, m, moving, codes, first, place, period, horizon, customer,
    replication, top, waiting, last, random, real, mark, moves,
):  # fmt: skip
    """Carry out the reviews that are `waiting` in every cell of market m, `COLUMN` at a time: of `customer` in the
    batch's `replication`, with the byte `top` of the review draw. Fewer than that are left waiting unless they are the
    `last`; how many is returned. Flows are written at `place` of the books. `moving` is None where customers do not
    move between need states: then that is not compiled. Scratch, a column a lane: `random` [11, ...], `real` and `mark`
    as they are divided below; `moves` a word for 64 lanes."""
    coefficient, constant, offered_by = market.coefficient[m], market.constant[m], market.supplier
    offer, shift, kick, most, never = market.offer[m], market.shift[m], market.kick[m], market.last[m], market.never[m]
    steps, some_never, reference = market.steps, market.some_never, market.reference
    cells, (offers, features), suppliers = offer.shape[0], coefficient.shape, kick.shape[1] - 2
    states, words_of_cells = suppliers + 2, (cells + CELLS_A_WORD - 1) // CELLS_A_WORD
    low, high, when, words, more = random[0], random[1], random[2], random[3:7], random[7:11]
    u, w0, w3 = more[0], words[0], words[3]
    feature, error, width = real[:features], real[features : features + suppliers], real.shape[1]
    utility = real[features + suppliers : features + suppliers + offers]
    code, fate, flags = mark[:cells], mark[cells : 2 * cells], mark[2 * cells :]
    switched, begun = flags[:words_of_cells], flags[words_of_cells : 2 * words_of_cells]
    every_real, every_mark = real.reshape(real.size), mark.reshape(mark.size)
    # Arrays leave their tuples here: a tuple of arrays that is passed on inside a loop is counted by reference.
    lows, highs, columns, base = customers.low, customers.high, customers.features, customers.money
    arrivals = customers.arrival
    joins, leaves = books.joins[place], books.leaves[place]
    promotions, direction = books.promotions, books.direction
    value, column, units, joining = worth.value, worth.column, worth.units[m], worth.join[m]
    key_low, key_high, sigma, bits = luck.key_low, luck.key_high, luck.sigma, stages.bits
    count, valued = lows.shape[0], value.shape[2] > 0
    utility_at, error_at = np.empty(offer.size, np.int64), np.empty(offered_by.size, np.int64)
    find_offers(offer, offered_by, features + suppliers, features, width, utility_at, error_at)

    done = i64(0)
    while waiting - done >= COLUMN or (last and done < waiting):
        n = min(COLUMN, waiting - done)
        coming = min(n, waiting - done - n)  # of the next: their states are asked for while these are carried out
        for d in range(n):
            lane = u64(done + d)
            i, r = u64(customer[lane]), u64(replication[lane])
            low[d], high[d], when[d] = lows[i], highs[i], u32(first + i64(r))
            for f in range(features):
                every_real[u64(f * width + d)] = columns[i, u64(f)]
            at = (r * u64(count) + i) * u64(cells)
            for c in range(cells):
                every_mark[u64(c * width + d)] = i32(codes[at + u64(c)])
            if d < coming:
                later = lane + u64(n)
                prefetch(codes, i64((u64(replication[later]) * u64(count) + u64(customer[later])) * u64(cells)))
        for d in range(n, (n + LANES - 1) // LANES * LANES):  # read, but nobody's
            for c in range(cells):
                code[c, d] = i32(0)
        if moving is not None:
            draw_lanes(key_low, key_high, low, high, OPENING, 0, when, n, words)
            displace(feature, moving, arrivals, customer[done:], w0, low, high, when, key_low, key_high, period, n)
        draw_lanes(key_low, key_high, low, high, CHOICE, period, when, n, words)
        draw_errors(key_low, key_high, low, high, period, when, w3, n, more, error)
        for d in range(n):
            u[d] = u32(u32(top[u64(done + d)] << u32(24)) | u32(w0[d] >> u32(8)))
        weigh(feature, coefficient, constant, n, utility)
        decide(
            u, code, every_real, utility_at, error_at, offered_by, shift, kick, most, steps, never, some_never, period,
            bits, n, fate, switched, begun,
        )  # fmt: skip
        find_switches(switched, n, moves)

        for word in range(moves.shape[0]):
            while moves[word] != 0:
                d = word * MARKS + lowest(moves[word])
                moves[word] = without_lowest(moves[word])
                i, r = i64(customer[u64(done + d)]), i64(replication[u64(done + d)])
                money = money_of(base[i], sigma, key_low, key_high, low[d], high[d], when[d])
                established, loyal = UNKNOWN, UNKNOWN
                for part in range(words_of_cells):
                    here, size = part * CELLS_A_WORD, min(CELLS_A_WORD, cells - part * CELLS_A_WORD)
                    moved = u64(u32(switched[part, d]))
                    ends = u64(u32(begun[part, d])) | u64(1) << u64(size)
                    while moved != 0:  # cells in which the same happens follow each other
                        c = lowest(moved)
                        end = lowest(ends & (~u64(0) << u64(c + 1)))
                        moved &= ~u64(0) << u64(end)
                        begin, run = here + c, end - c
                        was, fated = i64(u32(code[begin, d])), i64(fate[begin, d])  # u32: the wide form fills all bits
                        left, joined, presence = fated >> FATE_BITS, fated & CHOSEN, was >> (3 + 2 * bits)
                        new = pack(joined, i64(0), i64(0), presence, bits)
                        if left < 3:
                            book_stages(promotions, horizon, cells, r, begin, run, was, left, presence, bits, -1, money)
                        if joined == 0:
                            if established == UNKNOWN:
                                established, loyal = stage_dates(
                                    True, words[1, d], words[2, d], period + 1, stages, horizon
                                )
                            new = pack(0, established, loyal, presence, bits)
                            book_stages(promotions, horizon, cells, r, begin, run, new, 0, presence, bits, 1, money)
                        from_ = (((r * states + left) * 2 + presence) * cells + begin) * 2
                        to = (((r * suppliers + joined) * 2 + presence) * cells + begin) * 2
                        switch(leaves, joins, codes, from_, to, (r * count + i) * cells + begin, run, money, new)
                        if valued and (left < 3 or joined == 0):
                            for k in range(begin, begin + run):
                                if column[k] >= 0:
                                    if left < 3:
                                        spell = spell_value(was, period, bits, money, units, k)
                                        value[presence, i, column[k]] += spell
                                    else:
                                        booked = money * units[k, period, 0, 0] + units[k, period, 0, 1]
                                        value[presence, i, column[k]] += i64(np.rint(joining[k, period] - booked))
        judge(direction, replication[done:], offer, offered_by, shift, kick, reference, utility, fate, n)
        done += n
    return move_to_front(done, waiting, customer, replication, top)
