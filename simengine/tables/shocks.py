"""Shocks of the market: to the utility of each supplier's offer, in all segments alike, and to demand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine import luck
from simengine.arithmetic.cholesky import cholesky
from simengine.model.mean_reversion import multiplier_of_mean_one, variance_since_today
from simengine.model.time import fraction_kept
from simengine.scenario.market import DEMAND
from simengine.scenario.model import Scenario
from simengine.scenario.suppliers import OUTSIDE
from simengine.tables.layout import Floats
from simengine.tables.market_luck import deviations, standard_normals


class ShockLaw(NamedTuple):
    """How shocks move. N shocks: of the suppliers that have one, in the order of the axes, and last of demand."""

    suppliers: tuple[int, ...]  # [N - 1] index into the suppliers
    names: tuple[str, ...]  # [N] what is shocked: suppliers, demand
    volatility: Floats  # [N] standard deviation in the long run: utility, and the logarithm of revenue
    kept: Floats  # [N] part that is left after a period
    correlations: Floats  # [N, N] of what is new in a period, positive definite


class Shocks(NamedTuple):
    """What the market does by itself, in each replication; nothing yet today, before period 0."""

    utility: Floats  # [R, T, J] added to the utility of every offer of a supplier
    demand: Floats  # [R, T] multiplier on everybody's revenue, of mean 1


def shock_law(scenario: Scenario) -> ShockLaw | None:
    """Of a scenario; None where nothing is shocked."""
    market, years = scenario.market, scenario.calendar.years_per_period
    if market is None:
        return None
    volatility = {name: market.volatility_of(name, outside=name == OUTSIDE) for name in scenario.suppliers}
    shocked = [name for name in scenario.suppliers if volatility[name]]
    if not shocked and not market.demand.volatility:
        return None
    names = (*shocked, DEMAND)
    persistence = [*(market.persistence_of(name) for name in shocked), market.demand.persistence]
    return ShockLaw(
        tuple(map(scenario.suppliers.index, shocked)),
        names,
        np.array([*(volatility[name] for name in shocked), market.demand.volatility]),
        np.array([fraction_kept(each, years) for each in persistence]),
        np.array([[1.0 if one == other else market.correlation(one, other) for other in names] for one in names]),
    )


def shocks_of(law: ShockLaw, suppliers: int, seed: int, first: int, replications: int, periods: int) -> Shocks:
    """Shocks of the replications from `first` on, of as many `suppliers` as the axes have; a shock's luck is that of
    its name, so that other shocks, cells and batches leave it as it is."""
    addresses = [f"shock {name}" for name in law.names]
    normals = standard_normals(seed, addresses, luck.SHOCK, first, replications, periods)
    moved = deviations(correlated(normals, law.correlations), law.volatility, law.kept)
    utility = np.zeros((replications, periods, suppliers))
    utility[:, :, list(law.suppliers)] = moved[:, :, :-1]
    variance = variance_since_today(law.volatility[-1], law.kept[-1], np.arange(1.0, periods + 1.0))
    return Shocks(utility, np.asarray(multiplier_of_mean_one(moved[:, :, -1], variance)))


def correlated(normals: Floats, correlations: Floats) -> Floats:
    """[R, T, N] standard normal numbers with these correlations, of independent ones; what is not correlated with any
    before it stays as it is."""
    factor = cholesky(correlations)
    found = np.zeros(normals.shape)
    for n in range(len(factor)):
        for earlier in range(n + 1):
            if factor[n, earlier] != 0.0:
                found[:, :, n] += factor[n, earlier] * normals[:, :, earlier]
    return found
