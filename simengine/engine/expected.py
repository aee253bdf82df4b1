"""Expected mode: one pass, probability vectors instead of paths.

A leaf of customers is carried through several periods while the processor's cache holds it. Where tables of a period
follow from totals of the one before, it is one period at a time.

Where tables differ by replication, every world is a cell here: see `some_cells`.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simengine.engine import expected_kernels as kernels
from simengine.engine import expected_layout as layout
from simengine.engine.aligned import aligned_zeros
from simengine.engine.arrivals import arrived_rows
from simengine.engine.buying import curves_of
from simengine.engine.chain import chain_curves
from simengine.engine.changed_hands import Compared, least_hands, pairs_of
from simengine.engine.customer_values import ExpectedValues
from simengine.engine.expected_choice import choice_periods
from simengine.engine.expected_contract import contract_periods
from simengine.engine.expected_curves import curve_periods, curve_run_off
from simengine.engine.expected_market import (
    CurveTables,
    SegmentTables,
    Stretch,
    choice_tables,
    contract_tables,
    stretches,
)
from simengine.engine.expected_need_states import moving_periods
from simengine.engine.expected_totals import Accumulators
from simengine.engine.kinds import kinds_of
from simengine.engine.leaves import LEAF, column_by_lanes, columns_by_leaf, extent_of, leaves_of, states_by_leaf
from simengine.engine.ledger import Ledger, columns_of
from simengine.engine.moment import hazard_columns
from simengine.engine.need_states import displace_copies, displaced_extent
from simengine.engine.opening import Opening
from simengine.engine.options import Options
from simengine.engine.pool import Pool, spans
from simengine.engine.run_off import curved_run_off, run_off_market
from simengine.engine.run_off_kernels import RunOffMarket, expected_run_off
from simengine.engine.shared_columns import Cells, leaders, parting, together
from simengine.engine.talk import cells_at_once
from simengine.engine.unfolding import Worlds, seen_of
from simengine.portfolio.population import Population
from simengine.portfolio.progress import Progress
from simengine.tables.layout import RunOff, Tables, by_supplier
from simengine.tables.seen import shares

f32 = np.float32
Task = tuple[int, int, int]  # segment, first leaf, end
STEPS_SEEN = 2**28  # customers x cells x periods between two reports of progress
LEAST_PERIODS = 8  # at once: a leaf comes from memory and goes back once, whatever their number
MOST_OFFERS = 2048  # at once: at most 4 KiB of weights each
PERIODS = {layout.Market: choice_periods, layout.Contract: contract_periods, layout.Curved: curve_periods}
TABLES_AT_ONCE = 2**14  # cells x segments x periods: a kilobyte each
STEPS_AT_ONCE = 2**24  # customers x cells x periods: a fraction of a second, before which no interrupt is heard


class ExpectedRun:
    """An expected-value simulation; `run` fills and returns its ledger."""

    def __init__(
        self, opening: Opening, worlds: Worlds, population: Population, ledger: Ledger, options: Options,
        progress: Progress, compared: Compared, talk: NDArray[np.float64] | None = None,
    ) -> None:  # fmt: skip
        """`talk` [S] is omega of segments that are carried whole, see `talk.talk_alone`; then nothing more follows
        from what customers do."""
        self.opening, self.worlds, self.compared = opening, worlds, compared
        self.ledger, self.options, self.progress = ledger, options, progress
        self.talk = np.zeros(len(worlds.tables.axes.segments)) if talk is None else talk
        self.pool = Pool(options.workers)
        self.weight = population.weight
        tables = worlds.tables
        self.arrived = arrived_rows(tables, population)
        self.entering = [set(np.flatnonzero(np.diff(rows)).tolist()) for rows in self.arrived]  # times at which some do
        self.moves = [None if states is None else states.move.astype(f32) for states in tables.segments.need_states]
        self.copies = np.array([1 if move is None else len(move) for move in self.moves])
        self.leaves = leaves_of(self.arrived, opening.states, self.copies)
        contract, lawful = tables.segments.contract.any(), tables.segments.lawful.any()
        kind, self.kinds = kinds_of(tables, population)
        self.customers = layout.Customers(
            displace_copies(columns_by_leaf(tables.features, self.leaves), self.leaves, tables.segments.need_states),
            states_by_leaf(opening.states, opening.joint),
            column_by_lanes(population.weight * ledger.count_scale, self.leaves),
            column_by_lanes(population.weight * opening.base_revenue * ledger.money_scale, self.leaves),
            hazard_columns(tables, population) if contract else np.zeros(0, np.int64),
            kind if lawful else np.zeros(0, np.int64),
            *self.leaves[1:],
        )
        self.entrants, self.entering_part = self.customers, opening.entering
        if opening.entering is not None:
            entering = population.weight * opening.base_revenue * opening.entering * ledger.money_scale
            self.entrants = self.customers._replace(revenue=column_by_lanes(entering, self.leaves))
        extents = [
            displaced_extent(extent_of(tables.features, rows[0], rows[-1]), states)
            for rows, states in zip(self.arrived, tables.segments.need_states, strict=True)
        ]
        self.extents = np.array(extents)
        self.column = columns_of(ledger)
        # What only followers would hold is never written, and takes no memory until they part.
        self.x = aligned_zeros(len(self.column), self.leaves.vectors, opening.states.shape[1] * LEAF)
        self.value = np.zeros((len(ledger.customer_cells), self.leaves.vectors, 2 * LEAF))
        start = leaders(together(len(self.column)), (self.column >= 0,))
        self.leader: list[Cells] = [start] * len(tables.axes.segments)

    @property
    def tables(self) -> Tables:
        """As far as they are revealed."""
        return self.worlds.tables

    def run(self) -> Ledger:
        """Carry the opening distribution through every period."""
        periods = len(self.tables.axes.periods)
        self._open()
        for first, end in spans(0, periods, self._at_once()):
            self.units = self.worlds.units(first, end, partial(seen_of, self.ledger, 0, 1, first))
            self._carry(first, end)
            self.progress(end, periods)
        self._count_hands()
        self._part_for_good()
        run_off = self.tables.run_off
        if run_off is not None:
            self._run_off(run_off)
        if self.ledger.customer_cells:
            self._write_values()
        return self.ledger

    def _at_once(self) -> int:
        """Through how many periods a leaf is carried while the cache holds it."""
        if self.worlds.feedback:
            return 1
        axes, cells = self.tables.axes, len(self.column)
        seen = max(LEAST_PERIODS, STEPS_SEEN // (len(self.weight) * cells))
        return max(1, min(len(axes.periods), seen, MOST_OFFERS // (cells * len(axes.suppliers))))

    def _open(self) -> None:
        """Place the customers that are there at the opening."""
        totals = self._accumulators(1)

        def work(slot: int, task: Task) -> None:
            s, leaves = task[0], task[1:]
            kernels.open_customers(self.entrants, np.unique(self.leader[s]), totals.of(slot, s), self.x, *leaves)

        self.pool.each(work, self._tasks(0, 1))
        customers, revenue = totals.summed("customers")[0], totals.summed("revenue")[0]
        for s, leader in enumerate(self.leader):
            self.ledger.count[:, 0, 0, s], self.ledger.revenue[:, 0, 0, s] = customers[s, leader], revenue[s, leader]

    def _carry(self, first: int, end: int) -> None:
        """Simulate the periods first..end and write their totals."""
        segments = range(len(self.leader))
        totals = self._accumulators(end - first)
        worths = [self._worth(s) for s in segments]
        stretches = self._stretches(first, end, worths)

        def work(slot: int, task: Task) -> None:
            s, leaves = task[0], task[1:]
            all_periods = totals.of(slot, s)
            for stretch in stretches[s]:
                if stretch.parting:
                    self._copy(stretch.parting, self.leaves.span(*leaves))
                for cells, a, b in self._pieces(s, *leaves, stretch):
                    if self.pool.stopping:
                        return
                    periods = slice(a - first, b - first)
                    own, worth = all_periods.during(periods), worths[s].during(periods)
                    market = stretch.market.during(slice(a - stretch.first, b - stretch.first))._replace(cells=cells)
                    if isinstance(market, layout.Market) and market.talk.omega != 0.0:
                        before = self._before(s, first, a, all_periods, stretch)
                        market = market._replace(talk=market.talk._replace(before=before))
                    read = (self.customers, market, own, worth, self.x, *leaves)
                    move = self.moves[s]
                    if move is None:
                        PERIODS[type(market)](*read)
                    else:
                        moving_periods(*read, move)
                    for newcomers in self._entering(s, *leaves, b):
                        first_worth = self._on_entering(worth, newcomers)
                        at = self.entrants, market.cells, own, first_worth
                        kernels.enter_customers(*at, self.x, b - a - 1, *newcomers)

        self.pool.each(work, self._tasks(end, end - first))
        leader = np.empty((end - first, len(stretches), len(self.column)), np.int64)
        for s in segments:
            for stretch in stretches[s]:
                leader[stretch.first - first : stretch.end - first, s] = stretch.leader
        self._write(first, end, leader, totals)

    def _write(self, first: int, end: int, leader: NDArray[np.int64], totals: Accumulators) -> None:
        """Write the totals of the periods first..end, those of leaders [T, S, C] also for who follows them."""
        ends, periods = slice(first + 1, end + 1), slice(first, end)
        for out, at, name in (
            (self.ledger.count, ends, "customers"),
            (self.ledger.revenue, ends, "revenue"),
            (self.ledger.joins, periods, "joins"),
            (self.ledger.leaves, periods, "leaves"),
        ):
            found = totals.summed(name)
            led = found[np.arange(end - first)[:, None, None], np.arange(len(self.leader))[:, None], leader]
            out[:, 0, at] = led.transpose(2, 0, 1, 3, 4)

    def _stretches(self, first: int, end: int, worths: list[layout.Worth]) -> list[list[Stretch]]:
        """The periods first..end of each segment, cut where its cells part."""
        tables: dict[int, SegmentTables] = {}
        choice = []
        for s, contract in enumerate(self.tables.segments.contract):
            if contract:
                tables[s] = contract_tables(self.tables, s, range(first, end))
            elif self.tables.segments.buying[s] is not None:
                tables[s] = CurveTables(curves_of(self.tables, s, self.kinds[s], first, end, self.pool))
            elif self.tables.segments.chain[s] is not None:
                tables[s] = CurveTables(chain_curves(self.tables, s, self.kinds[s], first, end))
            else:
                choice.append(s)
        today = shares(by_supplier(self.ledger.count[:, 0, 0].sum(axis=-1)).swapaxes(0, 1)) if self.talk.any() else None
        for a, b in spans(0, len(choice), max(1, TABLES_AT_ONCE // (len(self.column) * (end - first)))):
            some, periods = choice[a:b], slice(first, end)
            said = None if today is None else (self.talk[some], today[some])
            own = choice_tables(self.tables, self.opening, some, periods, self.extents[some], said)
            tables |= zip(some, own, strict=True)
        found = [stretches(tables[s], first, end, worth, self.leader[s]) for s, worth in enumerate(worths)]
        self.leader = [own[-1].leader for own in found]
        return found

    def _before(self, s: int, first: int, time: int, totals: layout.Totals, stretch: Stretch) -> NDArray[np.int64]:
        """[C, states] customers of a segment with `time` periods completed, of the cells that then lead themselves;
        `totals` are those from period `first` on."""
        ends = self.ledger.count[:, 0, first, s] if time == first else totals.customers[time - first - 1]
        customers: NDArray[np.int64] = ends.sum(axis=-1)
        for cell, leader in stretch.parting if time == stretch.first else []:
            customers[cell] = customers[leader]
        return customers

    def _pieces(self, s: int, first: int, end: int, stretch: Stretch) -> list[tuple[Cells, int, int]]:
        """The pieces in which some leaves are carried through a stretch, one after the other: cells, first period, end.
        One ends where somebody of the leaves enters. Those of a segment that hears itself are of as many cells as a
        cache holds, and are short enough for an interrupt to be heard."""
        parts, at_once = [stretch.market.cells], stretch.end
        if self.talk[s]:
            parts = cells_at_once(stretch.market.cells, (end - first) * self.x.strides[1])
            at_once = max(1, STEPS_AT_ONCE // (LEAF * (end - first) * len(parts[0])))
        between = range(stretch.first + 1, stretch.end)
        cuts = [t for t in between if (t - stretch.first) % at_once == 0 or self._entering(s, first, end, t)]
        return [(cells, a, b) for cells in parts for a, b in pairwise([stretch.first, *cuts, stretch.end])]

    def _entering(self, s: int, first: int, end: int, time: int) -> list[tuple[int, int, int]]:
        """(leaf, first place, end) of those of some leaves who enter with `time` periods completed."""
        if time not in self.entering[s]:
            return []
        begin, stop = self.arrived[s, time : time + 2].tolist()
        places = [(leaf, *np.clip([begin, stop] - self.leaves.begin[leaf], 0, LEAF)) for leaf in range(first, end)]
        return [(leaf, int(a), int(b)) for leaf, a, b in places if a < b]

    def _on_entering(self, worth: layout.Worth, newcomers: tuple[int, int, int]) -> layout.Worth:
        """Unit values for newcomers (leaf, first place, end), who all bring the same part of base revenue then."""
        if self.entering_part is None:
            return worth
        leaf, first, _ = newcomers
        return worth._replace(revenue=worth.revenue * self.entering_part[self.leaves.begin[leaf] + first])

    def _copy(self, parting: list[tuple[int, int]], vectors: slice) -> None:
        """Give cells that part from their leader its customers as they are now."""
        for cell, leader in parting:
            self.x[cell, vectors] = self.x[leader, vectors]
            if self.column[cell] >= 0:
                self.value[self.column[cell], vectors] = self.value[self.column[leader], vectors]

    def _count_hands(self) -> None:
        """Compare at the horizon where the customers of two cells are."""
        found = [pairs_of(leader, self.compared) for leader in self.leader]
        suppliers = len(self.tables.axes.suppliers)
        totals = [np.zeros((self.pool.workers, len(pairs), suppliers, 2), np.int64) for pairs, _ in found]
        others = self.x if self.compared.x is None else self.compared.x

        def work(slot: int, task: Task) -> None:
            s, leaves = task[0], task[1:]
            least_hands(self.customers, found[s][0], self.x, others, totals[s][slot], *leaves)

        tasks = self._tasks(len(self.tables.axes.periods), 1)
        self.pool.each(work, [task for task in tasks if len(found[task[0]][0])])
        for s, (_, number) in enumerate(found):
            self.ledger.changed_hands[number >= 0, 0, s] = totals[s].sum(axis=0)[number[number >= 0]]

    def _part_for_good(self) -> None:
        """After the last period all cells have customers of their own."""
        alone = np.arange(len(self.column))
        partings = [parting(leader, alone) for leader in self.leader]
        if any(partings):
            self.pool.each(
                lambda _, task: self._copy(partings[task[0]], self.leaves.span(*task[1:])),
                self._tasks(len(self.tables.axes.periods), 1),
            )

    def _run_off(self, run_off: RunOff) -> None:
        """Carry everybody on until they leave, in one pass."""
        markets = [
            run_off_market(self.tables, run_off, self.opening, self.units, self.ledger, s)
            if not self.tables.segments.lawful[s]
            else curved_run_off(self.tables, run_off, self.kinds[s], self.units, self.ledger, s, self.pool)
            for s in range(len(self.leader))
        ]
        customers = self.customers._replace(
            weight=column_by_lanes(self.weight * self.ledger.run_off_count_scale, self.leaves),
            revenue=column_by_lanes(
                self.weight * self.opening.base_revenue * self.ledger.run_off_money_scale, self.leaves
            ),
        )
        # [workers, S, C, 3 stages, 2 presence, 2]
        totals = np.zeros((self.pool.workers, *self.ledger.run_off[:, 0].swapaxes(0, 1).shape), np.int64)

        def work(slot: int, task: Task) -> None:
            s, leaves = task[0], task[1:]
            close = expected_run_off if isinstance(markets[s], RunOffMarket) else curve_run_off
            close(customers, markets[s], self.x, totals[slot, s], self.value, *leaves)

        self.pool.each(work, self._tasks(len(self.tables.axes.periods), 1))
        self.ledger.run_off[:, 0] = totals.sum(axis=0).swapaxes(0, 1)

    def _tasks(self, time: int, periods: int) -> list[Task]:
        """The leaves of everybody who has entered with `time` periods completed, in pieces for so many periods."""
        steps = LEAF * len(self.column) * periods
        block = self.options.block_of(len(self.weight), periods)
        size = max(1, min(block // LEAF, STEPS_AT_ONCE // steps))
        entered = self.arrived[:, time + 1] - self.arrived[:, 0]
        ends = self.leaves.first[:-1] + -(-entered // LEAF) * self.copies
        both = zip(self.leaves.first.tolist(), ends.tolist(), self.copies.tolist(), strict=False)
        return [
            (s, a, b)
            for s, (first, end, copies) in enumerate(both)
            for a, b in spans(first, end, max(1, end - first) if self.talk[s] else max(1, size // copies) * copies)
        ]

    def _accumulators(self, periods: int) -> Accumulators:
        cells, _, _, segments, states, _ = self.ledger.count.shape
        return Accumulators(self.pool.workers, segments, periods, cells, states)

    def _worth(self, s: int) -> layout.Worth:
        """Unit values of the periods last revealed; 0 where those of single customers are not kept."""
        kept = (self.column >= 0) * self.ledger.money_scale
        return layout.Worth(
            self.value,
            self.column,
            np.ascontiguousarray(self.units.revenue[:, s].transpose(2, 0, 1) * (self.column >= 0)[:, None]),
            np.ascontiguousarray(self.units.customer[:, s].transpose(2, 0, 1) * kept[:, None]),
            np.ascontiguousarray(self.units.join[:, s].T * kept),
        )

    def _write_values(self) -> None:
        """What single customers' values follow from, into the ledger."""
        kept = self.ledger.customers
        assert isinstance(kept, ExpectedValues)
        for begin, end in self.arrived[:, :2]:
            kept.ours[begin:end] = self.opening.states[begin:end, :3].sum(axis=1)
        of_cell = len(self.ledger.customer_cells) // max(1, kept.unit.shape[2])  # worlds of each cell kept
        for p in range(2):
            for k in range(len(self.ledger.customer_cells)):
                unit = self._unit_values(p, k)
                kept.unit[p, :, k // of_cell] += unit
                if kept.onward is not None:
                    kept.onward[p, :, k // of_cell] += unit

    def _unit_values(self, p: int, k: int) -> NDArray[np.float64]:
        """[2, N] value of a unit of base revenue and of a customer in the k-th of the worlds kept, with presence p."""
        of_vectors, first = self.value[k].reshape(-1, 2, LEAF), self.leaves.first[:-1]
        groups = np.diff(self.leaves.first) // self.copies  # leaves of other customers
        segment = np.repeat(np.arange(len(groups)), groups)
        group = np.arange(len(segment)) - (np.cumsum(groups) - groups)[segment]
        value = np.zeros((2, 0))
        for n in range(int(self.copies.max(initial=1))):
            there = n < self.copies[segment]
            leaf = np.where(there, first[segment] + group * self.copies[segment] + n, 0)
            sizes = self.leaves.size[first[segment] + group * self.copies[segment]]
            vector = np.repeat(np.where(there, self.leaves.vector[leaf, p], -1), sizes)
            place = np.arange(len(vector)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            own = np.where(vector >= 0, of_vectors[vector, :, place].T, 0.0)
            value = own if n == 0 else value + own
        for s, (begin, end) in enumerate(self.arrived[:, :2]):
            if p == 0:
                own = self.opening.states[begin:end, :3]
                part = 1.0 if self.entering_part is None else self.entering_part[begin:end]
                value[0, begin:end] += (own * self.units.opening_revenue[s]).sum(axis=1) * part
                value[1, begin:end] += (own * self.units.opening_customer[s]).sum(axis=1) * self.ledger.money_scale
        return value
