"""Sampled mode: batches of replications, block by block of customers, every individual's path in every cell.

A block is carried through several periods while the processor's cache holds it: as many as the tables are known for,
now all. Were tables of a period to follow from totals of the one before, it would be one period at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from simengine.engine import sampled_kernels as kernels
from simengine.engine import sampled_layout as layout
from simengine.engine.arrivals import arrived_rows
from simengine.engine.ledger import Ledger
from simengine.engine.moment import hazard_columns
from simengine.engine.opening import Opening
from simengine.engine.options import Options
from simengine.engine.pool import Pool, spans
from simengine.engine.run_off import run_off_market
from simengine.engine.run_off_kernels import sampled_run_off
from simengine.engine.sampled_books import SampledBooks, empty_books, post
from simengine.engine.sampled_market import Markets, luck_of, stages_of, worth_of
from simengine.engine.sampled_state import MOST_SUPPLIERS, date_bits, state_type
from simengine.portfolio.population import Population
from simengine.portfolio.progress import Progress
from simengine.tables.layout import RunOff, Tables
from simengine.tables.unit_value import UnitValues

Task = tuple[int, int, int]  # segment, first customer, end
STEPS_SEEN = 2**31  # customers x cells x periods x replications between two reports of progress
LEAST_PERIODS = 8  # at once: a block comes from memory and goes back once, whatever their number
BLOCK_BYTES = 2**21  # of states: what a processor's own cache holds
LEAST_BLOCK = 2048  # customers: fewer spend more on calls than memory saves
MARKETS_AT_ONCE = 2**16  # cells x segments x periods
STEPS_A_TASK = 2**28  # customers x cells x periods x replications: a fraction of a second


@dataclass
class Worker:
    """What a thread of the pool has of its own: the books of the segment that it is at."""

    books: SampledBooks
    pages: list[layout.Books]  # of the books, by period
    segment: int | None = None


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
        self.posting, self.judging = [Lock() for _ in tables.axes.segments], Lock()
        self.done = self.steps = 0
        self.markets = Markets(tables, opening)
        segments = range(len(tables.axes.segments))
        self.luck = [luck_of(tables, s, options.seed) for s in segments]
        self.stages = [stages_of(tables, s, self.bits) for s in segments]
        self.worths = [worth_of(ledger, units, s) for s in segments]

    def run(self) -> Ledger:
        """Simulate all replications, in batches."""
        batches = spans(0, self.options.replications, self.options.batch)
        self.steps = len(batches) * len(self.tables.axes.periods)
        for first, end in batches:
            self._batch(first, end - first)
        return self.ledger

    def _batch(self, first: int, replications: int) -> None:
        periods, cells = len(self.tables.axes.periods), len(self.tables.axes.cells)
        codes = np.zeros(replications * len(self.customers.low) * cells, state_type(self.bits))
        books = [empty_books(self.ledger, replications) for _ in range(self.pool.workers)]
        workers = [Worker(own, [own.at(period) for period in range(periods)]) for own in books]
        for begin, until in spans(0, periods, self._at_once(replications)):
            self._carry(workers, codes, first, replications, begin, until)
        if self.tables.run_off is not None:
            self._run_off(self.tables.run_off, codes.reshape(replications, -1, cells), first)
        if self.ledger.customer_cells:
            self._close(codes, first, replications)

    def _at_once(self, replications: int) -> int:
        """Through how many periods a block is carried while the cache holds it."""
        axes = self.tables.axes
        steps = len(axes.cells) * replications  # of a customer in a period
        seen = max(LEAST_PERIODS, STEPS_SEEN // (len(self.customers.low) * steps))
        known = MARKETS_AT_ONCE // (len(axes.segments) * len(axes.cells))
        return max(1, min(len(axes.periods), seen, known, STEPS_A_TASK // (LEAST_BLOCK * steps)))

    def _carry(
        self, workers: list[Worker], codes: NDArray[np.unsignedinteger], first: int, replications: int,
        begin: int, until: int,
    ) -> None:  # fmt: skip
        """Simulate the periods begin..until of all customers, a block after the other."""
        markets = [self.markets.during(s, begin, until) for s in range(len(self.tables.axes.segments))]

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            customers, luck, stages, worth = self.customers, self.luck[s], self.stages[s], self.worths[s]
            step = kernels.contract_period if self.tables.segments.contract[s] else kernels.choice_period
            rows = self.arrived[s].clip(start, end).tolist()  # [T + 2] of this block, as in `arrived_rows`
            worker = workers[slot]
            if worker.segment != s:
                self._post(worker, first, begin)
                worker.segment = s
            pages = worker.pages

            def enter(time: int) -> None:
                if rows[time] < rows[time + 1]:
                    who = rows[time], rows[time + 1]
                    kernels.open_customers(customers, luck, stages, pages[0], worth, codes, first, time, *who)

            if begin == 0:
                enter(0)
            for period, market in enumerate(markets[s], begin):
                if start < rows[period + 1]:
                    page, who = pages[period], (start, rows[period + 1])
                    step(customers, luck, stages, page, worth, market, codes, first, replications, period, *who)
                enter(period + 1)

        self.pool.each(work, self._tasks(codes[0].nbytes * replications * len(self.tables.axes.cells)))
        for worker in workers:
            self._post(worker, first, begin)
        self.done += until - begin
        self.progress(self.done, self.steps)

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

        self.pool.each(work, self._tasks())
        ledger.run_off[:, rows] = totals.sum(axis=0).transpose(2, 1, 0, 3, 4, 5)

    def _close(self, codes: NDArray[np.unsignedinteger], first: int, replications: int) -> None:
        """Value what lasts to the horizon, customer by customer."""

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            luck, stages, worth = self.luck[s], self.stages[s], self.worths[s]
            kernels.close_customers(self.customers, luck, stages, worth, codes, first, replications, start, end)

        self.pool.each(work, self._tasks())

    def _tasks(self, bytes_a_customer: int = 0) -> list[Task]:
        """Blocks of customers, of so many that the cache holds what is read and written for each again and again. As
        workers take one after the other, each mostly stays with a segment: it posts its books when it leaves one."""
        block = self.options.block
        if bytes_a_customer:
            block = min(block, max(LEAST_BLOCK, BLOCK_BYTES // bytes_a_customer))
        rows = list(enumerate(self.arrived[:, [0, -1]].tolist()))
        share = -(-len(rows) // self.pool.workers)  # of segments
        of_workers = [
            [(s, a, b) for s, (start, end) in rows[first:stop] for a, b in spans(start, end, block)]
            for first, stop in spans(0, len(rows), share)
        ]
        return [task for turn in zip_longest(*of_workers) for task in turn if task is not None]

    def _post(self, worker: Worker, first: int, begin: int) -> None:
        """Add a worker's books, of times from `begin` on, to the ledger's part for its segment, and empty them."""
        if worker.segment is None:
            return
        books, s, ledger = worker.books, worker.segment, self.ledger
        with self.posting[s]:
            post(begin, s, first, *books[:-1], ledger.count, ledger.revenue, ledger.joins, ledger.leaves)
        with self.judging:
            ledger.direction[:, first : first + len(books.entered)] += books.direction.swapaxes(0, 1)
        books.clear()
        worker.segment = None
