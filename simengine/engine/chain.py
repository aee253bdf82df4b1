"""How customers who pass from state to state live on: of all who begin alike the same curve, in every cell.

In period 0 customers are where they open; before every later period all pass on. What changes the hazard of leaving
makes h times as many leave, in the sense of hazards: who stays goes where it would have gone among those who stay.
Source: Pfeifer & Carraway 2000, J. Interactive Marketing 14(2), 43-55,
doi:10.1002/(SICI)1520-6653(200021)14:2<43::AID-DIR4>3.0.CO;2-H.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from simengine.arithmetic.elementwise import power
from simengine.engine.kinds import Curves, CurvesBeyond, Kinds, distinct_cells
from simengine.engine.linear import solve_linear
from simengine.portfolio.population import DRAWN_STATE, STATE
from simengine.tables.layout import Chain, Floats, RunOff, Tables


def staying(law: Chain, factor: Floats) -> Floats:
    """[C, K] probability of staying a customer for a step, at a `factor` [C] on the hazard of leaving."""
    stay = np.minimum(law.next.sum(axis=1), 1.0)
    kept = power(stay[None, :], factor[:, None])
    return np.where(stay > 0.0, np.where(factor[:, None] == 1.0, stay, kept), 0.0)


def passing(law: Chain, factor: Floats) -> Floats:
    """[C, K, K] probability of being in a state a step later."""
    stay = np.minimum(law.next.sum(axis=1), 1.0)
    ratio = np.where(factor[:, None] == 1.0, 1.0, staying(law, factor) / np.where(stay > 0.0, stay, 1.0))
    return np.asarray(law.next * ratio[..., None])


def openings(law: Chain, state: Floats) -> Floats:
    """[..., K] where customers begin who are in a `state` [...], or drawn."""
    return np.where((state == DRAWN_STATE)[..., None], law.opening, state[..., None] == np.arange(len(law.money)))


def places(law: Chain, kinds: Kinds, factor: Floats) -> Iterator[Floats]:
    """[C, kinds, K] where customers are in each period; `factor` [C, T]. Nowhere before they enter."""
    begin = openings(law, kinds.history[:, STATE])
    at = np.zeros((len(factor), *begin.shape))
    for t in range(factor.shape[1]):
        at[:, kinds.arrival == t] = begin[kinds.arrival == t]
        if t > 0:
            moves, before = passing(law, factor[:, t]), at
            at = np.zeros_like(before)
            for k in range(len(law.money)):
                at += before[..., k, None] * moves[:, None, k]
        yield at


def chain_curves(tables: Tables, segment: int, kinds: Kinds, first: int, end: int) -> Curves:
    """Of the periods first..end."""
    law = tables.segments.chain[segment]
    assert law is not None
    factor, number = distinct_cells(tables.choice.hazard_factor[:, :end, segment])
    curves = np.empty((2, end - first, len(factor), len(kinds.arrival)), np.float32)
    for t, at in enumerate(islice(places(law, kinds, factor), first, None)):
        curves[0, t], curves[1, t] = at.sum(axis=2), (at * law.money).sum(axis=2)
    return Curves(*curves).of_cells(number)


def chain_beyond(tables: Tables, run_off: RunOff, segment: int, kinds: Kinds) -> CurvesBeyond:
    """From the horizon on, at the hazard beyond."""
    law, periods = tables.segments.chain[segment], len(tables.axes.periods)
    assert law is not None
    past = np.column_stack([tables.choice.hazard_factor[:, :, segment], run_off.choice.hazard_factor[:, 0, segment]])
    distinct, number = distinct_cells(past)
    *_, at = places(law, kinds, distinct[:, :-1])
    entering = kinds.arrival == periods
    at[:, entering] = openings(law, kinds.history[entering, STATE])
    lasting = lasting_by_state(law, distinct[:, -1], run_off.v)  # [2, C, K]
    return CurvesBeyond(*((at * each[:, None]).sum(axis=2) for each in lasting)).of_cells(number)


def lasting_by_state(law: Chain, factor: Floats, v: float) -> Floats:
    """[2, C, K] discounted steps as a customer, and discounted money over base revenue, of who is in a state now, this
    step included: (I - v Q)^-1 times 1 and money."""
    found = np.empty((2, len(factor), len(law.money)))
    for c, moves in enumerate(passing(law, factor)):
        matrix = (np.eye(len(law.money)) - v * moves).tolist()
        found[0, c] = solve_linear(matrix, [1.0] * len(law.money))
        found[1, c] = solve_linear(matrix, law.money.tolist())
    return found
