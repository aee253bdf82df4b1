"""Sampled mode: batches of replications, block by block of customers, every individual's path in every cell.

A block is carried through several periods while the processor's cache holds it: as many as the tables are known for,
now all. Were tables of a period to follow from totals of the one before, it would be one period at a time.
"""

from __future__ import annotations

from itertools import zip_longest
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log
from simengine.engine import sampled_kernels as kernels
from simengine.engine import sampled_layout as layout
from simengine.engine.arrivals import arrived_rows
from simengine.engine.ledger import Ledger, columns_of
from simengine.engine.moment import Moment, hazard_columns, thresholds
from simengine.engine.opening import Opening
from simengine.engine.options import Options
from simengine.engine.pool import Pool, spans
from simengine.engine.run_off import run_off_market
from simengine.engine.run_off_kernels import sampled_run_off
from simengine.engine.sampled_books import SampledBooks, empty_books, post
from simengine.engine.sampled_lanes import empty_desk
from simengine.engine.sampled_state import MOST_SUPPLIERS, date_bits, state_type
from simengine.engine.stage_lengths import lengths_of
from simengine.luck import keys
from simengine.model.spend_multiplier import log_variance
from simengine.portfolio.population import Population
from simengine.portfolio.progress import Progress
from simengine.tables.layout import OWN_STATES, RunOff, Tables
from simengine.tables.unit_value import UnitValues

Task = tuple[int, int, int]  # segment, first customer, end
STEPS_SEEN = 2**31  # customers x cells x periods x replications between two reports of progress
LEAST_PERIODS = 8  # at once: a block comes from memory and goes back once, whatever their number
BLOCK_BYTES = 2**21  # of states: what a processor's own cache holds
LEAST_BLOCK = 2048  # customers: fewer spend more on calls than memory saves
MARKETS_AT_ONCE = 2**16  # cells x segments x periods
NO_PROMOTION = -1e-300  # log(1 - q) of a stage that is never left


class Worker:
    """What a thread of the pool has of its own: where it writes, and the books of the segment that it is at."""

    def __init__(self, books: SampledBooks, desk: layout.Desk) -> None:
        self.books, self.desk = books, desk
        self.segment: int | None = None


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
        self.markets: dict[tuple[int, bytes, bytes, bytes], layout.Market] = {}  # of periods that are alike, one
        count = len(tables.axes.segments)
        self.luck = [self._luck(s) for s in range(count)]
        self.stages = [self._stages(s) for s in range(count)]
        self.worths = [self._worth(s) for s in range(count)]

    def run(self) -> Ledger:
        """Simulate all replications, in batches."""
        batches = spans(0, self.options.replications, self.options.batch)
        self.steps = len(batches) * len(self.tables.axes.periods)
        for first, end in batches:
            self._batch(first, end - first)
        return self.ledger

    def _batch(self, first: int, replications: int) -> None:
        axes = self.tables.axes
        codes = np.zeros(replications * len(self.customers.low) * len(axes.cells), state_type(self.bits))
        books = [empty_books(self.ledger, replications) for _ in range(self.pool.workers)]
        for begin, until in spans(0, len(axes.periods), self._at_once(replications)):
            self._carry(books, codes, first, replications, begin, until)
        if self.tables.run_off is not None:
            self._run_off(self.tables.run_off, codes.reshape(replications, -1, len(axes.cells)), first)
        if self.ledger.customer_cells:
            self._close(codes, first, replications)

    def _at_once(self, replications: int) -> int:
        """Through how many periods a block is carried while the cache holds it."""
        axes = self.tables.axes
        seen = STEPS_SEEN // (len(self.customers.low) * len(axes.cells) * replications)
        known = MARKETS_AT_ONCE // (len(axes.segments) * len(axes.cells))
        return max(1, min(len(axes.periods), max(LEAST_PERIODS, seen), known))

    def _carry(
        self, books: list[SampledBooks], codes: NDArray[np.unsignedinteger], first: int, replications: int,
        begin: int, until: int,
    ) -> None:  # fmt: skip
        """Simulate the periods begin..until of all customers, a block after the other."""
        markets = [
            [self._market(s, period) for period in range(begin, until)] for s in range(len(self.tables.axes.segments))
        ]

        offers = max([len(m.supplier) for own in markets for m in own if isinstance(m, layout.Market)], default=0)
        sizes = len(self.tables.axes.cells), self.customers.features.shape[1], len(self.tables.axes.suppliers), offers
        workers = [Worker(own, empty_desk(replications, *sizes)) for own in books]

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            customers, luck, stages, worth = self.customers, self.luck[s], self.stages[s], self.worths[s]
            step = kernels.contract_period if self.tables.segments.contract[s] else kernels.choice_period
            rows = self.arrived[s].clip(start, end).tolist()  # [T + 2] of this block, as in `arrived_rows`
            worker = workers[slot]
            if worker.segment != s:
                self._post(worker, first, begin)
                worker.segment = s
            own, desk = worker.books, worker.desk

            def enter(time: int) -> None:
                if rows[time] < rows[time + 1]:
                    who = rows[time], rows[time + 1]
                    kernels.open_customers(customers, luck, stages, own.at(0), worth, codes, first, time, *who)

            if begin == 0:
                enter(0)
            for period, market in enumerate(markets[s], begin):
                if start < rows[period + 1]:
                    book, who = own.at(period), (start, rows[period + 1])
                    step(customers, luck, stages, book, worth, market, desk, codes, first, replications, period, *who)
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
        last = np.maximum(by_state - 1, 0).astype(np.uint32)
        changes = (np.diff(last, axis=1) != 0) | (np.diff(inertia, axis=1) != 0.0)
        return layout.Market(
            _bytes_below(review),
            last,
            (by_state == 0).astype(np.int32),
            bool((by_state == 0).any()),
            np.frombuffer(b"".join(row for _, row in common), np.float32).reshape(-1, features).copy(),
            moment.constant[supplier],
            supplier,
            offer,
            inertia,
            1 + np.flatnonzero(changes.any(axis=0)),
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
