# ruff: noqa: NPY002 (generators of NumPy's newer kind are not what compiled loops are usually written with)
"""Numba: two plain loops, over customers and over periods; `np.random`, and a look at everybody in every period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numba
import numpy as np

from simengine.bench.segment import Segment
from simengine.tables.layout import OWN_STATES, Floats


@numba.njit
def _seed(seed: int) -> None:
    np.random.seed(seed)


@numba.njit(fastmath=True)
def _simulate(
    features: Any, revenue: Any, opening: Any, constants: Any, coefficient: Any, review: Any, inertia: Any,
    promotion: Any, supplier: Any, totals: Any,
) -> None:  # fmt: skip
    periods, suppliers, _ = coefficient.shape
    for i in range(len(revenue)):
        state = min(np.searchsorted(opening[i], np.random.random(), side="right"), len(supplier) - 1)
        totals[0, 0, state] += 1
        totals[1, 0, state] += revenue[i]
        for t in range(periods):
            joined = False
            if np.random.random() < review[t, state]:
                best, chosen = -np.inf, 0
                for j in range(suppliers):
                    utility = constants[j] + np.random.gumbel(0.0, 1.0)
                    for f in range(features.shape[1]):
                        utility += coefficient[t, j, f] * features[i, f]
                    if j == supplier[state]:
                        utility += inertia[t, state]
                    if utility > best:
                        best, chosen = utility, j
                if chosen != supplier[state]:
                    joined = chosen == 0
                    state = 0 if joined else chosen + OWN_STATES - 1
            if state < 2 and not joined and np.random.random() < promotion[state]:
                state += 1
            totals[0, t + 1, state] += 1
            totals[1, t + 1, state] += revenue[i]


def simulate(segments: Sequence[Segment], seed: int) -> Floats:
    """One path of every customer; see the package."""
    periods, states = segments[0].review.shape
    totals = np.zeros((2, periods + 1, len(segments), states))
    _seed(seed)
    for s, segment in enumerate(segments):
        of_segment = np.zeros((2, periods + 1, states))
        _simulate(
            segment.features, segment.revenue, segment.opening.cumsum(axis=1), segment.constants,
            segment.coefficient, segment.review, segment.inertia, segment.promotion, segment.supplier, of_segment,
        )  # fmt: skip
        totals[:, :, s] = of_segment
    return totals
