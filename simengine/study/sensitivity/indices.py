"""How much of the variance of an outcome each uncertain input accounts for: Sobol indices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.study.sensitivity.design import Design, Floats
from simengine.study.sensitivity.jackknife import Estimate, jackknife

_SAME = 1e-12  # an outcome that varies by less, relative to its size, does not depend on inputs


class Indices(NamedTuple):
    """Of one outcome, by input.

    The first index is the part of the variance that would go, on average, if the input were known; the total index the
    part that would stay if all others were known. Independent inputs have first <= total, and the firsts sum to 1 at
    most. An input that is correlated with others tells of these, too: its first index counts that, its total index only
    what the input adds to all others.
    """

    variance: float
    first: list[Estimate]
    total: list[Estimate]


def indices_of(design: Design, outcomes: Floats) -> Indices:
    """Indices of `outcomes` [N, rows] at the design's rows: the estimators of Saltelli et al. (2010,
    doi:10.1016/j.cpc.2009.09.018) as SALib has them, with errors over the design's blocks."""
    n = design.inputs
    a, b = outcomes[:, 0], outcomes[:, -1]
    both = np.concatenate([a, b])
    variance = float(both.var())
    if float(np.ptp(both)) <= _SAME * float(np.abs(both).max()):
        nothing = [Estimate(0.0, 0.0)] * n
        return Indices(0.0, nothing, nothing)
    scaled = (outcomes - both.mean()) / np.sqrt(variance)

    def estimate(rows: slice | NDArray[np.intp]) -> Floats:
        return _first_and_total(design, scaled[rows])

    found = jackknife(estimate, len(outcomes))
    return Indices(variance, found[:n], found[n:])


def _first_and_total(design: Design, y: Floats) -> Floats:
    """[2 n] first indices, then total ones, of outcomes [N, rows] that are about centred."""
    from SALib.analyze.sobol import first_order, total_order

    n = design.inputs
    a, b = y[:, 0], y[:, -1]
    first = [first_order(a, y[:, 1 + i], b) for i in range(n)]
    for row, i in enumerate(design.correlated, start=1 + n):
        first[i] = first_order(b, y[:, row], a)  # the rows that have this input of A, and the others of B given it
    total = [total_order(a, y[:, 1 + i], b) for i in range(n)]
    return np.array([*first, *total], dtype=np.float64)
