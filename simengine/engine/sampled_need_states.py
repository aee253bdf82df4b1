"""Where a sampled customer is among its need states: walked from the opening, move by move, whenever it reviews.

Nothing of it is stored. Each move has its luck by its ordinal, so that whoever asks, in whichever cell and period,
finds the same path; and the state at a date depends on nothing but dates before it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log
from simengine.engine.leaves import LEAF
from simengine.engine.sampled_opening import NOT_POSSIBLE
from simengine.jit import formula, kernel
from simengine.luck import NEED_STATE, OPENING, draw, uniform, uniform53
from simengine.tables.layout import NeedStates

f32 = np.float32


class Moving(NamedTuple):
    """The need states of a segment's customers; L is 0 where they do not move between any."""

    shift: NDArray[np.float32]  # [L, K] see `tables.layout.NeedStates`
    moved: NDArray[np.float32]  # [L]
    hazard: NDArray[np.float64]  # [L] of moving on, a year
    onward: NDArray[np.float64]  # [L, L] a uniform below it leads from a state (row) to this one, or one before it
    bound: NDArray[np.float64]  # [n, L] from which uniform of the opening on a customer is in a state, or a later one
    begin: int  # row of the segment's first customer
    years: float  # length of a period


def moving_of(states: NeedStates | None, joint: NDArray[np.float64] | None, begin: int, years: float) -> Moving:
    """Of a segment with customers from row `begin` on: `joint` [n, L, states] at the opening."""
    if states is None or joint is None:
        empty = np.zeros((0, 0))
        return Moving(empty.astype(f32), np.zeros(0, f32), np.zeros(0), empty, empty, begin, years)
    leaving = states.hazard.sum(axis=1)
    onward = np.cumsum(states.hazard, axis=1) / leaving[:, None]
    for row, hazard in zip(onward, states.hazard, strict=True):
        row[np.flatnonzero(hazard)[-1] :] = NOT_POSSIBLE
    before = np.zeros(joint.shape[:2])  # summed up as the drawing of the opening does: to the bit
    total = np.zeros(len(joint))
    for n in range(joint.shape[1]):
        before[:, n] = np.where(joint[:, n].any(axis=1), total, NOT_POSSIBLE)
        for state in range(joint.shape[2]):
            total += joint[:, n, state]
    shift = np.ascontiguousarray(states.shift)
    return Moving(shift, states.moved, leaving, onward, before, begin, years)


@formula
def need_state_at(hazard, onward, bound, opened, arrival, years, time, key_low, key_high, low, high, replication):
    """The need state at `time`, periods completed, of a customer who drew the uniform `opened` on entering at
    `arrival`; bound [L]."""
    state = 0
    for n in range(bound.shape[0]):
        if opened >= bound[n]:
            state = n
    now, ordinal = arrival * years, 0
    while True:
        ordinal += 1
        w0, w1, w2, _ = draw(key_low, key_high, low, high, NEED_STATE, ordinal, replication)
        now -= log(uniform53(w0, w1)) / hazard[state]
        if now > time * years:
            return state
        chosen, n = uniform(w2), 0
        while chosen >= onward[state, n]:
            n += 1
        state = n


@kernel
def drawn_need_state(moving, i, arrival, time, key_low, key_high, low, high, replication):
    """The need state at `time`, periods completed, of customer i, who entered at `arrival`, in a replication."""
    row, (word, _, _, _) = i - moving.begin, draw(key_low, key_high, low, high, OPENING, 0, replication)
    return need_state_at(
        moving.hazard, moving.onward, moving.bound[row], uniform(word), arrival, moving.years, time,
        key_low, key_high, low, high, replication,
    )  # fmt: skip


@formula
def displace_columns(features, shift, moved, size):
    """Add to the columns of a leaf, see `expected_sums`, what a need state adds: shift [K] and `moved`."""
    for i in range(size):
        for k in range(shift.shape[0]):
            features[k * LEAF + i] += shift[k]
        features[(shift.shape[0] + 2) * LEAF + i] = moved


@formula
def displace(feature, moving, arrival, customer, word, low, high, when, key_low, key_high, period, n):
    """Add to the columns `feature` [F, n] of customers what the need states add in which they are as a period begins;
    `arrival` is [N], `word` [n] are those of the opening's draw, `when` [n] the replications."""
    shift, moved, hazard, onward = moving.shift, moving.moved, moving.hazard, moving.onward
    bound, begin, years = moving.bound, moving.begin, moving.years
    needs = shift.shape[1]
    for d in range(n):
        i = customer[d]
        state = need_state_at(
            hazard, onward, bound[i - begin], uniform(word[d]), arrival[i], years, period, key_low, key_high, low[d],
            high[d], when[d],
        )  # fmt: skip
        for k in range(needs):
            feature[k, d] += shift[state, k]
        feature[needs + 2, d] = moved[state]
