"""The passes over customers that solve today where customers move between need states; else see `opening_kernels`.

A customer's joint state is its need state and its supplier and stage. In a period it reviews with the needs of the
state in which it is, then moves on: with T_l the transitions of suppliers and stages in need state l and P those of
need states, the joint distribution z at rest has z_m = sum_l P[l, m] z_l T_l. All that leaves any supplier goes to the
others in proportion to one set of weights, so with the mass m_l that reviews away in each need state given, what each
supplier has follows from a linear system of L unknowns, and so does m: no system is larger (Woodbury 1950). The same
systems, with other sources, give the derivatives. What is here of one need state is `model.stationary`.

Arrays: B [n, L, J] weights exp(utility) with the start's constants, A [J], states S = J + 2, joint [n, L, S].
"""

from __future__ import annotations

import numpy as np

from simengine.engine.linear import solve_in_place
from simengine.engine.opening_kernels import ANY_STAGE, ANYWHERE, LEAF, NOT_OURS, OURS
from simengine.jit import kernel
from simengine.portfolio.population import DRAWN
from simengine.tables.layout import OWN_STATES


@kernel
def _weigh(B, A, review, pull, share, rate):
    """share [L, J] = parts of the weights; rate [L, S] = the turnover by state, see `model.choice`."""
    copies, suppliers = B.shape
    for n in range(copies):
        total = 0.0
        for j in range(suppliers):
            share[n, j] = B[n, j] * A[j]
            total += share[n, j]
        for j in range(suppliers):
            share[n, j] /= total
        for state in range(suppliers + 2):
            j = max(0, state - 2)
            rate[n, state] = review[j] / (1.0 + share[n, j] * (pull[state] - 1.0))


@kernel
def _prepare(share, rate, promote, move, kept, lasting, border, talk):
    """What follows from `share` and `rate` for `_rest`, in place.

    kept [S, L]: who neither leaves a state by a review nor, of ours, rises; lasting [S, L, L]: mass at rest by need
    state (row) for a unit that enters a state a period with a need state; border [2, L, L]: what those of other
    suppliers review away for a unit of m, and what ours do for a unit that others do; talk [L, L]: the system of m.
    """
    copies, suppliers = share.shape
    states = suppliers + 2
    matrix = np.empty((copies, copies))
    for state in range(states):
        j = max(0, state - 2)
        for n in range(copies):
            gone = rate[n, state] * (1.0 - share[n, 0]) if state < OWN_STATES else rate[n, state]
            rises = promote[state] if state < OWN_STATES - 1 else 0.0
            kept[state, n] = (1.0 - gone) * (1.0 - rises)
        for n in range(copies):
            for k in range(copies):
                matrix[n, k] = (1.0 if n == k else 0.0) - move[k, n] * kept[state, k]
                lasting[state, n, k] = move[k, n] if share[0, j] > 0.0 else 0.0
        if share[0, j] > 0.0:
            solve_in_place(matrix, lasting[state])
    unit, own = np.zeros((states, copies)), np.empty((states, copies))
    for k in range(copies):
        for n in range(copies):
            border[0, n, k] = 0.0
            for state in range(OWN_STATES, states):
                border[0, n, k] += rate[n, state] * lasting[state, n, k] * share[k, state - 2]
        unit[0, k] = share[k, 0]
        _carry_ours(unit, rate, share, promote, lasting, own)
        unit[0, k] = 0.0
        for n in range(copies):
            border[1, n, k] = own[0, n] * rate[n, 0] + own[1, n] * rate[n, 1] + own[2, n] * rate[n, 2]
    for n in range(copies):
        for k in range(copies):
            talk[n, k] = (1.0 if n == k else 0.0) - border[0, n, k]
            for i in range(copies):
                talk[n, k] -= border[1, n, i] * border[0, i, k]


@kernel
def _carry_ours(source, rate, share, promote, lasting, z):
    """z [our stages, L] at rest for what enters each a period, source [our stages, L]."""
    copies = share.shape[0]
    for stage in range(OWN_STATES):
        for n in range(copies):
            z[stage, n] = 0.0
            for k in range(copies):
                entering = source[stage, k]
                if stage > 0:
                    stay = 1.0 - rate[k, stage - 1] * (1.0 - share[k, 0])
                    entering += z[stage - 1, k] * stay * promote[stage - 1]
                z[stage, n] += lasting[stage, n, k] * entering


