"""The passes over customers that solve today: stationary shares with their derivatives, churn, a year on.

Sums are kept per leaf of `LEAF` consecutive customers and added up by the caller in order, so that their bits do
not depend on threads. Arrays: B [n, J] weights exp(utility) with the start's constants, A [J] exp(constant less the
start's), states as in `layout.Axes.states`: ours new, established, loyal, then suppliers 1..J-1.
"""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import exp, fma32
from simengine.jit import formula, kernel
from simengine.model.stationary import mass, mass_slope, own_stages, survival
from simengine.portfolio.population import DRAWN

LEAF = 1024
ANYWHERE, OURS, NOT_OURS = 0, 1, 2  # what a file says of a customer's opening supplier
ANY_STAGE = -1  # it does not say in which stage a customer of ours is


@kernel
def offer_weights(features, coefficient, start_constants, available, out):
    """out[i, j] = exp(utility of j to i today with the start's constants, less the largest); 0 if j is absent."""
    n, width = features.shape
    suppliers = coefficient.shape[0]
    for i in range(n):
        top = -np.inf
        for j in range(suppliers):
            utility = np.float32(0.0)
            for f in range(width):
                utility = fma32(features[i, f], coefficient[j, f], utility)
            out[i, j] = utility + start_constants[j]
            if available[j]:
                top = max(top, out[i, j])
        for j in range(suppliers):
            out[i, j] = exp(out[i, j] - top) if available[j] else 0.0


