"""How the needs of each segment drift, replication by replication."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine import luck
from simengine.model.needs_drift import summing_to_nothing, within_bounds
from simengine.model.time import fraction_kept
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.tables.layout import Floats
from simengine.tables.market_luck import deviations, standard_normals


class DriftLaw(NamedTuple):
    """How mean weights move, by segment and need; segments where nothing drifts have zeros."""

    names: tuple[tuple[str, ...], ...]  # [S][K] segment and need as one text: the address of their luck
    volatility: Floats  # [S] standard deviation of each weight in the long run
    kept: Floats  # [S] part of a deviation that is left after a period
    trend: Floats  # [S, K] change of each mean weight a year, sum 0


def drift_law(scenario: Scenario) -> DriftLaw | None:
    """Of a scenario; None where nothing drifts."""
    names, needs = tuple(scenario.segments), scenario.needs
    law = DriftLaw(
        tuple(tuple(luck_name(name, need) for need in needs) for name in names),
        np.zeros(len(names)),
        np.zeros(len(names)),
        np.zeros((len(names), len(needs))),
    )
    for s, segment in enumerate(scenario.segments.values()):
        if isinstance(segment, ChoiceSegment):
            stated = segment.needs_drift
            law.volatility[s] = stated.volatility
            law.kept[s] = fraction_kept(stated.persistence, scenario.calendar.years_per_period)
            law.trend[s] = stated.trend_of(needs)
    return law if law.volatility.any() or law.trend.any() else None


def drift(
    law: DriftLaw, centres: Floats, seed: int, first: int, replications: int, periods: int, years: float
) -> Floats:
    """[R, T, S, K] shift of every customer's weights since today, sum 0 over the needs, of the replications from
    `first` on; `centres` [S, K] are the mean weights today, `years` the length of a period.

    The weights of a segment move with their own luck, whatever other segments there are.
    """
    segments, needs = law.trend.shape
    elapsed = np.arange(1.0, periods + 1.0) * years
    shift = np.broadcast_to(elapsed[:, None, None] * law.trend, (replications, periods, segments, needs)).copy()
    for s in np.flatnonzero(law.volatility).tolist():
        normals = standard_normals(seed, law.names[s], luck.DRIFT, first, replications, periods)
        spread, kept = (np.full(needs, of[s]) for of in (law.volatility, law.kept))
        shift[:, :, s] += deviations(summing_to_nothing(normals), spread, kept)
    return np.asarray(within_bounds(shift, centres))


def luck_name(segment: str, need: str) -> str:
    """The address of the luck of a need's weight in a segment."""
    return f"drift {segment}\t{need}"
