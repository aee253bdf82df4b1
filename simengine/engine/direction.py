"""The direction guarantee: a what-if may change a customer's mind only towards what became better.

With one extreme-value error per customer and offer, the same in every cell, a review that starts from the same state
in two cells and ends differently ends, in each, where utility rose relative to the other's end.
"""

from __future__ import annotations

import numpy as np

from simengine.jit import formula

# Utilities and errors are rounded to float32: a fall that is smaller than this part of them is rounding, not a fall.
ROUNDING = np.float32(2.0**-21)
SHARED, VIOLATION, LATER = 0, 1, 2
LARGEST_ERRORS = np.float32(64.0)  # two extreme-value errors, before and after: each below 23 in size


@formula
def offer_of(offer, offered_by, c, supplier):
    """Row of a supplier's offer in a cell."""
    for n in range(offer.shape[1]):
        k = offer[c, n]
        if offered_by[k] == supplier:
            return k
    return np.int64(0)


@formula
def judge(direction, replication, offer, offered_by, kick, reference, utility, state, chosen, n, differs, found):
    """The direction guarantee of n lanes, against each cell's reference: a review in both that starts from the same
    state and ends differently ends where utility rose relative to the other end.

    state [C, n], negative of who does not review; chosen [C, n] supplier; utility [U, n]; differs [n]: whether anything
    is not the same in all cells. Counts, direction [R, C, 3]: such reviews, violations, and reviews from different
    states, the later consequences of an earlier switch.
    """
    cells, differing, begin, compared = state.shape[0], 0, 0, 0
    for c in range(cells):
        compared += reference[c] != c
    if compared == 0:
        return
    while begin < n:  # the lanes of a replication follow each other
        end, alike = begin, 0
        while end < n and replication[end] == replication[begin]:
            found[differing] = end
            differing += differs[end] != 0
            alike += (differs[end] == 0) & (state[0, end] >= 0)
            end += 1
        for c in range(cells):
            direction[replication[begin], c, SHARED] += alike if reference[c] != c else 0
        begin = end
    for place in range(differing):
        d = found[place]
        r = replication[d]
        for c in range(cells):
            k = reference[c]
            here, there = state[c, d], state[k, d]
            if k == c or here < 0 or there < 0:
                continue
            if here != there:
                direction[r, c, LATER] += 1
                continue
            direction[r, c, SHARED] += 1
            ours, theirs = chosen[c, d], chosen[k, d]
            if ours != theirs and fell(
                stated_utility(offer, offered_by, kick, utility, c, ours, here, d),
                stated_utility(offer, offered_by, kick, utility, c, theirs, here, d),
                stated_utility(offer, offered_by, kick, utility, k, ours, here, d),
                stated_utility(offer, offered_by, kick, utility, k, theirs, here, d),
            ):
                direction[r, c, VIOLATION] += 1


@formula
def fell(chosen, other, chosen_before, other_before):
    """Whether the offer that was chosen lost utility relative to the other one, by more than rounding explains; or
    nothing changed for either, and yet the end did."""
    risen = (chosen - other) - (chosen_before - other_before)
    size = abs(chosen) + abs(other) + abs(chosen_before) + abs(other_before) + LARGEST_ERRORS
    unchanged = chosen == chosen_before and other == other_before
    return unchanged or risen < -ROUNDING * size


@formula
def stated_utility(offer, offered_by, kick, utility, c, supplier, state, d):
    """Utility of a supplier in a cell to lane d, in `state`: inertia included, the error not."""
    v = utility[offer_of(offer, offered_by, c, supplier), d]
    return v + kick[c, state] if supplier == max(0, state - 2) else v