@kernel
def _rest(source, total, share, rate, promote, lasting, border, talk, z):
    """z [S, L] with z = (what a period makes of z, and `source` [S, L]) moved on, and a mass reviewed away of `total`;
    of sources that sum to 0. Arrays as in `_prepare`."""
    states, copies = z.shape
    matrix, m = talk.copy(), np.empty((copies, 1))
    known = np.zeros(copies)  # reviewed away by others' for the sources alone
    for state in range(OWN_STATES, states):
        for n in range(copies):
            for k in range(copies):
                known[n] += rate[n, state] * lasting[state, n, k] * source[state, k]
    _carry_ours(source, rate, share, promote, lasting, z)
    for n in range(copies):
        m[n, 0] = known[n]
        for stage in range(OWN_STATES):
            m[n, 0] += rate[n, stage] * z[stage, n]
        for k in range(copies):
            m[n, 0] += border[1, n, k] * known[k]
    for k in range(copies):  # the equations of a chain are one too many
        matrix[copies - 1, k] = 1.0
    m[copies - 1, 0] = total
    solve_in_place(matrix, m)
    entering = np.empty((OWN_STATES, copies))
    for n in range(copies):
        by_others = known[n]
        for k in range(copies):
            by_others += border[0, n, k] * m[k, 0]
        entering[0, n] = share[n, 0] * by_others + source[0, n]
        entering[1, n], entering[2, n] = source[1, n], source[2, n]
    _carry_ours(entering, rate, share, promote, lasting, z)
    for state in range(OWN_STATES, states):
        for n in range(copies):
            z[state, n] = 0.0
            for k in range(copies):
                z[state, n] += lasting[state, n, k] * (share[k, state - 2] * m[k, 0] + source[state, k])


@kernel
def _change_of_step(z, share, rate, review, pull, promote, j, source):
    """source [S, L] = the derivative by the constant of supplier j of what a period makes of z [S, L], before needs
    move on."""
    states, copies = z.shape
    for n in range(copies):
        flow = flow_d = own = own_d = 0.0
        for state in range(states):
            i = max(0, state - 2)
            share_d = share[n, i] * ((1.0 if i == j else 0.0) - share[n, j])
            rate_d = 0.0
            if review[i] > 0.0:
                rate_d = -rate[n, state] * rate[n, state] / review[i] * (pull[state] - 1.0) * share_d
            source[state, n] = z[state, n] * rate_d  # of what is reviewed away, for now
            flow += z[state, n] * rate[n, state]
            flow_d += source[state, n]
            if state < OWN_STATES:
                own += z[state, n] * rate[n, state]
                own_d += source[state, n]
        ours_d = share[n, 0] * ((1.0 if j == 0 else 0.0) - share[n, j])
        for state in range(OWN_STATES, states):
            i = state - 2
            share_d = share[n, i] * ((1.0 if i == j else 0.0) - share[n, j])
            source[state, n] = -source[state, n] + share_d * flow + share[n, i] * flow_d
        risen = ours_d * (flow - own) + share[n, 0] * (flow_d - own_d)
        for stage in range(OWN_STATES):
            stay_d = -source[stage, n] * (1.0 - share[n, 0]) + z[stage, n] * rate[n, stage] * ours_d
            rises = promote[stage] if stage < OWN_STATES - 1 else 0.0
            source[stage, n] = risen + stay_d * (1.0 - rises)
            risen = stay_d * rises


@kernel
def _survival(x, share, rate, promote, move, periods):
    """Mass of our customers x [our stages, L] that has not left once in `periods` periods; x is lost."""
    copies = share.shape[0]
    moved = np.empty((OWN_STATES, copies))
    for _ in range(periods):
        for n in range(copies):
            left = 1.0 - share[n, 0]
            stay_n, stay_e = x[0, n] * (1.0 - rate[n, 0] * left), x[1, n] * (1.0 - rate[n, 1] * left)
            x[2, n] = x[2, n] * (1.0 - rate[n, 2] * left) + stay_e * promote[1]
            x[1, n] = stay_e * (1.0 - promote[1]) + stay_n * promote[0]
            x[0, n] = stay_n * (1.0 - promote[0])
        _move_on(x, move, moved)
    total = 0.0
    for stage in range(OWN_STATES):
        for n in range(copies):
            total += x[stage, n]
    return total


