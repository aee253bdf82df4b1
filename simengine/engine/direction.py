"""The direction guarantee: a what-if may change a customer's mind only towards what became better.

With one extreme-value error per customer and offer, the same in every cell, a review that starts from the same state
in two cells and ends differently ends, in each, where utility rose relative to the other's end.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic.lanes import LANES, every_whole, load, marks
from simengine.arithmetic.marks import MARKS, lowest, number, only_first, without_lowest
from simengine.engine.sampled_decision import CHOSEN, FATE_BITS
from simengine.jit import formula

u64 = np.uint64

# Utilities and errors are rounded to float32: a fall that is smaller than this part of them is rounding, not a fall.
ROUNDING = np.float32(2.0**-21)
SHARED, VIOLATION, LATER = 0, 1, 2
LARGEST_ERRORS = np.float32(64.0)  # two extreme-value errors, before and after: each below 23 in size


@formula
def judge(direction, replication, offer, offered_by, shift, kick, reference, utility, fate, n):
    """The direction guarantee of n lanes, against each cell's reference: a review in both that starts from the same
    state and ends differently ends where utility rose relative to the other end.

    fate [C, n] as `sampled_decision.decide` writes it; utility [U, n], without shifts: columns that can be read up to
    a multiple of 16 lanes. Counts, direction [R, C, 3]: such reviews, violations, and reviews from different states,
    the later consequences of an earlier switch.
    """
    cells, compared = reference.shape[0], 0
    for c in range(cells):
        compared += reference[c] != c
    if compared == 0:
        return
    chosen = every_whole(CHOSEN)
    of_run, run_of = np.empty(MARKS, np.uint64), np.empty(MARKS, np.int64)
    place_of = np.empty(kick.shape[1], np.int64)  # of a supplier among the offers, the same in every cell
    for place in range(offer.shape[1]):
        place_of[offered_by[place]] = place
    for first in range(0, n, MARKS):
        runs, end = -1, min(first + MARKS, n)
        for d in range(first, end):  # the lanes of a replication follow each other
            if runs < 0 or replication[d] != run_of[runs]:
                runs += 1
                of_run[runs], run_of[runs] = u64(0), replication[d]
            of_run[runs] |= u64(1) << u64(d - first)
        for c in range(cells):
            if reference[c] == c:
                continue
            k, shared, later, apart = reference[c], u64(0), u64(0), u64(0)
            for begin in range(first, end, LANES):
                here, there = load(fate[c], begin), load(fate[k], begin)
                both, unlike = (here | there) >= every_whole(0), here ^ there
                alike = both & (chosen >= unlike)
                place = u64(begin - first)
                shared |= marks(alike) << place
                later |= marks(both & (unlike > chosen)) << place
                apart |= marks(alike & (unlike > every_whole(0))) << place
            for run in range(runs + 1):
                direction[run_of[run], c, SHARED] += number(shared & of_run[run])
                direction[run_of[run], c, LATER] += number(later & of_run[run])
            apart = only_first(apart, end - first)
            while apart != 0:
                d = first + lowest(apart)
                apart = without_lowest(apart)
                here, ours, theirs = fate[c, d] >> FATE_BITS, fate[c, d] & CHOSEN, fate[k, d] & CHOSEN
                current, to, from_ = max(0, here - 2), place_of[ours], place_of[theirs]
                own, before = kick[c, here], kick[k, here]
                if fell(
                    stated_utility(utility[offer[c, to], d] + shift[c, to], own, ours == current),
                    stated_utility(utility[offer[c, from_], d] + shift[c, from_], own, theirs == current),
                    stated_utility(utility[offer[k, to], d] + shift[k, to], before, ours == current),
                    stated_utility(utility[offer[k, from_], d] + shift[k, from_], before, theirs == current),
                ):
                    direction[replication[d], c, VIOLATION] += 1


@formula
def fell(chosen, other, chosen_before, other_before):
    """Whether the offer that was chosen lost utility relative to the other one, by more than rounding explains; or
    nothing changed for either, and yet the end did."""
    risen = (chosen - other) - (chosen_before - other_before)
    size = abs(chosen) + abs(other) + abs(chosen_before) + abs(other_before) + LARGEST_ERRORS
    unchanged = chosen == chosen_before and other == other_before
    return unchanged or risen < -ROUNDING * size


@formula
def stated_utility(utility, kick, current):
    """Utility of an offer, inertia included if it is the current supplier's, the error not."""
    return utility + kick if current else utility
