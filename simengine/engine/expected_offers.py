"""What offers are worth to customers in expected mode, and so who reviews and whom reviewers choose.

Columns of a market are those of `expected_layout.Market`, one by one: to look into a tuple takes as long as some steps,
as the compiler counts who uses what is in it. `row` is how far the weights of one offer are from those of the next.
While it is computed what customers do now, the places first..end of columns `ahead` are asked for, which come next:
waiting for them would take longer than the computing. Where nothing comes next, there are no such places.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic import exp32
from simengine.arithmetic.lanes import LANES, either, every, fma, load, store
from simengine.engine.leaves import LEAF
from simengine.engine.prefetch import prefetch
from simengine.jit import formula

f32, u64 = np.float32, np.uint64
# Utilities no further from 0 have weights that float32 holds with room for a sum of them, and its reciprocal.
FURTHEST = 60.0


def distance(shift: Any, least: Any, most: Any) -> Any:
    """How far from 0 a shift, or some utility may be, which before it is shifted is between `least` and `most`."""
    shifted = np.maximum(-(least + shift), most + shift)
    return np.maximum(np.maximum(np.abs(shift), shifted), np.maximum(-least, most))


@formula
def ask(column, first, end):
    """Ask for some lines of a column."""
    for i in range(first, end, LANES):
        prefetch(column, i)


@formula
def weigh_offers(
    features, begin, coefficient, constant, offer, shift, far, t, c, size, known, weight, at, row, ahead, first, end
):  # fmt: skip
    """Row k of weight, from the place `at` on, = exp(utility) of offer k as it was at the opening, for those of the
    cell that are not `known` yet; if the cell is `far`, rows behind those of all offers, relative to the best and as
    they are shifted. The customers' first feature begins at a place of `features`; `ahead` is one column."""
    served, alone = offer.shape[2], far[t, c]
    part = (end - first + served * LANES - 1) // (served * LANES) * LANES
    for n in range(served):
        k = offer[t, c, n]
        if alone or not known[k]:
            own = at + row_of(k, n, alone, known) * row
            more = shift[t, c, n] if alone else f32(0.0)
            for i in range(0, size, LANES):
                utility = every(constant[k])
                for f in range(coefficient.shape[1]):
                    utility = fma(load(features, begin + f * LEAF + i), every(coefficient[k, f]), utility)
                store(weight, own + i, utility + every(more))
            if not alone:  # places without a sign: only then are these loops turned into lanes
                for i in range(u64(own), u64(own + size)):
                    weight[i] = exp32(weight[i])
                known[k] = True
        for i in range(first + n * part, min(first + (n + 1) * part, end), LANES):
            prefetch(ahead, i)
    if alone:
        weigh_relative_to_best(weight, at + known.shape[0] * row, served, size, row)


@formula
def rows_of_weights(offer, constant):
    """How many there are: of all offers, and of those of a cell that is far."""
    return constant.shape[0] + offer.shape[2]


@formula
def row_of(k, n, alone, known):
    """Of the weights of a cell's n-th offer, which is number k of all `known` or not."""
    return known.shape[0] + n if alone else k


@formula
def weigh_relative_to_best(weight, begin, served, size, row):
    """Take the best of a cell's utilities off all of them: only differences count, and exp() of them does not
    overflow."""
    for i in range(begin, begin + size, LANES):
        best = load(weight, i)
        for n in range(1, served):
            other = load(weight, i + n * row)
            best = either(other > best, other, best)
        for n in range(served):
            store(weight, i + n * row, load(weight, i + n * row) - best)
    for n in range(served):
        for i in range(u64(begin + n * row), u64(begin + n * row + size)):
            weight[i] = exp32(weight[i])


@formula
def offer_shares(weight, at, supplier, suppliers, offer, scale, far, t, c, size, known, share, row):
    """share, placed as x: weight of each supplier's offer over the sum of the weights, without inertia."""
    served, alone = supplier.shape[0], far[t, c]
    for i in range(0, size, LANES):
        weights = every(f32(0.0))
        for n in range(served):
            own = load(weight, at + row_of(offer[t, c, n], n, alone, known) * row + i) * every(scale[t, c, n])
            weights = weights + own
        inverse = every(f32(1.0)) / weights
        for n in range(served):
            own = load(weight, at + row_of(offer[t, c, n], n, alone, known) * row + i) * every(scale[t, c, n])
            store(share, i * suppliers + supplier[n] * LANES, own * inverse)


@formula
def turnovers(review, pull, supplier, t, c, share, size, rate, ahead, width, apart, first, end):
    """rate, placed as x: `model.choice.turnover` by state. Our three stages cost one division: 1/a = b c / (a b c).
    `ahead` are `width` columns, so far `apart`."""
    one, served, suppliers = every(f32(1.0)), supplier.shape[0], review.shape[2]
    states = suppliers + 2
    for n in range(served):
        j = supplier[n]
        reviewing = every(review[t, c, j])
        if j == 0:
            more_n = every(pull[t, c, 0] - f32(1.0))
            more_e, more_l = every(pull[t, c, 1] - f32(1.0)), every(pull[t, c, 2] - f32(1.0))
            for i in range(0, size, LANES):
                own, at = load(share, i * suppliers), i * states
                of_n, of_e, of_l = fma(own, more_n, one), fma(own, more_e, one), fma(own, more_l, one)
                of_both = of_e * of_l
                common = reviewing / (of_n * of_both)
                store(rate, at, common * of_both)
                store(rate, at + LANES, common * of_n * of_l)
                store(rate, at + 2 * LANES, common * of_n * of_e)
        else:
            more = every(pull[t, c, j + 2] - f32(1.0))
            for i in range(0, size, LANES):
                own, at = load(share, i * suppliers + j * LANES), i * states + (j + 2) * LANES
                store(rate, at, reviewing / fma(own, more, one))
        for f in range(n, width, served):
            for i in range(f * apart + first, f * apart + end, LANES):
                prefetch(ahead, i)
