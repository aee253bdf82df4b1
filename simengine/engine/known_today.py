"""Today as it was solved for other values of inputs: what of it still holds, and where to begin with the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simengine.engine.from_sample import SAMPLE, Nearby, nearby_of
from simengine.engine.need_states_market import market_of
from simengine.engine.pool import Pool
from simengine.engine.segment_market import SegmentMarket
from simengine.portfolio.population import Population
from simengine.tables.layout import Floats, Tables

if TYPE_CHECKING:
    from simengine.engine.opening import Opening

# What of `layout.Segments` enters today's choice, by segment.
ENTERING = (
    "available", "shares", "churn", "constants", "inertia", "share_trend", "stage_years", "stage_promotion",
    "stage_inertia", "outside_inertia",
)  # fmt: skip


@dataclass(frozen=True)
class KnownToday:
    """The opening of a population under some tables; its customers are those of the tables that are asked about, but
    for what their features say."""

    opening: Opening
    tables: Tables
    population: Population
    _nearby: dict[tuple[int, bool], Nearby | None] = field(default_factory=dict)  # who asks first works it out

    def holds(self, tables: Tables, s: int) -> bool:
        """Whether customers of a `choice` segment choose today as they did: so constants, inertia and where customers
        are stay as they were, to the bit."""
        before, now = self.tables, tables
        rows = slice(now.segments.rows[s], now.segments.rows[s + 1])
        width = now.today.coefficient.shape[-1]
        same_features = now.features is before.features or np.array_equal(
            now.features[rows, :width], before.features[rows, :width]
        )
        return (
            same_features
            and np.array_equal(now.today.coefficient[0, 0, s], before.today.coefficient[0, 0, s])
            and np.array_equal(now.today.review[0, 0, s], before.today.review[0, 0, s])
            and all(
                np.array_equal(getattr(now.segments, name)[s], getattr(before.segments, name)[s], equal_nan=True)
                for name in ENTERING
            )
            and _same_states(before, now, s)
        )

    def base_revenue(self, tables: Tables, s: int) -> tuple[Floats, float] | None:
        """[n] base revenue of the customers of a segment where today's choice holds, and the modelled mean; None where
        revenue differs by stage as it did not."""
        before, now = self.tables, tables
        rows = slice(now.segments.rows[s], now.segments.rows[s + 1])
        base, mean = self.opening.base_revenue[rows], float(self.opening.revenue[s])
        if not np.array_equal(now.economics.stage_revenue[s], before.economics.stage_revenue[s]):
            return None
        stated, then = float(now.segments.stated_revenue[s]), float(before.segments.stated_revenue[s])
        if stated == then or (np.isnan(stated) and np.isnan(then)):
            return base, mean
        return None if np.isnan(stated) or np.isnan(then) else (base * (stated / then), stated)

    def nearby(self, s: int, at_rest: bool, pool: Pool) -> Nearby | None:
        """The solution of a `choice` segment, with derivatives, as a start for a market that is `at_rest` or not; None
        where nothing was solved."""
        if (s, at_rest) not in self._nearby:
            self._nearby[s, at_rest] = self._found(s, at_rest, pool)
        return self._nearby[s, at_rest]

    def placed(self, market: SegmentMarket, s: int) -> SegmentMarket:
        """A market in which today's choice holds and is at rest, with its solution."""
        market.constants, market.inertia = self.opening.constants[s], float(self.opening.inertia[s])
        market.resting_constants = market.constants
        if s in self.opening.joint:
            market.place()
        else:
            market.opening[:] = self.opening.states[self.tables.segments.rows[s] : self.tables.segments.rows[s + 1]]
        return market

    def _found(self, s: int, at_rest: bool, pool: Pool) -> Nearby | None:
        rows = self.tables.segments.rows
        step = max(1, -(-int(rows[s + 1] - rows[s]) // SAMPLE))
        market = market_of(self.tables, self.population, s, pool, step=step)
        if not np.isnan(market.stated_inertia):
            return None
        market.at_rest = at_rest
        market.solve_at_rest(float(self.opening.inertia[s]), self.opening.constants[s])
        return nearby_of(market)


def _same_states(before: Tables, now: Tables, s: int) -> bool:
    one, other = before.segments.need_states[s], now.segments.need_states[s]
    if one is None or other is None:
        return one is other
    return one.names == other.names and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in one._fields[1:]
    )