@kernel
def stationary_sums(B, weight, known, A, review, pull, promote, periods, slopes, start, end, out):
    """Add up a range of customers, a leaf a row of `out`: [mass by supplier (J) | its derivatives by constant (J x J) |
    of ours: mass after `periods` periods without having left].

    Mass is stationary; without `slopes` the derivatives stay 0. Where a file holds only our customers, that of
    suppliers other than us is the prospects', given that they are not ours: `known` [n] is ANYWHERE, or OURS, or
    NOT_OURS. pull [3 + J - 1]: exp(kappa m) by state.
    """
    suppliers = A.shape[0]
    rho, pi, slope = np.empty(suppliers), np.empty(suppliers), np.empty(suppliers)
    out[start // LEAF : (end + LEAF - 1) // LEAF, :] = 0.0
    for i in range(start, end):
        row = i // LEAF
        total = 0.0
        for j in range(suppliers):
            rho[j] = B[i, j] * A[j]
            total += rho[j]
        for j in range(suppliers):
            rho[j] /= total
        new, established, loyal, own, slope[0] = own_stages(
            review[0], rho[0], pull[0], pull[1], pull[2], promote[0], promote[1]
        )
        pi[0] = own
        total = own
        for j in range(1, suppliers):
            pi[j] = mass(review[j], rho[j], pull[2 + j])
            slope[j] = mass_slope(rho[j], pull[2 + j])
            total += pi[j]
        for j in range(suppliers):
            pi[j] /= total
        others = 1.0 if known[i] == ANYWHERE else 1.0 - pi[0]
        for j in range(suppliers):
            if j == 0 or known[i] == ANYWHERE:
                out[row, j] += weight[i] * pi[j]
            elif known[i] == NOT_OURS:
                out[row, j] += weight[i] * pi[j] / others
        for m in range(suppliers if slopes else 0):
            # d log mass_j / d alpha_m = slope_j (1[j = m] - rho_m), then normalise
            mean = pi[m] * slope[m]
            for j in range(suppliers):
                mean -= pi[j] * slope[j] * rho[m]
            of_ours = pi[0] * (slope[0] * ((1.0 if m == 0 else 0.0) - rho[m]) - mean)
            for j in range(suppliers):
                change = pi[j] * (slope[j] * ((1.0 if j == m else 0.0) - rho[m]) - mean)
                if j > 0 and known[i] == OURS:
                    change = 0.0
                elif j > 0 and known[i] == NOT_OURS:
                    change = (change + pi[j] / others * of_ours) / others
                out[row, suppliers + j * suppliers + m] += weight[i] * change
        left = survival(
            new, established, loyal, review[0], rho[0], pull[0], pull[1], pull[2], promote[0], promote[1], periods
        )
        out[row, suppliers + suppliers * suppliers] += weight[i] * pi[0] * left


@formula
def at_rest(B, A, review, pull, promote, i, out, row):
    """out[row, state]: the stationary distribution of customer i."""
    suppliers = A.shape[0]
    total = 0.0
    for j in range(suppliers):
        total += B[i, j] * A[j]
    rho = B[i, 0] * A[0] / total
    new, established, loyal, own, _ = own_stages(review[0], rho, pull[0], pull[1], pull[2], promote[0], promote[1])
    out[row, 0], out[row, 1], out[row, 2] = own * new, own * established, own * loyal
    sum_of_masses = own
    for j in range(1, suppliers):
        out[row, 2 + j] = mass(review[j], B[i, j] * A[j] / total, pull[2 + j])
        sum_of_masses += out[row, 2 + j]
    for state in range(suppliers + 2):
        out[row, state] /= sum_of_masses


@kernel
def opening_states(B, A, review, pull, promote, supplier, stage, start, end, out):
    """out[i, state]: every customer's distribution at the opening; each row sums to 1.

    Stationary, given what a file says: `supplier` [n], DRAWN where it says nothing, NOT_OURS where it says only that,
    and of our customers the `stage` [n], or ANY_STAGE.
    """
    suppliers = A.shape[0]
    for i in range(start, end):
        if supplier[i] > 0 or (supplier[i] == 0 and stage[i] != ANY_STAGE):
            out[i, :] = 0.0
            out[i, stage[i] if supplier[i] == 0 else 2 + supplier[i]] = 1.0
            continue
        at_rest(B, A, review, pull, promote, i, out, i)
        if supplier[i] == DRAWN:
            continue
        first, last = (0, 3) if supplier[i] == 0 else (3, suppliers + 2)
        total = 0.0
        for state in range(first, last):
            total += out[i, state]
        for state in range(suppliers + 2):
            out[i, state] = out[i, state] / total if first <= state < last else 0.0


@kernel
def stage_multipliers(B, A, review, pull, promote, opening, revenue, start, end, out):
    """out[i]: expected multiplier on revenue of the stage at the opening, given that the customer is ours; at rest for
    who is known not to be. revenue [3] by stage."""
    rest = np.empty((1, A.shape[0] + 2))
    for i in range(start, end):
        new, established, loyal = opening[i, 0], opening[i, 1], opening[i, 2]
        if new + established + loyal == 0.0:
            at_rest(B, A, review, pull, promote, i, rest, 0)
            new, established, loyal = rest[0, 0], rest[0, 1], rest[0, 2]
        ours = new + established + loyal
        out[i] = new / ours * revenue[0] + established / ours * revenue[1] + loyal / ours * revenue[2]


@kernel
def year_on_sums(B, weight, opening, A, review, pull, promote, periods, start, end, out):
    """Carry every customer's opening distribution `periods` periods on; a leaf a row of `out`:
    [mass by supplier at the end (J) | mass of ours that never left]."""
    suppliers = A.shape[0]
    states = suppliers + 2
    share, x, flow = np.empty(suppliers), np.empty(states), np.empty(states)
    out[start // LEAF : (end + LEAF - 1) // LEAF, :] = 0.0
    for i in range(start, end):
        row = i // LEAF
        total = 0.0
        for j in range(suppliers):
            share[j] = B[i, j] * A[j]
            total += share[j]
        for j in range(suppliers):
            share[j] /= total
        for state in range(states):
            x[state] = opening[i, state]
        out[row, suppliers] += weight[i] * survival(
            x[0], x[1], x[2], review[0], share[0], pull[0], pull[1], pull[2], promote[0], promote[1], periods
        )
        for _ in range(periods):
            moving = 0.0
            for state in range(states):
                j = max(0, state - 2)
                flow[state] = x[state] * review[j] / (1.0 + share[j] * (pull[state] - 1.0))
                moving += flow[state]
            joining = share[0] * (moving - flow[0] - flow[1] - flow[2])
            stay_n = x[0] - flow[0] * (1.0 - share[0])
            stay_e = x[1] - flow[1] * (1.0 - share[0])
            stay_l = x[2] - flow[2] * (1.0 - share[0])
            x[0] = joining + stay_n * (1.0 - promote[0])
            x[1] = stay_n * promote[0] + stay_e * (1.0 - promote[1])
            x[2] = stay_e * promote[1] + stay_l
            for j in range(1, suppliers):
                x[2 + j] += share[j] * moving - flow[2 + j]
        out[row, 0] += weight[i] * (x[0] + x[1] + x[2])
        for j in range(1, suppliers):
            out[row, j] += weight[i] * x[2 + j]
