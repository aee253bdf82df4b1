"""Sampled mode: batches of replications, period by period, every individual's path in every cell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log
from simengine.engine import sampled_kernels as kernels
from simengine.engine import sampled_layout as layout
from simengine.engine.arrivals import arrived_rows
from simengine.engine.ledger import Ledger, columns_of, total
from simengine.engine.moment import Moment, hazard_columns, thresholds
from simengine.engine.opening import Opening
from simengine.engine.options import Options
from simengine.engine.pool import Pool, spans
from simengine.engine.run_off import run_off_market
from simengine.engine.run_off_kernels import sampled_run_off
from simengine.engine.sampled_books import SampledBooks, closed, empty_books
from simengine.engine.sampled_state import MOST_SUPPLIERS, date_bits, state_type
from simengine.engine.stage_lengths import lengths_of
from simengine.luck import keys
from simengine.model.spend_multiplier import log_variance
from simengine.portfolio.population import Population
from simengine.portfolio.progress import Progress
from simengine.tables.layout import OWN_STATES, RunOff, Tables
from simengine.tables.unit_value import UnitValues

Task = tuple[int, int, int]  # segment, first customer, end
Call = tuple[Any, ...]  # a kernel and its arguments
NO_PROMOTION = -1e-300  # log(1 - q) of a stage that is never left


class SampledRun:
    """A sampled simulation; `run` fills and returns its ledger."""

    def __init__(
        self, opening: Opening, tables: Tables, population: Population, units: UnitValues,
        ledger: Ledger, options: Options, progress: Progress,
    ) -> None:  # fmt: skip
        self.opening, self.tables, self.units = opening, tables, units
        self.ledger, self.options, self.progress = ledger, options, progress
        self.pool = Pool(options.workers)
        self.bits = date_bits(len(tables.axes.periods))
        if len(tables.axes.suppliers) > MOST_SUPPLIERS:
            raise ValueError(
                f"{len(tables.axes.suppliers)} suppliers; at most {MOST_SUPPLIERS}, the outside option included"
            )
        ids = population.ids
        self.customers = layout.Customers(
            (ids & np.uint64(0xFFFFFFFF)).astype(np.uint32),
            (ids >> np.uint64(32)).astype(np.uint32),
            np.ascontiguousarray(tables.features),
            opening.base_revenue * ledger.money_scale,
            hazard_columns(tables, population),
            opening.states,
        )
        self.arrived = arrived_rows(tables, population)
        self.done = self.steps = 0
        self.markets: dict[tuple[int, bytes, bytes, bytes], layout.Market] = {}  # of periods that are alike, one
        count = len(tables.axes.segments)
        self.luck = [self._luck(s) for s in range(count)]
        self.stages = [self._stages(s) for s in range(count)]
        self.worths = [self._worth(s) for s in range(count)]

    def run(self) -> Ledger:
        """Simulate all replications, in batches."""
        batches = spans(0, self.options.replications, self.options.batch)
        self.steps = len(batches) * (len(self.tables.axes.periods) + 1)
        for first, end in batches:
            self._batch(first, end - first)
        return self.ledger

    def _batch(self, first: int, replications: int) -> None:
        axes = self.tables.axes
        codes = np.zeros(replications * len(self.customers.low) * len(axes.cells), state_type(self.bits))
        books = [[empty_books(self.ledger, replications) for _ in axes.segments] for _ in range(self.pool.workers)]

        def enter(slot: int, s: int, time: int = 0) -> Call:
            return kernels.open_customers, books[slot][s].at(0), self.worths[s], codes, first, time

        self._each(enter, self.arrived[:, :2])
        for period in range(len(axes.periods)):
            markets = [self._market(s, period) for s in range(len(axes.segments))]

            def step(
                slot: int, s: int, period: int = period, markets: list[layout.Market | layout.Contract] = markets
            ) -> Call:
                work = kernels.contract_period if self.tables.segments.contract[s] else kernels.choice_period
                return work, books[slot][s].at(period), self.worths[s], markets[s], codes, first, replications, period

            self._each(step, self.arrived[:, [0, period + 1]])
            self._each(partial(enter, time=period + 1), self.arrived[:, [period + 1, period + 2]], counted=False)
        if self.tables.run_off is not None:
            self._run_off(self.tables.run_off, codes.reshape(replications, -1, len(axes.cells)), first)
        if self.ledger.customer_cells:
            close = kernels.close_customers
            self._each(
                lambda _, s: (close, self.worths[s], codes, first, replications),
                self.arrived[:, [0, -1]],
                counted=False,
            )
        self._gather(books, first, replications)

    def _run_off(self, run_off: RunOff, codes: NDArray[np.unsignedinteger], first: int) -> None:
        """Carry everybody who is ours at the horizon on until they leave: expected from the state drawn."""
        ledger, customers = self.ledger, self.customers
        rows = slice(first, first + len(codes))
        markets = [
            run_off_market(self.tables, run_off, self.opening, self.units, ledger, s)
            for s in range(len(self.tables.axes.segments))
        ]
        grid = np.array([ledger.run_off_count_scale, ledger.run_off_money_scale / ledger.money_scale])
        # [workers, S, R, C, 3 stages, 2 presence, 2]
        totals = np.zeros((self.pool.workers, *ledger.run_off[:, rows].transpose(2, 1, 0, 3, 4, 5).shape), np.int64)

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            sampled_run_off(
                customers.features, customers.tenure, customers.low, customers.high, customers.money, self.luck[s],
                self.bits, len(self.tables.axes.periods), markets[s], codes, first, grid, totals[slot, s],
                ledger.customer_value, start, end,
            )  # fmt: skip

        self.pool.each(work, self._tasks(self.arrived[:, [0, -1]]))
        ledger.run_off[:, rows] = totals.sum(axis=0).transpose(2, 1, 0, 3, 4, 5)

    def _each(self, call: Callable[[int, int], Call], rows: NDArray[np.int64], counted: bool = True) -> None:
        """Run a kernel over customers from row to row [S, 2] of each segment; `call(slot, segment)` gives it and its
        arguments between the segment's luck and stages and the range of customers."""

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            kernel, *arguments = call(slot, s)
            kernel(self.customers, self.luck[s], self.stages[s], *arguments, start, end)

        self.pool.each(work, self._tasks(rows))
        if counted:
            self.done += 1
            self.progress(self.done, self.steps)

    def _tasks(self, rows: NDArray[np.int64]) -> list[Task]:
        pieces = enumerate(rows.tolist())
        return [(s, a, b) for s, (start, end) in pieces for a, b in spans(start, end, self.options.block)]

    def _gather(self, books: list[list[SampledBooks]], first: int, replications: int) -> None:
        """Add up the workers' books and close them into the ledger."""
        rows = slice(first, first + replications)
        for s in range(len(self.tables.axes.segments)):
            added = SampledBooks(*(total(list(parts)) for parts in zip(*(own[s] for own in books), strict=True)))
            states, joins, leaves = closed(added)
            self.ledger.count[:, rows, :, s], self.ledger.revenue[:, rows, :, s] = states.transpose(5, 4, 1, 0, 2, 3)
            self.ledger.joins[:, rows, :, s] = joins.transpose(4, 1, 0, 2, 3)
            self.ledger.leaves[:, rows, :, s] = leaves.transpose(4, 1, 0, 2, 3)
            self.ledger.direction[:, rows] += added.direction.transpose(1, 0, 2)

    def _market(self, s: int, period: int) -> layout.Market | layout.Contract:
        moment = Moment(self.tables, self.opening, s, period)
        if self.tables.segments.contract[s]:
            end, convert = thresholds(moment.leaving()), thresholds(moment.converting())
            return layout.Contract(_bytes_below(end), _bytes_below(convert), end, convert)
        inertia = moment.inertia().astype(np.float32)
        key = (s, moment.coefficient.tobytes(), moment.review.tobytes(), inertia.tobytes())
        if key not in self.markets:
            self.markets[key] = self._choice_market(moment, inertia)
        return self.markets[key]

    def _choice_market(self, moment: Moment, inertia: NDArray[np.float32]) -> layout.Market:
        review = thresholds(moment.review)
        by_state = np.concatenate([np.repeat(review[:, :1], OWN_STATES, axis=1), review[:, 1:]], axis=1)
        served = np.flatnonzero(moment.available)
        offer = np.zeros((len(review), len(served)), np.int64)
        common: dict[tuple[int, bytes], int] = {}  # row of an offer, by supplier and coefficients
        for c, place in np.ndindex(offer.shape):
            key = (int(served[place]), moment.coefficient[c, served[place]].tobytes())
            offer[c, place] = common.setdefault(key, len(common))
        supplier = np.array([j for j, _ in common], np.int64)
        features = moment.coefficient.shape[-1]
        return layout.Market(
            _bytes_below(review),
            np.maximum(by_state - 1, 0).astype(np.uint32),
            by_state == 0,
            np.frombuffer(b"".join(row for _, row in common), np.float32).reshape(-1, features).copy(),
            moment.constant[supplier],
            supplier,
            offer,
            inertia,
            self.tables.reference,
        )

    def _luck(self, s: int) -> layout.Luck:
        variance = log_variance(float(self.tables.segments.revenue_spread[s]))
        low, high = keys(self.options.seed)
        return layout.Luck(low, high, float(np.sqrt(variance)))

    def _stages(self, s: int) -> layout.Stages:
        new, established = (min(log(1.0 - q), NO_PROMOTION) for q in self.tables.segments.stage_promotion[s])
        horizon = len(self.tables.axes.periods)
        return layout.Stages(lengths_of(new, horizon), lengths_of(established, horizon), self.bits)

    def _worth(self, s: int) -> layout.Worth:
        scale = self.ledger.money_scale
        return layout.Worth(
            self.ledger.customer_value,
            columns_of(self.ledger),
            self.ledger.customer_present,
            _before_each_period(np.stack([self.units.revenue[:, s], self.units.customer[:, s] * scale], axis=-1)),
            self.units.join[:, s] * scale,
            self.units.opening_revenue[s],
            self.units.opening_customer[s] * scale,
        )


def _bytes_below(thresholds: NDArray[np.int64]) -> np.uint32:
    """Top bytes of a draw below it may be below the largest of the thresholds."""
    return np.uint32(-(-int(thresholds.max()) >> 24))


def _before_each_period(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """[C, T + 1, 3, 2] sums of the values [C, 3, T, 2] of all periods before each period."""
    by_period = values.transpose(0, 2, 1, 3)
    nothing = np.zeros_like(by_period[:, :1])
    return np.ascontiguousarray(np.concatenate([nothing, by_period.cumsum(axis=1)], axis=1))
