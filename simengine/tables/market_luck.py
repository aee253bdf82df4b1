"""The luck of a whole market: the same in every cell, whatever the batch of replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simengine import luck
from simengine.arithmetic.elementwise import normal_quantile
from simengine.model.mean_reversion import new_sd, next_deviation
from simengine.tables.layout import Floats


def standard_normals(
    seed: int, addresses: Sequence[str], decision: int, first: int, replications: int, periods: int
) -> Floats:
    """[R, T, N] independent standard normal numbers of N addresses, of the replications from `first` on."""
    drawn = np.empty((replications, periods, len(addresses)))
    for n, identity in enumerate(map(luck.address, addresses)):
        for t in range(periods):
            drawn[:, t, n] = luck.uniforms(seed, identity, decision, t, first, replications)
    return np.asarray(normal_quantile(drawn))


def deviations(normals: Floats, volatility: Floats, kept: Floats) -> Floats:
    """[R, T, ...] deviations that start from nothing today, of standard normal numbers [R, T, ...]; `volatility` and
    `kept` [...] as in `mean_reversion`."""
    found = np.empty(normals.shape)
    new = new_sd(volatility, kept) * normals
    before = np.zeros(normals.shape[2:])
    for t in range(normals.shape[1]):
        before = found[:, t] = next_deviation(before, kept, new[:, t])
    return found
