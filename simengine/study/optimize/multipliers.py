"""What binds an optimum, and what one more unit of money would be worth there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simengine.study.optimize.limits import Feasible
from simengine.study.optimize.objective import Objective

Floats = NDArray[np.float64]
PROBABILITY = 1e3  # weight of the condition that those of pieces sum to 1


@dataclass(frozen=True)
class Multipliers:
    """Lagrange's multipliers of the limits at an optimum: what is gained per unit of money a year that each gives way.

    `residual`: how far the conditions of Karush (1939), Kuhn & Tucker (1951, doi:10.1525/9780520411586-036) are from
    met, as a part of the largest slope; 0 at a smooth optimum.
    """

    slopes: Floats  # [n] of the objective, a share per unit of money a year
    limits: dict[int, float]  # by number of each limit that binds
    low: dict[int, float]  # by item at its lower bound
    high: dict[int, float]
    residual: float


def multipliers(x: Floats, values: Floats, slopes: Floats, feasible: Feasible, objective: Objective) -> Multipliers:
    """Of a split with outcomes [M, R] and their slopes [n, M, R]: those not below 0 that come nearest to balance."""
    from scipy.optimize import nnls

    free = feasible.free.tolist()
    near = 1e-5 * feasible.scale
    binding = feasible.binding(x)
    low = [i for i in free if x[i] - feasible.low[i] <= near]
    high = [i for i in free if feasible.high[i] - x[i] <= near]
    plain = objective.slope(values, slopes)
    unit = float(np.abs(plain).max()) or 1.0
    columns = [feasible.matrix[m, free] for m in binding]
    columns += [-np.eye(len(x))[i, free] for i in low] + [np.eye(len(x))[i, free] for i in high]
    forces = np.array(columns).reshape(len(columns), len(free)).T
    if objective.has_pieces:
        means = objective.pieces(values)
        least = np.flatnonzero(means - means.min() <= 1e-4 * max(abs(float(means.min())), 1e-3))
        pieces = slopes.mean(axis=2)[free][:, least] / unit
        system = np.vstack([np.hstack([-pieces, forces]), np.zeros(len(least) + len(columns))])
        system[-1, : len(least)] = PROBABILITY
        target = np.concatenate([np.zeros(len(free)), [PROBABILITY]])
        found, _ = nnls(system, target)
        weights, found = found[: len(least)], found[len(least) :]
        plain = (slopes.mean(axis=2)[:, least] * weights).sum(axis=1)
    elif columns:
        found, _ = nnls(forces, plain[free] / unit)
    else:
        found = np.zeros(0)
    left = plain[free] / unit - (forces * found).sum(axis=1)
    amounts = (found * unit).tolist()
    rest = iter(amounts)
    return Multipliers(
        plain,
        {m: next(rest) for m in binding},
        {i: next(rest) for i in low},
        {i: next(rest) for i in high},
        float(np.abs(left).max(initial=0.0)),
    )
