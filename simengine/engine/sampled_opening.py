"""Where customers start in sampled mode: whoever needs luck for it takes a lane, the others are settled once for all
replications.

A customer needs none if a single state is possible and that state has no promotion ahead: a rival's or nobody's
customer of a file, or a loyal one of ours.
"""

from __future__ import annotations

from simengine.jit import formula
from simengine.luck import uniform
from simengine.tables.layout import OWN_STATES

NOT_POSSIBLE = 2.0  # above all uniforms


@formula
def take_lanes(states, a, n, place, state, bound):
    """Lanes of n customers from `a` on, first those who need luck; their number.

    place [n]: the customer's number within the n; state [n] of who needs no luck; bound [states, n]: from which
    uniform on a lane is in a state, or a later one.
    """
    drawn, settled = 0, n
    for d in range(n):
        possible, only = 0, 0
        for k in range(states.shape[1]):
            if states[a + d, k] > 0.0:
                possible, only = possible + 1, k
        if possible == 1 and only >= OWN_STATES - 1:
            settled -= 1
            place[settled], state[settled] = d, only
            continue
        cumulative = 0.0
        for k in range(states.shape[1]):
            bound[k, drawn] = cumulative if states[a + d, k] > 0.0 else NOT_POSSIBLE
            cumulative += states[a + d, k]
        place[drawn] = d
        drawn += 1
    return drawn


@formula
def draw_states(word, bound, n, u, state):
    """The state [n] of lanes, by a random word."""
    for d in range(n):
        u[d], state[d] = uniform(word[d]), 0
    for k in range(bound.shape[0]):
        least = bound[k]
        for d in range(n):
            state[d] = k if u[d] >= least[d] else state[d]


@formula
def tally(state, money, start, end, totals):
    """Count lanes start..end, and their money, by state: totals [states, 2]."""
    for d in range(start, end):
        totals[state[d], 0] += 1
        totals[state[d], 1] += money[d]


@formula
def fill(codes, at, place, code, start, end, cells):
    """Put codes of lanes start..end where their customers' states are in all cells, flat codes from `at` on."""
    for d in range(start, end):
        begin = at + place[d] * cells
        for c in range(begin, begin + cells):
            codes[c] = code[d]
