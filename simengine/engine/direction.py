"""The direction guarantee: a what-if may change a customer's mind only towards what became better.

With one extreme-value error per customer and offer, the same in every cell, a review that starts from the same state
in two cells and ends differently ends, in each, where utility rose relative to the other's end.
"""

from __future__ import annotations

import numpy as np

from simengine.jit import formula

# Utilities and errors are rounded to float32: a fall that is smaller than this part of them is rounding, not a fall.
ROUNDING = np.float32(2.0**-21)
SHARED, VIOLATION, LATER, NEITHER = np.int32(0), np.int32(1), np.int32(2), np.int32(3)
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
def judge(direction, replication, offer, offered_by, kick, reference, utility, origin, chosen, n, verdict, found):
    """The direction guarantee of n lanes, against each cell's reference: a review in both that starts from the same
    state and ends differently ends where utility rose relative to the other end.

    origin [C, n] state, -1 of who does not review; chosen [C, n] supplier; utility [U, n]. Counts, direction [R, C, 3]:
    such reviews, violations, and reviews from different states, the later consequences of an earlier switch.
    """
    for c in range(origin.shape[0]):
        k = reference[c]
        if k == c:
            continue
        here, there, ours, theirs = origin[c], origin[k], chosen[c], chosen[k]
        for d in range(n):
            both = (here[d] >= 0) & (there[d] >= 0)
            verdict[d] = (LATER if here[d] != there[d] else SHARED) if both else NEITHER
        begin = 0
        while begin < n:  # the lanes of a replication follow each other
            end, shared, later = begin, 0, 0
            while end < n and replication[end] == replication[begin]:
                shared += verdict[end] == SHARED
                later += verdict[end] == LATER
                end += 1
            direction[replication[begin], c, SHARED] += shared
            direction[replication[begin], c, LATER] += later
            begin = end
        differing = 0
        for d in range(n):
            found[differing] = d
            differing += (verdict[d] == SHARED) & (ours[d] != theirs[d])
        for place in range(differing):
            d = found[place]
            if fell(
                stated_utility(offer, offered_by, kick, utility, c, ours[d], here[d], d),
                stated_utility(offer, offered_by, kick, utility, c, theirs[d], here[d], d),
                stated_utility(offer, offered_by, kick, utility, k, ours[d], here[d], d),
                stated_utility(offer, offered_by, kick, utility, k, theirs[d], here[d], d),
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
def stated_utility(offer, offered_by, kick, utility, c, supplier, state, d):
    """Utility of a supplier in a cell to lane d, in `state`: inertia included, the error not."""
    v = utility[offer_of(offer, offered_by, c, supplier), d]
    return v + kick[c, state] if supplier == max(0, state - 2) else v
