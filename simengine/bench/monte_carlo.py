"""The model in NumPy: independent Monte Carlo, one cell and one replication at a time.

Written as one writes fast NumPy: every period is vectorised over customers, utilities are computed for those who
review only, luck for promotion is drawn for those it may promote, states are one byte, luck is float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.bench.segment import LOYAL, Segment
from simengine.tables.layout import OWN_STATES, Floats

SMALLEST = np.finfo(np.float32).tiny  # an exponential draw may be 0 in float32


class Totals(NamedTuple):
    """Totals of one path."""

    customers: Floats  # [T + 1, S, states] at the opening and at the end of every period
    revenue: Floats  # [T + 1, S, states] their yearly revenue, before the multiplier of the stage
    joins: Floats  # [T, S] customers who become ours


class Luck(NamedTuple):
    """What is drawn in a period, for the rows of customers who need it.

    Aligned, it is drawn for everybody: then the same seed means the same luck for a customer in every cell, whoever
    reviews there. Otherwise cells with one seed fall out of step when the first customer reviews in one of them only.
    """

    random: np.random.Generator
    customers: int
    aligned: bool

    def uniform(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """[rows] in [0, 1)."""
        if self.aligned:
            return self.random.random(self.customers, dtype=np.float32)[rows]
        return self.random.random(len(rows), dtype=np.float32)

    def extreme_values(self, rows: NDArray[np.int64], offers: int) -> NDArray[np.float32]:
        """[rows, offers] of the standard Gumbel distribution."""
        drawn = self.random.standard_exponential(
            (self.customers if self.aligned else len(rows), offers), dtype=np.float32
        )
        return -np.log(np.maximum(drawn[rows] if self.aligned else drawn, SMALLEST))


def simulate_path(segments: Sequence[Segment], random: np.random.Generator, aligned: bool = False) -> Totals:
    """Draw one path of every customer; `aligned` as in `Luck`."""
    periods, states = segments[0].review.shape
    shape = (periods + 1, len(segments), states)
    totals = Totals(np.zeros(shape), np.zeros(shape), np.zeros(shape[:2])[1:])
    for s, segment in enumerate(segments):
        luck = Luck(random, len(segment.revenue), aligned)
        draw = random.random(len(segment.revenue))
        state = (segment.opening.cumsum(axis=1)[:, :-1] < draw[:, None]).sum(axis=1, dtype=np.int8)
        _count(totals, 0, s, state, segment.revenue)
        for t in range(periods):
            totals.joins[t, s] = _step(segment, t, state, luck)
            _count(totals, t + 1, s, state, segment.revenue)
    return totals


def _step(segment: Segment, t: int, state: NDArray[np.int8], luck: Luck) -> int:
    """Review and choice, then promotion of those who stayed; changes `state` [N] in place.

    Returns how many joined us.
    """
    probability, draw = segment.review[t], luck.random.random(len(state), dtype=np.float32)
    reviews = np.flatnonzero(draw < probability.max())
    reviews = reviews[draw[reviews] < probability[state[reviews]]]
    before = state[reviews]
    supplier = segment.supplier[before]

    utility = segment.features[reviews] @ segment.coefficient[t].T + segment.constants
    utility[np.arange(len(reviews)), supplier] += segment.inertia[t][before]
    utility += luck.extreme_values(reviews, utility.shape[1])
    chosen = utility.argmax(axis=1)

    moved = chosen != supplier
    joined = reviews[moved & (chosen == 0)]
    left = moved & (chosen > 0)
    state[reviews[left]] = chosen[left] + (OWN_STATES - 1)
    for stage in reversed(range(LOYAL)):
        there = np.flatnonzero(state == stage)
        state[there[luck.uniform(there) < segment.promotion[stage]]] = stage + 1
    state[joined] = 0
    return len(joined)


def _count(totals: Totals, time: int, s: int, state: NDArray[np.int8], revenue: Floats) -> None:
    states = totals.customers.shape[-1]
    totals.customers[time, s] = np.bincount(state, minlength=states)
    totals.revenue[time, s] = np.bincount(state, revenue, minlength=states)
