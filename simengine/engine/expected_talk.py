"""Word of mouth in expected mode, where it is all that follows from what customers do.

A segment hears of its own customers alone: it is carried through many periods, while the processor's cache holds it,
before the next segment is. What the tables say is known ahead, and what is heard is added here, with the bits of
`tables.forces`, which adds it where more follows from what customers do.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import exp
from simengine.engine.expected_offers import FURTHEST, distance
from simengine.engine.talk import heard
from simengine.jit import formula
from simengine.tables.layout import OWN_STATES

f32 = np.float32
_distance = formula(distance)


@formula
def hear(talk, totals, cells, supplier, t, shift, scale, far):
    """How far offers are shifted in period t, their `scale`, and which cells are `far` then, from `totals`
    [T, C, states, 2] of the customers of the whole segment before it."""
    states = totals.customers.shape[2]
    suppliers = states + 1 - OWN_STATES
    customers = np.empty(suppliers)
    for c in cells:
        customers[:] = 0.0
        everybody = 0.0
        for state in range(states):
            if t == 0:
                here = talk.before[c, state]
            else:
                here = totals.customers[t - 1, c, state, 0] + totals.customers[t - 1, c, state, 1]
            customers[max(0, state + 1 - OWN_STATES)] += np.float64(here)
            everybody += np.float64(here)
        furthest = 0.0
        for n in range(supplier.shape[0]):
            j, own = supplier[n], talk.shift[t, c, n]
            if j < suppliers - 1:  # nobody talks of the outside option
                own += heard(talk.omega, customers[j], everybody, talk.share[c, j])
            shift[t, c, n] = f32(own)
            furthest = max(furthest, _distance(np.float64(f32(own)), talk.least[t, c, n], talk.most[t, c, n]))
        far[t, c] = furthest > FURTHEST
        for n in range(supplier.shape[0]):
            scale[t, c, n] = f32(1.0) if far[t, c] else f32(exp(np.float64(shift[t, c, n])))
