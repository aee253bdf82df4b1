"""Draws the customers of one segment of a synthetic file."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log1p
from simengine.engine.need_states_market import market_of
from simengine.engine.pool import Pool
from simengine.luck import POPULATION_SOURCE
from simengine.portfolio.customers import OURS, Customers, Floats
from simengine.portfolio.in_proportion import draw_rows
from simengine.portfolio.population import UNKNOWN_TENURE, Population
from simengine.portfolio.segment_population import SegmentPopulation
from simengine.portfolio.synthetic import draw_revenue, synthetic_ids
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.scenario.segment import ContractSegment
from simengine.synthesis.luck_of_rows import opening_states, tenure_in_stage
from simengine.synthesis.today import Today, opening_rows
from simengine.tables.layout import STAGES, Tables


class Drawn(NamedTuple):
    """Customers of a synthetic file. Axis 0: customer."""

    supplier: NDArray[np.int64]  # index
    revenue: Floats  # currency a year, as a customer of ours at today's price
    tenure_months: NDArray[np.int32]  # completed months with us, or UNKNOWN_TENURE
    churned: NDArray[np.bool_]
    needs: NDArray[np.float32]  # [customer, need]
    price_sensitivity: NDArray[np.float32]


class Drawer:
    """Draws customers of one segment by their ordinals; what is drawn depends on segment, ordinal and seed alone.

    Where the scenario has a customer file with rows of the segment, each customer resembles one of them, in a
    contract segment also one who has left. Else needs and revenue are drawn as a run would. Whose customer
    somebody is comes from the customer's own stationary distribution, and so does the stage with us.
    """

    def __init__(self, today: Today, s: int) -> None:
        self._today, self._s = today, s
        self._name, self._segment = list(today.scenario.segments.items())[s]
        self._seed = today.scenario.simulation.seed
        self._rows = today.rows[s]
        self._market = opening_rows(today, s)
        self._make = SegmentPopulation(today.scenario, self._name, self._seed)
        here = slice(today.tables.segments.rows[s], today.tables.segments.rows[s + 1])
        self._states = today.opening.states[here][today.population.arrival[here] == 0]

    def draw(self, first: int, count: int) -> Drawn:
        """The customers of the ordinals first <= i < first + count."""
        ids = synthetic_ids(self._name, count, first)
        if self._segment.dynamics == "contract":
            return self._new_contracts(ids) if self._rows is None else self._like_rows(ids, self._rows)
        if self._rows is not None:
            like = draw_rows(ids, self._market.weight, self._seed, POPULATION_SOURCE)
            return self._placed(ids, Population._make(c[like] for c in self._market), self._states[like])
        drawn = self._make.synthetic(count, first)
        return self._placed(ids, drawn, self._stationary(drawn))

    def _new_contracts(self, ids: NDArray[np.uint64]) -> Drawn:
        assert isinstance(self._segment, ContractSegment)
        assert self._segment.revenue is not None
        count = len(ids)
        return self._contracts(
            draw_revenue(ids, self._segment.revenue, self._seed),
            np.zeros(count, dtype=np.int32),
            np.zeros(count, dtype=np.bool_),
        )

    def _like_rows(self, ids: NDArray[np.uint64], rows: Customers) -> Drawn:
        like = draw_rows(ids, rows.weight, self._seed, POPULATION_SOURCE)
        if rows.revenue is None:
            assert isinstance(self._segment, ContractSegment)
            assert self._segment.revenue is not None
            revenue = draw_revenue(ids, self._segment.revenue, self._seed)
        else:
            revenue = rows.revenue[like]
        unknown = np.full(len(ids), UNKNOWN_TENURE, dtype=np.int32)
        tenure = unknown if rows.tenure_months is None else rows.tenure_months[like].astype(np.int32)
        return self._contracts(revenue, tenure, rows.churned[like])

    def _contracts(self, revenue: Floats, tenure_months: NDArray[np.int32], churned: NDArray[np.bool_]) -> Drawn:
        count = len(revenue)
        needs = np.full((count, len(self._today.tables.axes.needs)), np.nan, dtype=np.float32)
        sensitivity = np.full(count, np.nan, dtype=np.float32)
        return Drawn(np.full(count, OURS), revenue, tenure_months, churned, needs, sensitivity)

    def _placed(self, ids: NDArray[np.uint64], customers: Population, states: Floats) -> Drawn:
        """Customers who choose, each with a supplier, and with a tenure if that is us."""
        segments = self._today.tables.segments
        established, loyal = float(MONTHS_PER_YEAR) * np.cumsum(segments.stage_years[self._s])
        leaving = -float(log1p(-float(self._today.opening.churn[self._s]))) / MONTHS_PER_YEAR
        state = opening_states(ids, states, self._seed)
        supplier = np.maximum(state - (len(STAGES) - 1), OURS)
        stage = np.minimum(state, len(STAGES) - 1)
        tenure = tenure_in_stage(ids, stage, established, loyal, leaving, self._seed)
        known = np.where(customers.tenure_months == UNKNOWN_TENURE, tenure, customers.tenure_months)
        return Drawn(
            supplier, customers.revenue, np.where(supplier == OURS, known, UNKNOWN_TENURE).astype(np.int32),
            np.zeros(len(ids), dtype=np.bool_), customers.needs, customers.price_sensitivity,
        )  # fmt: skip

    def _stationary(self, drawn: Population) -> Floats:
        """[customer, state] by the constants and the inertia that today was solved for."""
        tables, s = self._today.tables, self._s
        centre = (self._market.needs.astype(np.float64) * self._market.weight[:, None]).sum(axis=0)
        misfit = 0.5 * np.abs(drawn.needs - centre / self._market.weight.sum()).sum(axis=1)
        rows = np.zeros_like(tables.segments.rows)
        rows[s + 1 :] = len(drawn.ids)
        solved = tables._replace(
            segments=tables.segments._replace(
                rows=rows, constants=self._today.opening.constants, inertia=self._today.opening.inertia
            ),
            features=_wide(np.column_stack([drawn.needs, drawn.price_sensitivity, misfit]), tables),
        )
        market = market_of(solved, drawn, s, Pool(1))
        market.solve()
        return market.opening


def _wide(features: Floats, tables: Tables) -> NDArray[np.float32]:
    """[N, F] features with those that the engine fills in, so far 0."""
    width = tables.today.coefficient.shape[-1]
    return np.pad(features, ((0, 0), (0, width - features.shape[1]))).astype(np.float32)
