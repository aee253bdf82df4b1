"""What it would be worth to know, before deciding: the value of perfect information, of all inputs and of each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.study.sensitivity.design import Floats
from simengine.study.sensitivity.jackknife import Estimate, jackknife

KNOTS = 5  # of the natural cubic spline that an outcome's mean follows along an input
FEW = 12  # different values of an input, up to which means are taken value by value


class Information(NamedTuple):
    """Expected gain in value per share from choosing the best allocation once more is known than is now."""

    best: int  # the allocation that is best in expectation now, by its place
    probability_best: list[float]  # [D] of being the best of all, by allocation
    of_all: Estimate  # all inputs known
    by_input: list[Estimate]  # each input known alone


def information_of(inputs: Floats, outcomes: Floats) -> Information:
    """From the values of inputs in draws of all of them [N, 2, n], and what each allocation is worth then [N, 2, D].

    Given one input, an allocation's expected value is estimated by regression of its outcomes on that input (Strong,
    Oakley & Brennan 2014, doi:10.1177/0272989X13505910), here on a natural cubic spline. Errors are over the blocks of
    the design that inputs are of, along N.
    """
    allocations = outcomes.shape[2]
    best = int(outcomes.mean(axis=(0, 1)).argmax())
    gained = outcomes - outcomes[:, :, best : best + 1]  # over what is best now
    bases = [_basis(inputs[:, :, i]) for i in range(inputs.shape[2])]

    def estimate(rows: slice | NDArray[np.intp]) -> Floats:
        here = gained[rows].reshape(-1, allocations)
        now = float(here.mean(axis=0).max())
        known = [float(here.max(axis=1).mean())]
        for basis in bases:
            fitted = _fitted(basis[rows].reshape(-1, basis.shape[2]), here)
            known.append(float(fitted.max(axis=1).mean()))
        return np.maximum(np.array(known) - now, 0.0)

    of_all, *by_input = jackknife(estimate, len(inputs))
    winners = outcomes.reshape(-1, allocations).argmax(axis=1)
    probability = np.bincount(winners, minlength=allocations) / len(winners)
    return Information(best, probability.tolist(), of_all, by_input)


def _basis(x: Floats) -> Floats:
    """[N, 2, k] of an input's values [N, 2]: an indicator of each where they are few, else a natural cubic spline with
    knots at quantiles (Hastie, Tibshirani & Friedman 2009, section 5.2.1)."""
    values = np.unique(x)
    if len(values) <= FEW:
        return np.asarray(x[..., None] == values, dtype=np.float64)
    knots = np.unique(np.quantile(x, np.linspace(0.02, 0.98, KNOTS)))
    span = knots[-1] - knots[0]
    if span <= 0.0:  # nearly always the same
        return np.stack([np.ones_like(x), x - x.mean()], axis=-1)

    def bend(k: int) -> Floats:
        above, end = (np.maximum(x - knot, 0.0) for knot in (knots[k], knots[-1]))
        return np.asarray((above**3 - end**3) / (knots[-1] - knots[k]))

    last = bend(len(knots) - 2)
    bends = [(bend(k) - last) / (span * span) for k in range(len(knots) - 2)]
    return np.stack([np.ones_like(x), (x - knots[0]) / span, *bends], axis=-1)


def _fitted(basis: Floats, outcomes: Floats) -> Floats:
    """[M, D] least squares of outcomes [M, D] on a basis [M, k]; exactly 0 where all outcomes are."""
    coefficients = np.linalg.lstsq(basis, outcomes, rcond=None)[0]
    return np.asarray(np.einsum("mk,kd->md", basis, coefficients))
