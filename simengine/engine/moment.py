"""What the kernels need of some segments and periods, cut out of the tables: of cells C, or of the worlds in their
place, see `unfolding`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.elementwise import exp
from simengine.engine.opening import Opening
from simengine.model.conversion import converted_hazard, converting_hazard
from simengine.portfolio.population import Population
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.tables.layout import Tables

WORD = 2.0**32
STRONGEST = 80.0  # inertia: exp() of it still is a float32, and nobody leaves


def leaving(tables: Tables, segment: int, period: int) -> NDArray[np.float64]:
    """[C, 3, column] probability that a contract ends in a period: of who has not converted, who has, and who does in
    the period; see `hazard_columns`."""
    segments, months = tables.segments, months_per_period(tables)
    not_yet = np.zeros((2, segments.latest_arrival[segment] * months))  # nobody leaves before arriving
    hazard = np.concatenate([not_yet, segments.hazard[segment]], axis=1)[:, period * months :]
    factor = tables.choice.hazard_factor[:, period]  # [C, S]
    own = factor[:, segment, None] * hazard[0]
    other = factor[:, segments.converts_to[segment], None] * hazard[1]
    converted = converted_hazard(own, other, float(segments.causal[segment]))
    hazards = np.stack([own, converted, converting_hazard(own, converted)], axis=1)
    return np.asarray(1.0 - exp(-hazards))


def converting(tables: Tables, segment: int, period: int) -> NDArray[np.float64]:
    """[C] probability that a contract customer converts in a period, unless it leaves."""
    return np.ascontiguousarray(tables.choice.conversion[:, period, segment])


def inertia(tables: Tables, opening: Opening, segments: list[int], periods: slice) -> NDArray[np.float64]:
    """[S, T, C, states] kappa x m of the current supplier in some segments and periods, with what levers add to
    ours."""
    kappa = opening.inertia[segments][:, None, None]
    added = tables.choice.inertia[:, periods][:, :, segments].T
    kick = np.empty((*added.shape, len(tables.axes.suppliers) + 2))
    kick[:] = kappa[..., None]
    kick[..., :3] = (kappa + added)[..., None] * tables.segments.stage_inertia[segments][:, None, None]
    kick[..., -1] = kappa * tables.segments.outside_inertia[segments][:, None, None]
    return np.minimum(kick, STRONGEST)


def months_per_period(tables: Tables) -> int:
    return MONTHS_PER_YEAR // tables.axes.periods_per_year


def hazard_columns(tables: Tables, population: Population) -> NDArray[np.int64]:
    """[N] column of `leaving`: months of tenure at the opening, counted from where the last newcomer stands,
    whose tenure then is below 0."""
    months = np.maximum(population.tenure_months, 0).astype(np.int64)
    for (start, end), latest in zip(pairwise(tables.segments.rows), tables.segments.latest_arrival, strict=True):
        if latest > 0:
            months[start:end] += (latest - population.arrival[start:end]) * months_per_period(tables)
    return months


def thresholds(probability: NDArray[np.float64]) -> NDArray[np.int64]:
    """Probabilities as 32-bit thresholds: a draw below is an event."""
    return np.rint(probability * WORD).astype(np.int64)
