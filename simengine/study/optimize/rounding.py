"""Amounts as people state them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from simengine.study.optimize.limits import Feasible

Floats = NDArray[np.float64]
FINER = 7  # times that steps become finer where limits are not kept


def usual_step(budget: float) -> float:
    """A thousandth of the budget's power of ten: 10k of 40M."""
    return float(Decimal(10) ** (Decimal(budget).adjusted() - 3))


def rounded(x: Floats, feasible: Feasible, step: float, phases: int) -> Floats:
    """Amounts [n] in multiples of `step` that keep all limits; of finer steps where none near do. What rounding down
    leaves of the whole of a phase goes to those that lost most by it. At most 10 significant digits."""
    for finer in range(FINER):
        steps = Decimal(repr(step)).scaleb(-finer)
        found = np.empty(len(x))
        for f in range(phases):
            found[f::phases] = _in_steps(x[f::phases], steps)
        found = feasible.inside(found)
        if feasible.keeps(found):
            return found
    return feasible.inside(np.array([float(f"{each:.10g}") for each in x.tolist()]))


def _in_steps(x: Floats, step: Decimal) -> Floats:
    """Multiples of the step whose sum is that of `x`, rounded to the nearest (largest remainders)."""
    size = float(step)
    counts = np.floor(x / size + 1e-6)
    lacking = round(float(x.sum() / size - counts.sum()) - 1e-3)
    order = np.argsort(-(x / size - counts), kind="stable")
    counts[order[: max(lacking, 0)]] += 1
    return np.array([float(Decimal(int(count)) * step) for count in counts.tolist()])
