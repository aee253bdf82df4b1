"""What the kernels need of one segment in one period, cut out of the tables."""

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


class Moment:
    """One segment in one period, in every cell."""

    def __init__(self, tables: Tables, opening: Opening, segment: int, period: int) -> None:
        self._tables, self._opening, self._segment, self._period = tables, opening, segment, period
        choice = tables.choice
        self.coefficient = np.ascontiguousarray(choice.coefficient[:, period, segment])
        self.constant = constants(tables, opening, segment, slice(period, period + 1))[0]
        self.available = tables.segments.available[segment]
        self.review = choice.review[:, period, segment]

    def inertia(self) -> NDArray[np.float64]:
        """[C, states] kappa x m of the current supplier, with what levers add to ours."""
        here = slice(self._period, self._period + 1)
        return np.asarray(inertia(self._tables, self._opening, self._segment, here)[0])

    def leaving(self) -> NDArray[np.float64]:
        """[C, 3, column] probability that a contract ends in the period: of who has not converted, who has, and who
        does in the period; see `hazard_columns`."""
        segments, months = self._tables.segments, months_per_period(self._tables)
        not_yet = np.zeros((2, segments.latest_arrival[self._segment] * months))  # nobody leaves before arriving
        hazard = np.concatenate([not_yet, segments.hazard[self._segment]], axis=1)[:, self._period * months :]
        factor = self._tables.choice.hazard_factor[:, self._period]  # [C, S]
        own = factor[:, self._segment, None] * hazard[0]
        other = factor[:, segments.converts_to[self._segment], None] * hazard[1]
        converted = converted_hazard(own, other, float(segments.causal[self._segment]))
        hazards = np.stack([own, converted, converting_hazard(own, converted)], axis=1)
        return np.asarray(1.0 - exp(-hazards))

    def converting(self) -> NDArray[np.float64]:
        """[C] probability that a contract customer converts in the period, unless it leaves."""
        return np.ascontiguousarray(self._tables.choice.conversion[:, self._period, self._segment])


def constants(tables: Tables, opening: Opening, segment: int, periods: slice) -> NDArray[np.float32]:
    """[T, C, J] of the choice in some periods."""
    shift = tables.choice.shift[:, periods, segment].swapaxes(0, 1)
    return np.asarray((opening.constants[segment] + shift).astype(np.float32))


def inertia(tables: Tables, opening: Opening, segment: int, periods: slice) -> NDArray[np.float64]:
    """[T, C, states] kappa x m of the current supplier in some periods, with what levers add to ours."""
    kappa = opening.inertia[segment]
    added = tables.choice.inertia[:, periods, segment].T
    kick = np.full((*added.shape, len(tables.axes.suppliers) + 2), kappa)
    kick[:, :, :3] = (kappa + added)[:, :, None] * tables.segments.stage_inertia[segment]
    kick[:, :, -1] = kappa * tables.segments.outside_inertia[segment]
    return np.minimum(kick, STRONGEST)


def months_per_period(tables: Tables) -> int:
    return MONTHS_PER_YEAR // tables.axes.periods_per_year


def hazard_columns(tables: Tables, population: Population) -> NDArray[np.int64]:
    """[N] column of `Moment.leaving`: months of tenure at the opening, counted from where the last newcomer stands,
    whose tenure then is below 0."""
    months = np.maximum(population.tenure_months, 0).astype(np.int64)
    for (start, end), latest in zip(pairwise(tables.segments.rows), tables.segments.latest_arrival, strict=True):
        if latest > 0:
            months[start:end] += (latest - population.arrival[start:end]) * months_per_period(tables)
    return months


def thresholds(probability: NDArray[np.float64]) -> NDArray[np.int64]:
    """Probabilities as 32-bit thresholds: a draw below is an event."""
    return np.rint(probability * WORD).astype(np.int64)
