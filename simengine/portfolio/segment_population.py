"""The customers of one segment: the file's, prospects who resemble them, synthetic ones, and newcomers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.luck import newcomer_id
from simengine.portfolio.customers import OURS, Customers
from simengine.portfolio.newcomers import Cohorts
from simengine.portfolio.population import DRAWN, NOT_OURS, UNKNOWN_TENURE, Population
from simengine.portfolio.prospects import draw_sources, spread_sources
from simengine.portfolio.synthetic import draw_needs, draw_revenue, synthetic_ids, synthetic_labels

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
        self._further = further

    def of_file(self, rows: Customers) -> Population:
        """The customers of the file; what no column holds is drawn from what the segment says."""
        count = len(rows.ids)
        contract = self._segment.dynamics == "contract"
        unknown = np.full(count, 0 if contract else UNKNOWN_TENURE, dtype=np.int16)
        needs = rows.needs
        return self._population(
            rows.ids,
            rows.labels,
            weight=rows.weight,
            revenue=self._revenue(rows.ids) if rows.revenue is None else rows.revenue,
            needs=self._needs_weights(rows.ids) if needs is None or contract else needs,
            sensitivity=self._sensitivity(count) if rows.price_sensitivity is None else rows.price_sensitivity,
            supplier=np.full(count, OURS) if rows.supplier is None else rows.supplier,
            tenure_months=unknown if rows.tenure_months is None else rows.tenure_months,
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
        contract = self._segment.dynamics == "contract"
        return self._population(
            ids,
            synthetic_labels(self._name, count, first),
            weight=np.ones(count),
            revenue=self._revenue(ids),
            needs=self._needs_weights(ids),
            sensitivity=self._sensitivity(count),
            supplier=np.full(count, OURS if contract else DRAWN),
            tenure_months=np.full(count, 0 if contract else UNKNOWN_TENURE, dtype=np.int16),
        )

    def newcomers(self, cohorts: Cohorts, market: Population) -> Population:
        """Customers who enter later, each with the needs, revenue and price sensitivity of one of the `market`."""
        ids, count = cohorts.ids, len(cohorts.arrival)
        contract = self._segment.dynamics == "contract"
        supplier = np.full(count, OURS if contract else DRAWN)
        tenure_months = np.full(count, 0 if contract else UNKNOWN_TENURE, dtype=np.int16)
        like = spread_sources(newcomer_id(self._name, 0, 0), count, _features(market), market.weight, self._seed)
        entering = self._population(
            ids,
            cohorts.labels,
            weight=np.ones(count),
            revenue=market.revenue[like],
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
            further=np.full((len(ids), self._further), -1, dtype=np.int32) if further is None else further,
        )

    def _revenue(self, ids: NDArray[np.uint64]) -> NDArray[np.float64]:
        assert self._segment.revenue is not None
        return draw_revenue(ids, self._segment.revenue, self._seed)

    def _needs_weights(self, ids: NDArray[np.uint64]) -> NDArray[np.float32]:
        if self._segment.dynamics == "contract":  # nobody chooses there: even weights, so that rows sum to 1
            return np.full((len(ids), len(self._needs)), 1 / max(1, len(self._needs)), dtype=np.float32)
        centre = np.array([self._segment.needs.get(need, 0.0) for need in self._needs])
        return draw_needs(ids, centre, self._segment.needs_spread, self._seed)

    def _sensitivity(self, count: int) -> NDArray[np.float64]:
        stated = self._segment.price_sensitivity if self._segment.dynamics == "choice" else 0.0
        return np.full(count, stated)


def _features(customers: Population) -> NDArray[np.float64]:
    """[row, feature] all in which a prospect or newcomer resembles one of the `customers`."""
    return np.column_stack([customers.revenue, customers.price_sensitivity, customers.needs])
