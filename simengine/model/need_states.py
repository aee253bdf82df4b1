"""Customers move on between named need states, each by a Markov chain in continuous time of its own.

A chance p of moving to a state within a year is a hazard -log(1 - p) a year (`hazards`): the chance as if no other
state came before it. The chain knows nothing of suppliers, so the shares of the states rest at one distribution
(`shares_at_rest`), in which customers are today. Where a customer is, adds to its own needs weights by how far the
state's mean weights are from those of all (`displacements`): utility and misfit then change as where weights drift
(`model.needs_drift`), for this customer alone.
Source: Norris 1997, Markov Chains, Cambridge University Press, chapters 2 and 3, doi:10.1017/CBO9780511810633;
customers who move between states: Netzer, Lattin & Srinivasan 2008, Marketing Science 27(2), 185-204,
doi:10.1287/mksc.1070.0294.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp
from simengine.arithmetic.elementwise import log1p

Floats = NDArray[np.float64]
SHORTEST = 0.25  # of a step whose series is short: hazards times years, at most
NEGLIGIBLE = 1e-18  # a term of the series


def hazards(chances: Floats) -> Floats:
    """[L, L] hazards a year of moving from one state (row) to another, of `chances` a year; 0 on the diagonal."""
    return np.asarray(-log1p(-chances))


def transitions(hazard: Floats, years: float) -> Floats:
    """[L, L] probabilities of the state after some years: exp(Q years) with the generator Q of the hazards.

    Uniformisation (Jensen 1953, doi:10.1080/03461238.1953.10419459): only sums and products of numbers that are not
    negative, over a short step that is then doubled. Rows sum to 1 as exactly as sums can.
    """
    leaving = hazard.sum(axis=1)
    fastest, doublings = float(leaving.max(initial=0.0)), 0
    if fastest == 0.0:
        return np.eye(len(hazard))
    step = years
    while fastest * step > SHORTEST:
        step, doublings = step / 2.0, doublings + 1
    jump = hazard / fastest + np.diag(1.0 - leaving / fastest)
    mean = fastest * step
    term, weight, n = np.eye(len(hazard)), float(exp(-mean)), 0
    found = weight * term
    while weight > NEGLIGIBLE:
        n += 1
        term, weight = product(term, jump), weight * mean / n
        found = found + weight * term
    for _ in range(doublings):
        found = product(found, found)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def shares_at_rest(hazard: Floats) -> Floats:
    """[L] the distribution that hazards leave as it is; every state must lead to every other.

    By censoring one state after the other, without a subtraction (Grassmann, Taksar & Heyman 1985, Operations Research
    33(5), 1107-1116, doi:10.1287/opre.33.5.1107).
    """
    flow = hazard.copy()
    count = len(flow)
    for n in range(count - 1, 0, -1):
        flow[:n, n] /= flow[n, :n].sum()
        flow[:n, :n] += flow[:n, n, None] * flow[None, n, :n]
    share = np.zeros(count)
    share[0] = 1.0
    for n in range(1, count):
        share[n] = (share[:n] * flow[:n, n]).sum()
    return np.asarray(share / share.sum())


def displacements(share: Floats, needs: Floats) -> Floats:
    """[L, K] what each state adds to a customer's weights: its mean `needs` [L, K] less those of all states, weighed by
    their `share` [L]."""
    return np.asarray(needs - (share[:, None] * needs).sum(axis=0))


def product(left: Any, right: Any) -> Floats:
    """[n, n] matrix product whose bits do not depend on the processor."""
    return np.asarray((left[:, :, None] * right[None, :, :]).sum(axis=1))
