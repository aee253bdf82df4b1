"""What customers decide in a period's reviews: in every cell whose offer they choose, 16 lanes at a time."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.lanes import LANES, either, every, every_whole, load, marks, store, up_to
from simengine.arithmetic.marks import MARKS, only_first
from simengine.jit import formula

i64, u64 = np.int64, np.uint64
NOBODY = -1  # fate of who does not review
CELLS_A_WORD = 32  # whose switches are marked in one lane
FATE_BITS = 3  # of a fate, that say whom a customer chose; above them is the state that it was in
CHOSEN = (1 << FATE_BITS) - 1


@formula
def find_offers(offer, offered_by, utility, error, width, utility_at, error_at):
    """Where in a lane's columns, each `width` long, the offers stand that a cell's customers choose among: utilities,
    [C x J served], a cell's one after the other, begin with row `utility`; errors of suppliers, [J served], with row
    `error`."""
    places = offer.shape[1]
    for place in range(places):
        error_at[place] = (error + offered_by[place]) * width
        for c in range(offer.shape[0]):
            utility_at[c * places + place] = (utility + offer[c, place]) * width


@formula
def decide(
    u, code, real, utility_at, error_at, offered_by, shift, kick, last, steps, never, some_never, period, bits, n, fate,
    switched, begun,
):  # fmt: skip
    """What the customers of n lanes are in each cell, and whose offer they choose: the one with most utility, as it is
    shifted in the cell, the current supplier's with its inertia; the first of equals.

    u [n] the review draw; code [C, n]; utilities and errors stand where `find_offers` says. Written: fate [C, n], the
    state before and the supplier chosen of who reviews, else NOBODY; switched, begun [words, n]: a bit for each cell in
    which the customer switches, and in which it is or does something else than in the cell before. Columns can be read
    and written up to a multiple of 16 lanes. The rest as in `Market`.
    """
    cells, states = kick.shape
    places = offered_by.shape[0]
    nothing, one, two, three, seven = every_whole(0), every_whole(1), every_whole(2), every_whole(3), every_whole(7)
    date, loyal_from, fate_bits = every_whole((1 << bits) - 1), every_whole(3 + bits), every_whole(FATE_BITS)
    now, nobody, none_yet = every_whole(period), every_whole(NOBODY), every(-np.inf)
    for c in range(cells):
        own, ends, before = code[c], fate[c], max(0, c - 1)
        own_before, ends_before = code[before], fate[before]
        switching, beginning, here = switched[c // CELLS_A_WORD], begun[c // CELLS_A_WORD], c % CELLS_A_WORD
        bit, first, row = every_whole(i64(1) << here), u64(c * places), u64(c)
        for begin in range(0, n, LANES):
            coded = load(own, begin)
            supplier = coded & seven
            established, loyal = (coded >> three) & date, (coded >> loyal_from) & date
            ours = either(now >= established, one, nothing) + either(now >= loyal, one, nothing)
            own_state = either(supplier > nothing, supplier + two, ours)
            inertia, limit = every(kick[row, u64(0)]), every_whole(last[row, u64(0)])
            for k in steps:
                from_here = own_state >= every_whole(k)
                inertia = either(from_here, every(kick[row, u64(k)]), inertia)
                limit = either(from_here, every_whole(last[row, u64(k)]), limit)
            reviews = up_to(load(u, begin), limit)
            if some_never:
                for k in range(states):
                    reviews = reviews & ((own_state != every_whole(k)) | (every_whole(never[row, u64(k)]) == nothing))
            best, choice = none_yet, supplier
            for place in range(places):
                of_whom = every_whole(offered_by[place])
                v = load(real, utility_at[first + u64(place)] + begin) + every(shift[row, u64(place)])
                v = either(supplier == of_whom, v + inertia, v) + load(real, error_at[place] + begin)
                better = v > best
                best, choice = either(better, v, best), either(better, of_whom, choice)
            end = either(reviews, (own_state << fate_bits) | choice, nobody)
            store(ends, begin, end)
            switches = either(reviews & (choice != supplier), bit, nothing)
            alike = (coded == load(own_before, begin)) & (end == load(ends_before, begin))
            begins = either(alike, nothing, bit)
            if here > 0:
                switches, begins = switches | load(switching, begin), begins | load(beginning, begin)
            store(switching, begin, switches)
            store(beginning, begin, begins)


@formula
def find_switches(switched, n, moves):
    """Marks, 64 lanes a word, of who of n lanes switches in some cell."""
    for word in range(moves.shape[0]):
        moves[word] = u64(0)
    for begin in range(0, n, LANES):
        some = load(switched[0], begin)
        for word in range(1, switched.shape[0]):
            some = some | load(switched[word], begin)
        moves[begin // MARKS] |= marks(some != every_whole(0)) << u64(begin % MARKS)
    last_word = (n - 1) // MARKS
    moves[last_word] = only_first(moves[last_word], n - last_word * MARKS)
