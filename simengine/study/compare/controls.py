"""Luck whose mean is known: what differs between replications although its mean over all of them needs no simulation.

Of the market's shocks the mean is 0 in every period, of demand's multiplier 1; what a duration or a size is on average,
and how long what comes of itself is expected to hold, follows from its distribution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from simengine import luck
from simengine.arithmetic import power
from simengine.model.arrival import periods_until_arrival
from simengine.model.needs_drift import summing_to_nothing
from simengine.scenario.distribution import Distribution, Triangular, Uniform
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.tables.layout import Floats
from simengine.tables.market_luck import deviations, standard_normals
from simengine.tables.needs_drift import drift_law
from simengine.tables.shocks import shock_law, shocks_of
from simengine.tables.uncertain import quantiles

FINEST = 8  # parts of the horizon over which luck is added up


class Control(NamedTuple):
    """Something that chance decides, less its known mean."""

    kind: str
    values: Floats  # [R]


class Luck:
    """Of a scenario, in replications 0, 1, ... in the order in which it is worth knowing."""

    def __init__(self, scenario: Scenario, replications: int) -> None:
        self._scenario, self._replications = scenario, replications
        self._seed, self._periods = scenario.simulation.seed, scenario.calendar.periods
        self._of_market = {parts: list(self._market(parts)) for parts in _parts(self._periods)}

    def controls(self, move: str, allocations: Iterable[str]) -> list[Control]:
        """Of cells of these allocations under a move: coarse first, each finer one adds what it splits."""
        first, *finer = self._of_market.values()
        found = [*first, *self._of_move(move), *self._of_initiatives(allocations), *self._of_needs()]
        return [*found, *(control for controls in finer for control in controls)]

    def _market(self, parts: int) -> Iterator[Control]:
        """Shocks added up over all but the last of as many equal parts of the horizon; over the whole of it of one."""
        scenario, law = self._scenario, shock_law(self._scenario)
        if law is None:
            return
        shocks = shocks_of(law, len(scenario.suppliers), self._seed, 0, self._replications, self._periods)
        ends = [self._periods * (k + 1) // parts for k in range(parts)]
        for first, end in zip([0, *ends], ends[: max(parts - 1, 1)], strict=False):
            if scenario.market is not None and scenario.market.demand.volatility:
                yield Control("shocks to demand", (shocks.demand[:, first:end] - 1.0).sum(axis=1))
            for j in law.suppliers:
                yield Control("shocks to suppliers", shocks.utility[:, first:end, j].sum(axis=1))

    def _of_move(self, move: str) -> Iterator[Control]:
        for change in self._scenario.moves[move]:
            held = np.ones(self._replications)
            if change.arrival is not None:
                held = self._held(change, change.arrival)
                yield Control("moves that may come", held - self._mean_held(change, change.arrival))
            if change.size is not None:
                sizes = quantiles(change.size, self._uniforms(f"size {change.name}", luck.ARRIVAL))
                yield Control("sizes of moves", (sizes - mean_of(change.size)) * held)

    def _held(self, change: Change, probability: float) -> Floats:
        """[R] periods from when it first comes to the horizon, or for which it lasts."""
        years, periods = self._scenario.calendar.years_per_period, self._periods
        drawn = self._uniforms(f"arrival {change.name}", luck.ARRIVAL).tolist()
        start = np.array([periods_until_arrival(u, probability, years, periods) for u in drawn], dtype=np.float64)
        return np.minimum(periods - start, change.lasts or periods)

    def _mean_held(self, change: Change, probability: float) -> float:
        """Its expectation: over n, of the probability that it holds for n periods at least."""
        years, periods = self._scenario.calendar.years_per_period, self._periods
        most = min(change.lasts or periods, periods)
        # it comes within the first T - n + 1 periods
        return float(sum(1.0 - power(1.0 - probability, (periods - n + 1) * years) for n in range(1, most + 1)))

    def _of_initiatives(self, allocations: Iterable[str]) -> Iterator[Control]:
        """How long initiatives take."""
        stated = {name: each for a in allocations for name, each in self._scenario.allocations[a].initiatives.items()}
        for name, each in sorted(stated.items()):
            if isinstance(each.duration, (int, float)):
                continue
            drawn = quantiles(each.duration, self._uniforms(f"initiative {name}", luck.INITIATIVE))
            yield Control("durations of initiatives", drawn - mean_of(each.duration))

    def _of_needs(self) -> Iterator[Control]:
        """How mean weights of needs drift, before they meet 0 or 1; the last need's follows from the others'."""
        law = drift_law(self._scenario)
        for s in range(len(law.names)) if law is not None else ():
            assert law is not None
            if law.volatility[s] > 0.0:
                shape = self._replications, self._periods
                normals = summing_to_nothing(standard_normals(self._seed, law.names[s], luck.DRIFT, 0, *shape))
                needs = normals.shape[-1]
                moved = deviations(normals, np.full(needs, law.volatility[s]), np.full(needs, law.kept[s]))
                yield from (Control("drifting needs", moved[:, :, k].sum(axis=1)) for k in range(needs - 1))

    def _uniforms(self, what: str, decision: int) -> Floats:
        return luck.uniforms(self._seed, luck.address(what), decision, 0, 0, self._replications)


def _parts(periods: int) -> list[int]:
    """Numbers of parts of the horizon: 1, 2, 4, ..."""
    return [parts for parts in (1, 2, 4, FINEST) if parts == 1 or parts <= periods]


def mean_of(number: Distribution) -> float:
    """The mean of an uncertain number."""
    if isinstance(number, Triangular):
        return sum(number.triangular) / 3.0
    if isinstance(number, Uniform):
        return sum(number.uniform) / 2.0
    return number.lognormal.mean
