"""Expected mode: one pass, probability vectors instead of paths."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from simengine.engine import expected_kernels as kernels
from simengine.engine.arrivals import arrived_rows
from simengine.engine.customer_values import ExpectedValues
from simengine.engine.ledger import Ledger, columns_of, total
from simengine.engine.moment import Moment, exponential, hazard_columns
from simengine.engine.opening import Opening
from simengine.engine.options import Options
from simengine.engine.pool import Pool, spans
from simengine.engine.run_off import run_off_market
from simengine.engine.run_off_kernels import expected_run_off
from simengine.portfolio.population import Population
from simengine.portfolio.progress import Progress
from simengine.tables.layout import RunOff, Tables
from simengine.tables.unit_value import UnitValues

f32 = np.float32
Task = tuple[int, int, int, int]  # segment, one of the following, first customer, end
OPENED, CAME_LATER, ENTERING = 0, 1, 2  # there at the opening; newcomers before the period; newcomers with its end.
# The first two are also the presence, present or future, of contract customers.


class ExpectedRun:
    """An expected-value simulation; `run` fills and returns its ledger."""

    def __init__(
        self, opening: Opening, tables: Tables, population: Population, units: UnitValues,
        ledger: Ledger, options: Options, progress: Progress,
    ) -> None:  # fmt: skip
        self.opening, self.tables, self.units = opening, tables, units
        self.ledger, self.options, self.progress = ledger, options, progress
        self.pool = Pool(options.workers)
        self.weight = population.weight
        self.customers = kernels.Customers(
            np.ascontiguousarray(tables.features.T),
            (population.weight * ledger.count_scale).astype(f32),
            (population.weight * opening.base_revenue * ledger.money_scale).astype(f32),
            hazard_columns(tables, population),
        )
        self.arrived = arrived_rows(tables, population)
        cells, customers = len(tables.axes.cells), len(population.ids)
        states = opening.states.shape[1]
        self.x = np.zeros((cells, 2, states, customers), f32)
        there = np.where(population.arrival[:, None] == 0, opening.states, 0.0)
        self.x[:, 0, :3] = there[:, :3].T
        self.x[:, 1, 3:] = there[:, 3:].T
        assert isinstance(ledger.customers, ExpectedValues)
        # [2 presence, 2 of a unit of base revenue and of a customer, kept cells, N], see `kernels.Worth`
        self.value = np.zeros(ledger.customers.unit.shape)
        self.kept = ledger.customers
        if ledger.customer_cells:
            ledger.customers.ours[:] = there[:, :3].sum(axis=1)

    def run(self) -> Ledger:
        """Carry the opening distribution through every period."""
        axes = self.tables.axes
        self._period(0, None)
        for period in range(len(axes.periods)):
            self._period(period + 1, [self._market(s, period) for s in range(len(axes.segments))])
            self.progress(period + 1, len(axes.periods))
        if self.tables.run_off is not None:
            self._run_off(self.tables.run_off)
        if self.ledger.customer_cells:
            self._add_opening_value()
            self.kept.unit[:] = self.value
        return self.ledger

    def _period(self, time: int, markets: list[kernels.Market] | None) -> None:
        """Simulate the period that ends at `time` (none for the opening) and write its totals."""
        segments = range(len(self.tables.axes.segments))
        totals = [[self._totals() for _ in segments] for _ in range(self.pool.workers)]
        worths = [self._worth(s, time - 1) for s in segments]

        def step(slot: int, task: Task) -> None:
            s, who, start, end = task
            if markets is None:
                kernels.opening_totals(self.customers, totals[slot][s], self.x, start, end)
            elif who == ENTERING:
                entering = self.opening.states
                kernels.enter_customers(self.customers, totals[slot][s], worths[s], entering, self.x, start, end)
            elif self.tables.segments.contract[s]:
                kernels.contract_period(self.customers, markets[s], totals[slot][s], worths[s], self.x, who, start, end)
            else:
                kernels.choice_period(self.customers, markets[s], totals[slot][s], worths[s], self.x, start, end)

        self.pool.each(step, self._tasks(time))
        for s in segments:
            own = [worker[s] for worker in totals]
            self.ledger.count[:, 0, time, s] = total([t.customers for t in own])
            self.ledger.revenue[:, 0, time, s] = total([t.revenue for t in own])
            if time > 0:
                self.ledger.joins[:, 0, time - 1, s] = total([t.joins for t in own])
                self.ledger.leaves[:, 0, time - 1, s] = total([t.leaves for t in own])

    def _run_off(self, run_off: RunOff) -> None:
        """Carry everybody on until they leave, in one pass."""
        markets = [
            run_off_market(self.tables, run_off, self.opening, self.units, self.ledger, s)
            for s in range(len(self.tables.axes.segments))
        ]
        weight = (self.weight * self.ledger.run_off_count_scale).astype(f32)
        revenue = (self.weight * self.opening.base_revenue * self.ledger.run_off_money_scale).astype(f32)
        # [workers, S, C, 3 stages, 2 presence, 2]
        totals = np.zeros((self.pool.workers, *self.ledger.run_off[:, 0].swapaxes(0, 1).shape), np.int64)

        def step(slot: int, task: tuple[int, int, int]) -> None:
            s, start, end = task
            expected_run_off(
                self.customers.features, self.customers.tenure, weight, revenue, markets[s], self.x,
                totals[slot, s], self.value, start, end,
            )  # fmt: skip

        whole = enumerate(self.arrived[:, [0, -1]].tolist())
        self.pool.each(step, [(s, start, end) for s, (a, b) in whole for start, end in self._leaves(a, b)])
        self.ledger.run_off[:, 0] = totals.sum(axis=0).swapaxes(0, 1)

    def _tasks(self, time: int) -> list[Task]:
        """What there is to do in the period that ends at `time`."""
        before = max(time - 1, 0)
        return [
            (s, who, start, end)
            for s, (first, *arrived) in enumerate(self.arrived.tolist())
            for who, (begin, stop) in enumerate(pairwise((first, arrived[0], arrived[before], arrived[time])))
            for start, end in self._leaves(begin, stop)
        ]

    def _leaves(self, begin: int, stop: int) -> list[tuple[int, int]]:
        """Pieces of a range of customers; leaves are never cut."""
        return spans(begin, stop, max(1, self.options.block // kernels.LEAF) * kernels.LEAF)

    def _totals(self) -> kernels.Totals:
        cells, _, _, _, states, _ = self.ledger.count.shape
        return kernels.Totals(
            np.zeros((cells, states, 2), np.int64),
            np.zeros((cells, states, 2), np.int64),
            np.zeros((cells, states - 2, 2), np.int64),
            np.zeros((cells, states - 2, 2), np.int64),
        )

    def _market(self, s: int, period: int) -> kernels.Market:
        moment = Moment(self.tables, self.opening, s, period)
        contract = self.tables.segments.contract[s]
        return kernels.Market(
            moment.coefficient,
            moment.constant,
            moment.available,
            moment.review.astype(f32),
            exponential(moment.inertia()).astype(f32),
            self.tables.segments.stage_promotion[s].astype(f32),
            moment.leaving().astype(f32) if contract else np.zeros((1, 3, 1), f32),
            moment.converting().astype(f32),
        )

    def _worth(self, s: int, period: int) -> kernels.Worth:
        scale = self.ledger.money_scale
        return kernels.Worth(
            self.value,
            columns_of(self.ledger),
            np.ascontiguousarray(self.units.revenue[:, s, :, period]),
            np.ascontiguousarray(self.units.customer[:, s, :, period]) * scale,
            np.ascontiguousarray(self.units.join[:, s, period]) * scale,
        )

    def _add_opening_value(self) -> None:
        rows = self.tables.segments.rows
        for s in range(len(rows) - 1):
            opened = slice(rows[s], self.arrived[s, 1])
            own = self.opening.states[opened, :3]
            self.value[0, 0, :, opened] += (own * self.units.opening_revenue[s]).sum(axis=1)
            self.value[0, 1, :, opened] += (own * self.units.opening_customer[s]).sum(axis=1) * self.ledger.money_scale
