"""Luck whose mean is known: what differs between replications although its mean over all of them needs no simulation.

Of the market's shocks the mean is 0 in every period, of demand's multiplier 1; how likely it is that what comes of
itself holds in a period, and how large a size or how long a duration is on average, follows from its distribution.
Uncertain inputs follow from standard normal numbers, of mean 0. Their squares, though of known mean, are no controls:
what depends on inputs and little else leaves next to nothing beside straight lines and squares but in the tails, which
few draws see, and intervals would miss too often; for the same reason straight lines are none of few draws. Where
inputs are drawn in blocks, that these come near to their means is what blocks are for, and little would be left to take
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from simengine import luck
from simengine.arithmetic.elementwise import power
from simengine.model.arrival import periods_until_arrival
from simengine.model.needs_drift import summing_to_nothing
from simengine.scenario.distribution import Distribution, Triangular, Uniform
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.tables.inputs import scores_of
from simengine.tables.layout import Floats
from simengine.tables.market_luck import deviations, standard_normals
from simengine.tables.needs_drift import drift_law
from simengine.tables.shocks import shock_law, shocks_of
from simengine.tables.uncertain import quantiles

LEAST_DRAWS = 100  # of inputs: with 30, differences that bend with them are covered by 89 of 100 intervals


class Luck:
    """Of a scenario, in the replications 0, 1, ..., each kind less its known mean."""

    def __init__(self, scenario: Scenario, replications: int) -> None:
        self._scenario, self._replications = scenario, replications
        self._seed, self._periods = scenario.simulation.seed, scenario.calendar.periods
        self._before, self._last, self._rising, self._bent = _weights(scenario)
        self.inputs = self._of_inputs()  # [R] each; none where they are no controls
        self._shocks, self._needs = list(self._of_shocks()), list(self._of_needs())

    def controls(self, move: str, allocations: Iterable[str]) -> list[Floats]:
        """Sums [R] of luck over periods, under a move, of cells of these allocations: what is worth most first.

        The last year counts apart, for what lies beyond the horizon is valued by it.
        """
        paths = [*self._shocks, *self._of_move(move)]
        return [
            *self.inputs, *_sums(paths, self._before), *self._of_initiatives(allocations), *_sums(paths, self._last),
            *_sums(self._needs, self._before), *_sums(self._needs, self._last), *_sums(paths, self._rising),
            *_sums(self._needs, self._rising), *_sums(paths, self._bent),
        ]  # fmt: skip

    def _of_inputs(self) -> list[Floats]:
        """[R] what uncertain inputs follow from, where every replication of many draws them by itself."""
        scenario = self._scenario
        if (
            self._replications < LEAST_DRAWS
            or not scenario.uncertain.paths
            or scenario.simulation.inputs != "independent"
        ):
            return []
        return list(np.ascontiguousarray(scores_of(scenario, self._replications).T))

    def _of_shocks(self) -> Iterator[Floats]:
        """[R, T] to demand and to the utility of suppliers."""
        scenario, law = self._scenario, shock_law(self._scenario)
        if law is None or scenario.market is None:
            return
        shocks = shocks_of(law, len(scenario.suppliers), self._seed, 0, self._replications, self._periods)
        if scenario.market.demand.volatility:
            yield shocks.demand - 1.0
        for j in law.suppliers:
            yield shocks.utility[:, :, j]

    def _of_move(self, move: str) -> Iterator[Floats]:
        """[R, T] whether what comes of itself holds, the first time, and how much larger it is than on average."""
        for change in self._scenario.moves[move]:
            held = np.ones((self._replications, self._periods))
            if change.arrival is not None:
                held = self._held(change, change.arrival)
                yield held - self._chance_to_hold(change, change.arrival)
            if change.size is not None:
                sizes = quantiles(change.size, self._uniforms(f"size {change.name}", luck.ARRIVAL))
                yield (sizes - mean_of(change.size))[:, None] * held

    def _held(self, change: Change, probability: float) -> Floats:
        years, periods = self._scenario.calendar.years_per_period, self._periods
        drawn = self._uniforms(f"arrival {change.name}", luck.ARRIVAL).tolist()
        start = np.array([periods_until_arrival(u, probability, years, periods) for u in drawn])[:, None]
        at = np.arange(periods)
        return ((start <= at) & (at < start + (change.lasts or periods))).astype(np.float64)

    def _chance_to_hold(self, change: Change, probability: float) -> Floats:
        """[T]: it has come, and not so long ago that it has ended."""
        years = self._scenario.calendar.years_per_period
        at = np.arange(1.0, self._periods + 1.0)
        come = 1.0 - power(1.0 - probability, at * years)
        if change.lasts is not None:
            come = come - (1.0 - power(1.0 - probability, np.maximum(at - change.lasts, 0.0) * years))
        return np.asarray(come)

    def _of_initiatives(self, allocations: Iterable[str]) -> Iterator[Floats]:
        """[R] how long initiatives take."""
        stated = {name: each for a in allocations for name, each in self._scenario.allocations[a].initiatives.items()}
        for name, each in sorted(stated.items()):
            if not isinstance(each.duration, (int, float)):
                drawn = quantiles(each.duration, self._uniforms(f"initiative {name}", luck.INITIATIVE))
                yield drawn - mean_of(each.duration)

    def _of_needs(self) -> Iterator[Floats]:
        """[R, T] how mean weights of needs drift, before they meet 0 or 1; the last need's follows from the others'."""
        law = drift_law(self._scenario)
        if law is None:
            return
        for s in np.flatnonzero(law.volatility).tolist():
            normals = standard_normals(
                self._seed, law.names[s], luck.DRIFT, 0, self._replications, self._periods
            )  # fmt: skip
            needs = normals.shape[-1]
            spread, kept = (np.full(needs, of[s]) for of in (law.volatility, law.kept))
            moved = deviations(summing_to_nothing(normals), spread, kept)
            yield from (moved[:, :, k] for k in range(needs - 1))

    def _uniforms(self, what: str, decision: int) -> Floats:
        return luck.uniforms(self._seed, luck.address(what), decision, 0, 0, self._replications)


def _weights(scenario: Scenario) -> tuple[Floats, Floats, Floats, Floats]:
    """[T] by which luck of periods is added up: before the last year, in it, and before it with weights that rise and
    that rise faster and faster."""
    calendar = scenario.calendar
    year = min(round(1.0 / calendar.years_per_period), calendar.periods)
    place = np.arange(calendar.periods, dtype=np.float64)
    before = (place < calendar.periods - year).astype(np.float64)
    share = before * (place + 0.5) / calendar.periods
    return before, 1.0 - before, share, share * share


def _sums(paths: Iterable[Floats], weights: Floats) -> Iterator[Floats]:
    """[R] of paths [R, T]."""
    return ((path * weights).sum(axis=1) for path in paths)


def mean_of(number: Distribution) -> float:
    """The mean of an uncertain number."""
    if isinstance(number, Triangular):
        return sum(number.triangular) / 3.0
    if isinstance(number, Uniform):
        return sum(number.uniform) / 2.0
    return number.lognormal.mean
