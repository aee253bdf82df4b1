"""The direction guarantee: a what-if may change a customer's mind only towards what became better.

With one extreme-value error per customer and offer, the same in every cell, a review that starts from the same state
in two cells and ends differently ends, in each, where utility rose relative to the other's end.
"""

from __future__ import annotations

import numpy as np

from simengine.jit import formula

# Utilities and errors are rounded to float32: a fall that is smaller than this part of them is rounding, not a fall.
ROUNDING = np.float32(2.0**-21)
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
def judge(direction, r, offer, offered_by, kick, reference, utility, origin, chosen):
    """The direction guarantee, against each cell's reference: a review in both that starts from the same state and
    ends differently ends where utility rose relative to the other end. Counts [R, C, 3]: such reviews, violations,
    and reviews from different states, the later consequences of an earlier switch."""
    for c in range(origin.shape[0]):
        k = reference[c]
        if k == c or origin[c] < 0 or origin[k] < 0:
            continue
        if origin[c] != origin[k]:
            direction[r, c, 2] += 1
            continue
        direction[r, c, 0] += 1
        here, there = offered_by[chosen[c]], offered_by[chosen[k]]
        if here != there and fell(
            stated_utility(offer, offered_by, kick, utility, c, here, origin[c]),
            stated_utility(offer, offered_by, kick, utility, c, there, origin[c]),
            stated_utility(offer, offered_by, kick, utility, k, here, origin[c]),
            stated_utility(offer, offered_by, kick, utility, k, there, origin[c]),
        ):
            direction[r, c, 1] += 1


@formula
def fell(chosen, other, chosen_before, other_before):
    """Whether the offer that was chosen lost utility relative to the other one, by more than rounding explains; or
    nothing changed for either, and yet the end did."""
    risen = (chosen - other) - (chosen_before - other_before)
    size = abs(chosen) + abs(other) + abs(chosen_before) + abs(other_before) + LARGEST_ERRORS
    unchanged = chosen == chosen_before and other == other_before
    return unchanged or risen < -ROUNDING * size


@formula
def stated_utility(offer, offered_by, kick, utility, c, supplier, state):
    """Utility of a supplier in a cell to somebody in `state`, inertia included, the error not."""
    v = utility[offer_of(offer, offered_by, c, supplier)]
    return v + kick[c, state] if supplier == max(0, state - 2) else v
