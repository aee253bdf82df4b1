"""Sampled mode: batches of replications, block by block of customers, every individual's path in every cell.

A block is carried through several periods while the processor's cache holds it. Where tables of a period follow from
totals of the one before, it is one period at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from threading import Lock

import numpy as np

from simengine.engine import sampled_kernels as kernels
from simengine.engine import sampled_layout as layout
from simengine.engine.arrivals import arrived_rows
from simengine.engine.changed_hands import count_hands
from simengine.engine.customer_values import DrawnValues
from simengine.engine.ledger import Ledger
from simengine.engine.moment import hazard_columns
from simengine.engine.opening import Opening
from simengine.engine.options import MANY_PERIODS, Options
from simengine.engine.pool import Pool, spans
from simengine.engine.run_off import drawn_run_off
from simengine.engine.run_off_kernels import sampled_run_off
from simengine.engine.sampled_books import add_up, empty_books, make_room, nothing_ahead, post
from simengine.engine.sampled_buying import LATENT, buyers_beyond, buying_period, close_entrants, draw_buyers
from simengine.engine.sampled_chain import chain_beyond_horizon, chain_period, close_chain, open_chain
from simengine.engine.sampled_flight import InFlight, Worker
from simengine.engine.sampled_market import (
    Markets,
    alike,
    buying_law,
    by_market,
    chain_law,
    empty_worth,
    fill_worth,
    luck_of,
    stages_of,
)
from simengine.engine.sampled_need_states import Moving, moving_of
from simengine.engine.sampled_state import MOST_SUPPLIERS, date_bits, state_type
from simengine.engine.sampled_talk import Talk, hear, talk_of
from simengine.engine.unfolding import Unfolding, Worlds, seen_of
from simengine.portfolio.population import Population
from simengine.portfolio.progress import Progress
from simengine.tables.layout import OWN_STATES, UNDER_CONTRACT, Floats, RunOff, Tables
from simengine.tables.unit_value import unit_values

Task = tuple[int, int, int]  # segment, first customer, end
STEPS_SEEN = 2**31  # customers x cells x periods x replications between two reports of progress
LEAST_PERIODS = 8  # at once: a block comes from memory and goes back once, whatever their number
BLOCK_BYTES = 2**21  # of states: what a processor's own cache holds
LEAST_BLOCK = 2048  # customers: fewer spend more on calls than memory saves
MARKETS_AT_ONCE = 2**16  # cells x segments x periods
CELLS_A_TASK = 256  # cells x segments of the ledger: a fraction of a second, before which no interrupt is heard
STEPS_A_TASK = 2**28  # customers x cells x periods x replications: a fraction of a second


class SampledRun:
    """A sampled simulation; `run` fills and returns its ledger."""

    def __init__(
        self, opening: Opening, tables: Tables, population: Population, ledger: Ledger, options: Options,
        progress: Progress, unfolding: Unfolding | None = None, talk: Floats | None = None,
    ) -> None:  # fmt: skip
        """`talk` [S] is omega of segments that are carried whole, see `talk.talk_alone`; then nothing more follows
        from what customers do."""
        self.opening, self.tables, self.unfolding = opening, tables, unfolding
        self.talk = np.zeros(len(tables.axes.segments)) if talk is None else talk
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
            0,
            population.arrival.astype(np.int64),
        )
        self.arrived: list[list[int]] = arrived_rows(tables, population).tolist()  # [S, T + 2], as it says there
        self.posting, self.judging = [Lock() for _ in tables.axes.segments], Lock()
        self.done = self.steps = 0
        self.known = Worlds(tables), Markets(opening)
        segments = range(len(tables.axes.segments))
        self.luck = [luck_of(tables, s, options.seed) for s in segments]
        self.stages = [stages_of(tables, s, self.bits) for s in segments]
        self.laws = [
            buying_law(tables, population, opening.base_revenue, s, ledger.money_scale)
            or chain_law(tables, population, s)
            for s in segments
        ]
        self.moving = [self._moving_of(s) for s in segments]

    def run(self) -> Ledger:
        """Simulate all replications, in batches."""
        customers = self.ledger.customers
        squares = customers.squares if isinstance(customers, DrawnValues) else None
        batches = spans(0, self.options.replications, self.options.batch if squares is None else 1)
        self.steps = len(batches) * len(self.tables.axes.periods)
        for row, end in batches:
            if squares is None:
                self._batch(row, end - row)
            else:
                before = self.ledger.customer_value[0].copy()
                self._batch(row, end - row)
                squares += (self.ledger.customer_value[0] - before).astype(np.float64) ** 2
        return self.ledger

    def _batch(self, row: int, replications: int) -> None:
        flight = self._take_off(row, replications)
        feedback = flight.worlds.feedback
        if feedback:
            self._carry(flight, 0, [], opening=True)
        for begin, until in spans(0, len(self.tables.axes.periods), flight.periods):
            self._carry(flight, begin, self._reveal(flight, begin, until), opening=begin == 0 and not feedback)
        run_off = flight.worlds.tables.run_off
        if run_off is not None:
            self._run_off(flight, run_off)
        if len(set(self.tables.reference.tolist())) < len(self.tables.reference):
            self._count_hands(flight)
        if self.ledger.customer_cells:
            self._close(flight)

    def _take_off(self, row: int, replications: int) -> InFlight:
        """A batch before its opening."""
        worlds, markets = self.known
        if self.unfolding is not None:
            worlds = Worlds(self.tables, self.unfolding, row, replications, silent=bool(self.talk.any()))
            markets = Markets(self.opening)
        axes, count = self.tables.axes, len(self.customers.low)
        codes = np.zeros(replications * count * len(axes.cells), state_type(self.bits))
        periods = self._at_once(worlds, replications)
        books = [empty_books(self.ledger, replications, periods) for _ in range(self.pool.workers)]
        workers = [Worker(own) for own in books]
        ahead = nothing_ahead(self.ledger, replications)
        if self.pool.workers > 1:
            self._by_segments(lambda some: make_room(self.ledger, row, replications, some))
        units = unit_values(self.tables.economics, axes, slice(0, 0))  # of openings alone
        segments = range(len(axes.segments))
        worths = [empty_worth(self.ledger, units, s, worlds.count // len(axes.cells)) for s in segments]
        first = self.options.first + row
        return InFlight(row, first, replications, worlds, markets, codes, periods, workers, ahead, units, worths)

    def _at_once(self, worlds: Worlds, replications: int) -> int:
        """Through how many periods a block is carried while the cache holds it."""
        if worlds.feedback:
            return 1
        axes = self.tables.axes
        steps = len(axes.cells) * replications  # of a customer in a period
        seen = max(LEAST_PERIODS, STEPS_SEEN // (len(self.customers.low) * steps))
        known = MARKETS_AT_ONCE // (len(axes.segments) * worlds.count)
        return max(1, min(len(axes.periods), seen, known, STEPS_A_TASK // (LEAST_BLOCK * steps)))

    def _reveal(self, flight: InFlight, begin: int, until: int) -> list[list[layout.AnyMarket]]:
        """What moves the segments in each of the periods begin..until."""
        seen = partial(seen_of, self.ledger, flight.row, flight.replications, begin)
        flight.units = flight.worlds.units(begin, until, seen)
        for s, worth in enumerate(flight.worths if self.ledger.customer_cells else []):
            fill_worth(worth, flight.units, s, begin, self.ledger.money_scale)
        if self.unfolding is not None:
            flight.markets.forget(begin - 1)
        found = [flight.markets.at(flight.worlds.tables, period) for period in range(begin, until)]
        if until == len(self.tables.axes.periods):
            found[-1] = [self._closing(flight, s, market) for s, market in enumerate(found[-1])]
        return found

    def _closing(self, flight: InFlight, s: int, market: layout.AnyMarket) -> layout.AnyMarket:
        """The market of the last period, which knows what a run-off makes of what is bought in it."""
        if not isinstance(market, (layout.Buying, layout.Chain)):
            return market
        worth = flight.units.run_off_revenue[:, s, UNDER_CONTRACT]
        return market._replace(closing=by_market(worth, len(self.tables.axes.cells)) + 0.0 * market.closing)

    def _carry(self, flight: InFlight, begin: int, markets: list[list[layout.AnyMarket]], *, opening: bool) -> None:
        """Simulate the periods from `begin` on that have `markets`, of all customers, a block after the other; if
        `opening`, from before the first."""
        first, codes, until = flight.first, flight.codes, begin + len(markets)

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            customers, luck, stages, worth = self.customers, self.luck[s], self.stages[s], flight.worths[s]
            law = self.laws[s]
            contract = self.tables.segments.contract[s]
            rows = [min(max(row, start), end) for row in self.arrived[s][begin : until + 2]]  # from `begin` on
            worker = flight.workers[slot]
            if worker.segment != s:
                self._post(worker, flight, begin, until)
                worker.turn_to(s, flight.ahead[s] if self.pool.workers == 1 else worker.books.promotions)
            books = worker.books

            def enter(time: int) -> None:
                who = rows[time - begin], rows[time - begin + 1]
                if who[0] < who[1] and isinstance(law, layout.ChainLaw):
                    of_batch = codes, first, flight.replications, self.bits
                    open_chain(customers, luck, law, books.at(0), worth, *of_batch, time, *who)
                elif who[0] < who[1]:
                    placed = self._placed(s)
                    kernels.open_customers(placed, luck, stages, books.at(0), worth, codes, first, time, *who)

            latent = np.empty((0, 0, LATENT))
            if isinstance(law, layout.BuyingLaw):
                latent = np.empty((flight.replications, rows[-1] - start, LATENT))
                draw_buyers(customers, luck, law, first, start, rows[-1], latent)
            if opening:
                enter(0)
            talk = self._talk(flight, s, begin)
            for place, past in alike(markets, s, rows) if talk is None else pairwise(range(len(markets) + 1)):
                if self.pool.stopping:
                    return
                period, market, who = begin + place, markets[place][s], (start, rows[place + 1])
                if talk is not None and isinstance(market, layout.Market):
                    market = market._replace(shift=np.empty_like(market.shift))
                    hear(talk, books.of_all(), place - 1, period, opening and place == 0, market.shift)
                if start < who[1]:
                    batch = codes, first, flight.replications
                    if isinstance(law, layout.ChainLaw):
                        chain_period(
                            customers, luck, law, books.at(place), worth, market, *batch, self.bits, period, *who
                        )
                    elif law is not None:
                        buying_period(
                            customers, luck, law, latent, books.at(place), worth, market, codes, first, self.bits,
                            period, *who, start,
                        )  # fmt: skip
                    elif contract:
                        page = books.at(place)
                        kernels.contract_period(customers, luck, stages, page, worth, market, *batch, period, *who)
                    else:
                        moving = None if self.tables.segments.need_states[s] is None else self.moving[s]
                        periods = place, period, begin + past
                        kernels.choice_periods(
                            customers, luck, stages, books.of_all(), worth, market, moving, *batch, *periods, *who
                        )
                enter(begin + past)

        def leave(slot: int) -> None:
            self._post(flight.workers[slot], flight, begin, until)

        bytes_a_customer = codes[0].nbytes * flight.replications * len(self.tables.axes.cells)
        self.pool.each(work, *self._tasks(bytes_a_customer, len(markets) or MANY_PERIODS), leave=leave)
        lawful = self.tables.segments.lawful
        self._by_segments(lambda some: add_up(self.ledger, flight.ahead, flight.row, begin, until, lawful, some))
        self.done += until - begin
        self.progress(self.done, self.steps)

    def _talk(self, flight: InFlight, s: int, begin: int) -> Talk | None:
        """What a segment hears from the period `begin` on, where it is carried whole."""
        if self.talk[s] == 0.0:
            return None
        return talk_of(
            flight.worlds.tables, self.ledger, float(self.talk[s]), s, flight.row, flight.replications, begin
        )

    def _moving_of(self, s: int) -> Moving:
        """How the customers of a segment move between need states."""
        begin = int(self.tables.segments.rows[s])
        states, years = self.tables.segments.need_states[s], self.tables.axes.years_per_period
        return moving_of(states, self.opening.joint.get(s), begin, years)

    def _placed(self, s: int) -> layout.Customers:
        """The customers of a segment with their distribution at the opening, by need state where they have some."""
        joint = self.opening.joint.get(s)
        if joint is None:
            return self.customers
        opens = int(self.tables.segments.rows[s])
        return self.customers._replace(states=joint.reshape(len(joint), -1), opens=opens)

    def _run_off(self, flight: InFlight, run_off: RunOff) -> None:
        """Carry everybody who is ours at the horizon on until they leave: expected from the state drawn."""
        ledger, customers, first = self.ledger, self.customers, flight.first
        codes = flight.codes.reshape(flight.replications, -1, len(self.tables.axes.cells))
        rows = slice(flight.row, flight.row + len(codes))
        markets = [
            drawn_run_off(self.tables, run_off, self.opening, flight.units, ledger, s) for s in range(len(self.laws))
        ]
        grid = np.array([ledger.run_off_count_scale, ledger.run_off_money_scale / ledger.money_scale])
        # [workers, S, R, C, 3 stages, 2 presence, 2]
        totals = np.zeros((self.pool.workers, *ledger.run_off[:, rows].transpose(2, 1, 0, 3, 4, 5).shape), np.int64)

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            law = self.laws[s]
            if isinstance(law, layout.ChainLaw):
                of_market = self.bits, markets[s], codes, grid, totals[slot, s], ledger.customer_value
                chain_beyond_horizon(customers, law, *of_market, start, end)
                return
            if law is not None:
                latent = np.empty((len(codes), end - start, LATENT))
                draw_buyers(customers, self.luck[s], law, first, start, end, latent)
                buyers_beyond(
                    law, latent, self.bits, markets[s], codes, grid, totals[slot, s], ledger.customer_value, start, end
                )
                return
            sampled_run_off(
                customers.features, customers.tenure, customers.arrival, customers.low, customers.high, customers.money,
                self.luck[s], self.bits, len(self.tables.axes.periods), markets[s], self.moving[s], codes, first, grid,
                totals[slot, s], ledger.customer_value, start, end,
            )  # fmt: skip

        self.pool.each(work, *self._tasks())
        ledger.run_off[:, rows] = totals.sum(axis=0).transpose(2, 1, 0, 3, 4, 5)
        lawful = self.tables.segments.lawful
        last = ledger.revenue[:, rows, -1, :, :OWN_STATES][:, :, lawful]  # what they brought in the last period
        ledger.run_off[:, rows, ..., 1][:, :, lawful] += np.rint(last * grid[1]).astype(np.int64)

    def _count_hands(self, flight: InFlight) -> None:
        """Compare at the horizon, customer by customer, what became of them in two cells."""
        codes = flight.codes.reshape(flight.replications, -1, len(self.tables.axes.cells))
        rows = slice(flight.row, flight.row + len(codes))
        # [workers, S, R, C, J, 2]
        totals = np.zeros(
            (self.pool.workers, *self.ledger.changed_hands[:, rows].transpose(2, 1, 0, 3, 4).shape), np.int64
        )

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            count_hands(codes, self.tables.reference, totals[slot, s], start, end)

        self.pool.each(work, *self._tasks())
        self.ledger.changed_hands[:, rows] = totals.sum(axis=0).transpose(2, 1, 0, 3, 4)

    def _close(self, flight: InFlight) -> None:
        """Value what lasts to the horizon, customer by customer."""

        def work(slot: int, task: Task) -> None:
            s, start, end = task
            if self.laws[s] is not None:
                entrants = max(start, self.arrived[s][-2]), end
                closing = self._closing(
                    flight, s, flight.markets.at(flight.worlds.tables, len(self.tables.axes.periods) - 1)[s]
                )
                law, worth = self.laws[s], flight.worths[s]
                if isinstance(law, layout.ChainLaw):
                    batch = flight.codes, flight.replications, self.bits
                    close_chain(self.customers, law, worth, closing, *batch, *entrants)
                else:
                    close_entrants(self.customers, worth, closing, flight.codes, flight.replications, *entrants)
                return
            of_segment, of_batch = (self.luck[s], self.stages[s], flight.worths[s]), (flight.first, flight.replications)
            kernels.close_customers(self.customers, *of_segment, flight.codes, *of_batch, start, end)

        self.pool.each(work, *self._tasks())

    def _by_segments(self, work: Callable[[slice], None]) -> None:
        """Work on the ledger, on some segments at a time: at most on a worker's share of them, see `_tasks`."""
        count = len(self.tables.axes.segments)
        size = min(-(-count // self.pool.workers), max(1, CELLS_A_TASK // len(self.tables.axes.cells)))
        self.pool.each(lambda _, span: work(slice(*span)), spans(0, count, size))

    def _tasks(self, bytes_a_customer: int = 0, periods: int = MANY_PERIODS) -> list[list[Task]]:
        """Blocks of customers, of so many that the cache holds what is read and written for each again and again, or
        all of a segment that hears itself; a share of the segments for each worker, as it posts its books when it
        leaves one."""
        block = self.options.block_of(len(self.customers.low), periods)
        if bytes_a_customer and periods > 1:
            block = min(block, max(LEAST_BLOCK, BLOCK_BYTES // bytes_a_customer))
        rows = list(enumerate((own[0], own[-1]) for own in self.arrived))
        share = -(-len(rows) // self.pool.workers)  # of segments
        return [
            [
                (s, a, b)
                for s, (start, end) in rows[first:stop]
                for a, b in spans(start, end, end - start if self.talk[s] else self._block_of(s, block))
            ]
            for first, stop in spans(0, len(rows), share)
        ]

    def _block_of(self, s: int, block: int) -> int:
        """Customers at once: few, where much is drawn of each beforehand."""
        return block if self.laws[s] is None else min(block, LEAST_BLOCK)

    def _post(self, worker: Worker, flight: InFlight, begin: int, until: int) -> None:
        """Move a worker's books of the periods begin..until to the ledger's part for its segment and what is ahead."""
        if worker.segment is None:
            return
        books, s, row = worker.books, worker.segment, flight.row
        with self.posting[s]:
            post(books, flight.ahead[s], self.ledger, s, row, begin, until)
        with self.judging:
            self.ledger.direction[:, row : row + len(books.entered)] += books.direction.swapaxes(0, 1)
        books.direction.fill(0)
        worker.segment = None