@kernel
def _move_on(x, move, moved):
    """x [states, L] after a period's moves between need states; `moved` is scratch of the same shape."""
    states, copies = x.shape
    for state in range(states):
        for n in range(copies):
            moved[state, n] = 0.0
            for k in range(copies):
                moved[state, n] += x[state, k] * move[k, n]
    x[:] = moved


@kernel
def _at_rest(B, A, review, pull, promote, move, share, rate, kept, lasting, border, talk, nothing, z):
    """z [S, L]: the joint stationary distribution of a customer with weights B [L, J]; the rest is left for
    derivatives."""
    _weigh(B, A, review, pull, share, rate)
    _prepare(share, rate, promote, move, kept, lasting, border, talk)
    _rest(nothing, 1.0, share, rate, promote, lasting, border, talk, z)
    total = 0.0
    for state in range(z.shape[0]):
        for n in range(z.shape[1]):
            total += z[state, n]
    z /= total


@kernel
def stationary_sums(B, weight, known, A, review, pull, promote, move, periods, slopes, start, end, out):
    """As `opening_kernels.stationary_sums`."""
    _, copies, suppliers = B.shape
    states = suppliers + 2
    share, rate = np.empty((copies, suppliers)), np.empty((copies, states))
    kept, lasting = np.empty((states, copies)), np.empty((states, copies, copies))
    border, talk = np.empty((2, copies, copies)), np.empty((copies, copies))
    nothing, source = np.zeros((states, copies)), np.empty((states, copies))
    z, change, x = np.empty((states, copies)), np.empty((states, copies)), np.empty((OWN_STATES, copies))
    pi, pi_d = np.empty(suppliers), np.empty(suppliers)
    out[start // LEAF : (end + LEAF - 1) // LEAF, :] = 0.0
    for i in range(start, end):
        row = i // LEAF
        _at_rest(B[i], A, review, pull, promote, move, share, rate, kept, lasting, border, talk, nothing, z)
        _by_supplier(z, pi)
        others = 1.0 if known[i] == ANYWHERE else 1.0 - pi[0]
        for j in range(suppliers):
            if j == 0 or known[i] == ANYWHERE:
                out[row, j] += weight[i] * pi[j]
            elif known[i] == NOT_OURS:
                out[row, j] += weight[i] * pi[j] / others
        for m in range(suppliers if slopes else 0):
            _change_of_step(z, share, rate, review, pull, promote, m, source)
            _rest(source, 0.0, share, rate, promote, lasting, border, talk, change)
            _by_supplier(change, pi_d)
            surplus = 0.0
            for j in range(suppliers):
                surplus += pi_d[j]
            of_ours = pi_d[0] - surplus * pi[0]
            for j in range(suppliers):
                slope = pi_d[j] - surplus * pi[j]
                if j > 0 and known[i] == OURS:
                    slope = 0.0
                elif j > 0 and known[i] == NOT_OURS:
                    slope = (slope + pi[j] / others * of_ours) / others
                out[row, suppliers + j * suppliers + m] += weight[i] * slope
        x[:] = z[:OWN_STATES]
        out[row, suppliers + suppliers * suppliers] += weight[i] * _survival(x, share, rate, promote, move, periods)


@kernel
def _by_supplier(z, pi):
    """pi [J] = sums of z [S, L] over need states and our stages."""
    pi[:] = 0.0
    for state in range(z.shape[0]):
        for n in range(z.shape[1]):
            pi[max(0, state - 2)] += z[state, n]


@kernel
def opening_states(B, A, review, pull, promote, move, supplier, stage, start, end, joint, out):
    """joint[i, need state, state]: every customer's distribution at the opening; out[i, state]: whatever its needs.

    Stationary, given what a file says, as in `opening_kernels.opening_states`; each customer's sums to 1.
    """
    _, copies, suppliers = B.shape
    states = suppliers + 2
    share, rate = np.empty((copies, suppliers)), np.empty((copies, states))
    kept, lasting = np.empty((states, copies)), np.empty((states, copies, copies))
    border, talk = np.empty((2, copies, copies)), np.empty((copies, copies))
    nothing, z = np.zeros((states, copies)), np.empty((states, copies))
    for i in range(start, end):
        _at_rest(B[i], A, review, pull, promote, move, share, rate, kept, lasting, border, talk, nothing, z)
        first, last = 0, states
        if supplier[i] > 0:
            first, last = supplier[i] + 2, supplier[i] + 3
        elif supplier[i] == 0 and stage[i] != ANY_STAGE:
            first, last = stage[i], stage[i] + 1
        elif supplier[i] == 0:
            last = OWN_STATES
        elif supplier[i] != DRAWN:
            first = OWN_STATES
        total = 0.0
        for state in range(first, last):
            for n in range(copies):
                total += z[state, n]
        for state in range(states):
            out[i, state] = 0.0
            for n in range(copies):
                joint[i, n, state] = z[state, n] / total if first <= state < last else 0.0
                out[i, state] += joint[i, n, state]


@kernel
def stage_multipliers(B, A, review, pull, promote, move, opening, revenue, start, end, out):
    """As `opening_kernels.stage_multipliers`; opening [n, S], whatever the needs."""
    _, copies, suppliers = B.shape
    states = suppliers + 2
    share, rate = np.empty((copies, suppliers)), np.empty((copies, states))
    kept, lasting = np.empty((states, copies)), np.empty((states, copies, copies))
    border, talk = np.empty((2, copies, copies)), np.empty((copies, copies))
    nothing, z = np.zeros((states, copies)), np.empty((states, copies))
    for i in range(start, end):
        new, established, loyal = opening[i, 0], opening[i, 1], opening[i, 2]
        if new + established + loyal == 0.0:
            _at_rest(B[i], A, review, pull, promote, move, share, rate, kept, lasting, border, talk, nothing, z)
            for n in range(copies):
                new, established, loyal = new + z[0, n], established + z[1, n], loyal + z[2, n]
        ours = new + established + loyal
        out[i] = new / ours * revenue[0] + established / ours * revenue[1] + loyal / ours * revenue[2]


@kernel
def year_on_sums(B, weight, joint, A, review, pull, promote, move, periods, start, end, out):
    """As `opening_kernels.year_on_sums`, from the joint distribution at the opening."""
    _, copies, suppliers = B.shape
    states = suppliers + 2
    share, rate = np.empty((copies, suppliers)), np.empty((copies, states))
    x, moved, own = np.empty((states, copies)), np.empty((states, copies)), np.empty((OWN_STATES, copies))
    pi = np.empty(suppliers)
    out[start // LEAF : (end + LEAF - 1) // LEAF, :] = 0.0
    for i in range(start, end):
        row = i // LEAF
        _weigh(B[i], A, review, pull, share, rate)
        for n in range(copies):
            for state in range(states):
                x[state, n] = joint[i, n, state]
        own[:] = x[:OWN_STATES]
        out[row, suppliers] += weight[i] * _survival(own, share, rate, promote, move, periods)
        for _ in range(periods):
            for n in range(copies):
                ours, flow = 0.0, 0.0
                for state in range(states):
                    flow += x[state, n] * rate[n, state]
                    if state < OWN_STATES:
                        ours += x[state, n] * rate[n, state]
                left = 1.0 - share[n, 0]
                stay_n, stay_e = x[0, n] * (1.0 - rate[n, 0] * left), x[1, n] * (1.0 - rate[n, 1] * left)
                x[2, n] = x[2, n] * (1.0 - rate[n, 2] * left) + stay_e * promote[1]
                x[1, n] = stay_e * (1.0 - promote[1]) + stay_n * promote[0]
                x[0, n] = stay_n * (1.0 - promote[0]) + share[n, 0] * (flow - ours)
                for state in range(OWN_STATES, states):
                    x[state, n] += share[n, state - 2] * flow - x[state, n] * rate[n, state]
            _move_on(x, move, moved)
        _by_supplier(x, pi)
        for j in range(suppliers):
            out[row, j] += weight[i] * pi[j]
