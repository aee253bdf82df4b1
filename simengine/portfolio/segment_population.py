"""The customers of one segment: the file's, prospects who resemble them, synthetic ones, and newcomers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.luck import newcomer_id
from simengine.portfolio.buying import mean_revenue_per_year, mean_spend, probability_alive, revenue_per_year
from simengine.portfolio.customers import OURS, Customers
from simengine.portfolio.newcomers import Cohorts
from simengine.portfolio.population import (
    ALIVE,
    DRAWN,
    DRAWN_STATE,
    HISTORY,
    NOT_OURS,
    STATE,
    UNKNOWN_TENURE,
    Population,
)
from simengine.portfolio.prospects import draw_sources, spread_sources
from simengine.portfolio.synthetic import draw_needs, draw_revenue, synthetic_ids, synthetic_labels
from simengine.scenario.segment import BuyingSegment, MarkovSegment

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


class SegmentPopulation:
    """Makes the populations of one segment, from what the scenario says of it and the file's rows of it.

    Each method returns a Population in the order of its ids. Raises nothing: `opening_checks` came before.
    """

    def __init__(self, scenario: Scenario, name: str, seed: int, further: int = 0) -> None:
        """`further` is the number of further columns that are read of the customer file."""
        self._segment = scenario.segments[name]
        self._name, self._seed = name, seed
        self._index = list(scenario.segments).index(name)
        self._needs = scenario.needs
        self._further, self._periods_per_year = further, scenario.calendar.periods_per_year
        remembered = any(isinstance(each, (BuyingSegment, MarkovSegment)) for each in scenario.segments.values())
        self._remembered = len(HISTORY) if remembered else 0

    def of_file(self, rows: Customers) -> Population:
        """The customers of the file; what no column holds is drawn from what the segment says."""
        count = len(rows.ids)
        choice = self._segment.dynamics == "choice"
        unknown = np.full(count, UNKNOWN_TENURE if choice else 0, dtype=np.int16)
        needs = rows.needs
        return self._population(
            rows.ids,
            rows.labels,
            weight=rows.weight,
            revenue=self._revenue_of(rows),
            needs=needs if choice and needs is not None else self._needs_weights(rows.ids),
            sensitivity=self._sensitivity(count) if rows.price_sensitivity is None else rows.price_sensitivity,
            supplier=np.full(count, OURS) if rows.supplier is None else rows.supplier,
            tenure_months=unknown if rows.tenure_months is None else rows.tenure_months,
            history=self._history_of(rows),
            further=rows.further,
        )

    def prospects(self, ours: Population, count: int) -> Population:
        """`count` customers not ours, each with the needs, revenue and price sensitivity of one who is."""
        ids = synthetic_ids(self._name, count)
        source = draw_sources(ids, _features(ours), ours.weight, self._seed)
        return self._population(
            ids,
            synthetic_labels(self._name, count),
            weight=np.ones(count),
            revenue=ours.revenue[source],
            needs=ours.needs[source],
            sensitivity=ours.price_sensitivity[source],
            supplier=np.full(count, NOT_OURS),
            tenure_months=np.full(count, UNKNOWN_TENURE, dtype=np.int16),
        )

    def synthetic(self, count: int, first: int = 0) -> Population:
        """`count` customers drawn from what the segment says, from the ordinal `first` on: of the whole market, or new
        contracts of ours."""
        ids = synthetic_ids(self._name, count, first)
        choice = self._segment.dynamics == "choice"
        return self._population(
            ids,
            synthetic_labels(self._name, count, first),
            weight=np.ones(count),
            revenue=self._revenue(ids),
            needs=self._needs_weights(ids),
            sensitivity=self._sensitivity(count),
            supplier=np.full(count, DRAWN if choice else OURS),
            tenure_months=np.full(count, UNKNOWN_TENURE if choice else 0, dtype=np.int16),
            history=self._history(count, DRAWN_STATE),
        )

    def newcomers(self, cohorts: Cohorts, market: Population) -> Population:
        """Customers who enter later, each with the needs, revenue and price sensitivity of one of the `market`."""
        ids, count = cohorts.ids, len(cohorts.arrival)
        choice = self._segment.dynamics == "choice"
        supplier = np.full(count, DRAWN if choice else OURS)
        tenure_months = np.full(count, UNKNOWN_TENURE if choice else 0, dtype=np.int16)
        like = spread_sources(newcomer_id(self._name, 0, 0), count, _features(market), market.weight, self._seed)
        entering = self._population(
            ids,
            cohorts.labels,
            weight=np.ones(count),
            revenue=self._first_revenue(count, market.revenue[like]),
            needs=market.needs[like],
            sensitivity=market.price_sensitivity[like],
            supplier=supplier,
            tenure_months=tenure_months,
        )
        return entering._replace(arrival=cohorts.arrival)

    def _population(
        self,
        ids: NDArray[np.uint64],
        labels: NDArray[Any],
        *,
        weight: NDArray[np.float64],
        revenue: NDArray[np.float64],
        needs: NDArray[np.float32],
        sensitivity: NDArray[np.floating],
        supplier: NDArray[np.integer],
        tenure_months: NDArray[np.int16],
        history: NDArray[np.float64] | None = None,
        further: NDArray[np.int32] | None = None,
    ) -> Population:
        return Population(
            ids,
            labels,
            segment=np.full(len(ids), self._index, dtype=np.int16),
            weight=np.ascontiguousarray(weight),
            revenue=revenue,
            needs=needs,
            price_sensitivity=sensitivity.astype(np.float32, copy=False),
            supplier=supplier.astype(np.int8, copy=False),
            tenure_months=tenure_months,
            arrival=np.zeros(len(ids), dtype=np.int16),
            history=self._history(len(ids)) if history is None else history,
            further=np.full((len(ids), self._further), -1, dtype=np.int32) if further is None else further,
        )

    def _history(self, count: int, state: NDArray[np.int16] | int = 0) -> NDArray[np.float64]:
        """Of customers who have just made their first purchase, or who are in a state."""
        history = np.zeros((count, self._remembered))
        if self._remembered:
            history[:, ALIVE] = 1.0
        if isinstance(self._segment, MarkovSegment):
            history[:, STATE] = state
        return history

    def _history_of(self, rows: Customers) -> NDArray[np.float64]:
        """Of customers in a file."""
        bought = rows.bought
        if not isinstance(self._segment, BuyingSegment) or bought is None:
            return self._history(len(rows.ids), DRAWN_STATE if rows.state is None else rows.state)
        alive = probability_alive(self._segment.purchases.bg_nbd, bought)
        valued = np.where(np.isnan(bought.spend), 0.0, bought.purchases)
        return np.column_stack([bought.purchases, bought.observed, alive, valued])

    def _revenue_of(self, rows: Customers) -> NDArray[np.float64]:
        """Currency a year of customers in a file."""
        if isinstance(self._segment, MarkovSegment):
            return self._revenue(rows.ids)
        if isinstance(self._segment, BuyingSegment):
            assert rows.bought is not None
            return revenue_per_year(self._segment, rows.bought)
        return self._revenue(rows.ids) if rows.revenue is None else rows.revenue

    def _first_revenue(self, count: int, resembled: NDArray[np.float64]) -> NDArray[np.float64]:
        """Currency a year of newcomers: of those who buy till they are gone a purchase in the period, their first."""
        if isinstance(self._segment, BuyingSegment):
            return np.full(count, mean_spend(self._segment.spend) * self._periods_per_year)
        return self._revenue(np.zeros(count, np.uint64)) if isinstance(self._segment, MarkovSegment) else resembled

    def _revenue(self, ids: NDArray[np.uint64]) -> NDArray[np.float64]:
        if isinstance(self._segment, MarkovSegment):
            return np.full(len(ids), most_money(self._segment) * self._periods_per_year)
        if isinstance(self._segment, BuyingSegment):
            return np.full(len(ids), mean_revenue_per_year(self._segment))
        assert self._segment.revenue is not None
        return draw_revenue(ids, self._segment.revenue, self._seed)

    def _needs_weights(self, ids: NDArray[np.uint64]) -> NDArray[np.float32]:
        if self._segment.dynamics != "choice":  # nobody chooses there: even weights, so that rows sum to 1
            return np.full((len(ids), len(self._needs)), 1 / max(1, len(self._needs)), dtype=np.float32)
        centre = np.array([self._segment.needs.get(need, 0.0) for need in self._needs])
        return draw_needs(ids, centre, self._segment.needs_spread, self._seed)

    def _sensitivity(self, count: int) -> NDArray[np.float64]:
        stated = self._segment.price_sensitivity if self._segment.dynamics == "choice" else 0.0
        return np.full(count, stated)


def most_money(segment: MarkovSegment) -> float:
    """The largest amount, of money or of cost, that a state brings; 1 where no state brings anything."""
    return max(abs(each.money) for each in segment.states.values()) or 1.0


def _features(customers: Population) -> NDArray[np.float64]:
    """[row, feature] all in which a prospect or newcomer resembles one of the `customers`."""
    return np.column_stack([customers.revenue, customers.price_sensitivity, customers.needs])
