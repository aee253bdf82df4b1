"""The reference of the throughput benchmarks: the same market in NumPy, one cell and one replication."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.engine.opening import Opening
from simengine.tables.layout import STAGES, Tables

OURS = len(STAGES)


def step_through(tables: Tables, opening: Opening, cell: int, seed: int) -> NDArray[np.float64]:
    """Customers and their revenue by state at the end of every period: [2, T + 1, S, states]."""
    random = np.random.default_rng(seed)
    periods, segments, states = len(tables.axes.periods), len(tables.axes.segments), opening.states.shape[1]
    totals = np.zeros((2, periods + 1, segments, states))
    for s in range(segments):
        rows = slice(tables.segments.rows[s], tables.segments.rows[s + 1])
        features, revenue = tables.features[rows], opening.base_revenue[rows]
        draw = random.random(len(features))
        state = (opening.states[rows].cumsum(axis=1)[:, :-1] < draw[:, None]).sum(axis=1)
        _count(totals[:, 0, s], state, revenue)
        for t in range(periods):
            _step(tables, opening, cell, t, s, features, state, random)
            _count(totals[:, t + 1, s], state, revenue)
    return totals


def _step(
    tables: Tables,
    opening: Opening,
    cell: int,
    t: int,
    s: int,
    features: NDArray[np.float32],
    state: NDArray[np.int64],
    random: np.random.Generator,
) -> None:
    """Review and choice, then promotion of those who stayed; changes `state` [N] in place."""
    segments, choice = tables.segments, tables.choice
    supplier = np.maximum(state - OURS + 1, 0)
    reviews = np.flatnonzero(random.random(len(state)) < choice.review[cell, t, s, supplier])
    pull = np.full(opening.states.shape[1], opening.inertia[s])
    pull[:OURS] = (opening.inertia[s] + choice.inertia[cell, t, s]) * segments.stage_inertia[s]
    pull[-1] *= segments.outside_inertia[s]

    utility = features[reviews] @ choice.coefficient[cell, t, s].T + opening.constants[s].astype(np.float32)
    utility[np.arange(len(reviews)), supplier[reviews]] += pull[state[reviews]].astype(np.float32)
    utility -= np.log(random.standard_exponential(utility.shape, dtype=np.float32))
    utility[:, ~segments.available[s]] = -np.inf
    chosen = utility.argmax(axis=1)

    joined = np.zeros(len(state), np.bool_)
    moved = chosen != supplier[reviews]
    joined[reviews[moved]] = True
    state[reviews[moved]] = np.where(chosen[moved] == 0, 0, chosen[moved] + OURS - 1)
    luck = random.random(len(state))
    for stage in (1, 0):
        state[(state == stage) & ~joined & (luck < segments.stage_promotion[s, stage])] += 1


def _count(totals: NDArray[np.float64], state: NDArray[np.int64], revenue: NDArray[np.float64]) -> None:
    totals[0] = np.bincount(state, minlength=totals.shape[1])
    totals[1] = np.bincount(state, revenue, minlength=totals.shape[1])
