"""How much memory a simulation takes, and how to cut it up so that it takes no more than it may.

Sampled mode holds the state of every customer in every cell, for as many replications at once as there is room for:
16 are best, as one call of the random generator serves the reviews of 16. Expected mode holds probabilities of every
customer for as many cells at once or, where tables unfold as it goes, in all cells for as many replications. None
changes a result. All amounts are bytes; see `benchmarks/NOTES.md` for how they compare with what was measured.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np

from simengine.engine.expected_choice import MOST_KEPT
from simengine.engine.leaves import LEAF
from simengine.engine.options import BLOCK, Options
from simengine.engine.sampled_state import date_bits, state_type
from simengine.engine.unfolding import Unfolding
from simengine.tables.layout import MONEY_OF_CELLS, MONEY_OF_RIVALS, PRESENCE, STAGES, Tables

MOST_REPLICATIONS = 16  # at once; more would gain nothing
MARGIN = 48 << 20  # what threads, kernels and numpy take besides
COMPILING = 128 << 20  # what the compiler takes besides
WRITING = 112 << 20  # libraries that write results, a row group of customers
_WORD, _FLOAT = 8, 4  # bytes of a float64 or int64, of a float32
_LAW = 1024  # of a customer with a law of its own, its history, kind and draws: measured 650, rounded up
_LINES = 30  # arrays of the size of one line of the profit and loss that valuation and results hold at once
_RIVAL_LINES = 10  # and of one line of the rivals'


class Size(NamedTuple):
    """What memory depends on."""

    customers: int
    cells: int
    kept: int  # cells in which the value of every customer is kept
    replications: int  # in sampled mode, and where tables unfold
    periods: int
    segments: int
    suppliers: int
    features: int
    workers: int
    unfolds: bool = False  # tables are of worlds, see `engine.unfolding`
    talks: bool = False  # some segments hear themselves, see `engine.talk`
    squares: bool = False  # of the values that are kept are kept, too
    moving: int = 0  # customers who move between need states
    joint: int = 0  # and these times the need states of each
    lawful: int = 0  # customers who buy till they are gone, or pass from state to state
    references: int = 0  # cells that others are compared with

    @property
    def states(self) -> int:
        return self.suppliers - 1 + len(STAGES)


class Plan(NamedTuple):
    """How the work is cut up, and what that takes."""

    batch: int  # replications at once, or cells at once: see `batches`
    peak: int  # predicted, of the whole process
    least: int  # with the smallest batch


def size_of(tables: Tables, options: Options, unfolding: Unfolding | None = None) -> Size:
    """The size of a simulation that is ready to begin."""
    axes = tables.axes
    replications = options.replications if unfolding is None else unfolding.replications
    kept = len(axes.cells) if options.customer_cells is None else len(options.customer_cells)
    segments = tables.segments
    moving = [
        (int(end - begin), len(states.names))
        for begin, end, states in zip(segments.rows, segments.rows[1:], segments.need_states, strict=False)
        if states is not None
    ]
    return Size(
        len(tables.features), len(axes.cells), kept, replications, len(axes.periods), len(axes.segments),
        len(axes.suppliers), tables.features.shape[1], options.workers, unfolding is not None,
        unfolding is not None and unfolding.talk is not None, options.squares,
        sum(customers for customers, _ in moving), sum(customers * states for customers, states in moving),
        int(np.diff(segments.rows)[segments.lawful].sum()), _references(tables),
    )  # fmt: skip


def _references(tables: Tables) -> int:
    found = len(np.unique(tables.reference))
    return found if found < len(tables.reference) else 0


def plan(
    size: Size, mode: str, in_use: int, budget: float = inf, batch: int | None = None, *, compiling: bool = False
) -> Plan:
    """The largest batch with which a process that uses `in_use` before it simulates stays within the `budget`;
    the smallest there is if none does: then `least` is above the budget. A stated `batch` is the only choice.
    `compiling` says that kernels have to be compiled on the way."""
    choices = batches(size, mode) if batch is None else [batch]
    before = in_use + MARGIN + (COMPILING if compiling else 0)
    peaks = [before + max(simulation(size, mode, each), afterwards(size, mode)) for each in choices]
    fitting = [place for place, peak in enumerate(peaks) if peak <= budget]
    place = fitting[0] if fitting else -1
    return Plan(choices[place], peaks[place], peaks[-1])


def batches(size: Size, mode: str) -> list[int]:
    """The batches to choose from, largest first: of replications, such as never need a further call of the random
    generator; in expected mode of known tables, of cells, such as take as few passes."""
    if mode == "sampled" or size.unfolds:
        return sorted({min(size.replications, MOST_REPLICATIONS >> n) for n in range(5)}, reverse=True)
    return sorted({-(-size.cells // passes) for passes in range(1, size.cells + 1)}, reverse=True)


def simulation(size: Size, mode: str, batch: int) -> int:
    """What the engine holds at the height of the simulation."""
    held = (
        _ledger(size, mode)
        + _stored(size, mode)
        + _LAW * size.lawful
        + (_sampled if mode == "sampled" else _expected)(size, batch)
    )
    return held + (_tables(size, batch) if size.unfolds else 0)


def afterwards(size: Size, mode: str) -> int:
    """What is held when results are valued and written."""
    replications = _replications(size, mode)
    line = _WORD * size.cells * replications * (size.periods + 1) * size.segments
    lines = line * (_LINES * len(PRESENCE) + _RIVAL_LINES * (size.suppliers - 2))
    return _ledger(size, mode) + _stored(size, mode) + lines + WRITING + (_money(size) if size.unfolds else 0)


def before(size: Size, mode: str) -> int:
    """The least that customers take before the simulation: their columns; in sampled mode their features and where
    they open (in expected mode there may be fewer profiles than customers)."""
    needs = size.features - 2
    of_customer = 27 + _FLOAT * (needs + 1)
    if mode == "sampled":
        of_customer += _FLOAT * size.features + _WORD * (size.states + 1)
    return size.customers * of_customer


def _replications(size: Size, mode: str) -> int:
    return size.replications if mode == "sampled" or size.unfolds else 1


def _tables(size: Size, batch: int) -> int:
    """The tables of the worlds in flight, see `layout.Choice`, and money of every replication's."""
    of_offer = _FLOAT * size.features + 2 * _WORD
    worlds = size.cells * batch * size.periods * size.segments
    return worlds * (size.suppliers * of_offer + 3 * _WORD) + _money(size)


def _money(size: Size) -> int:
    """Tables of money, ours and rivals', of all replications."""
    tables = len(MONEY_OF_CELLS) + len(MONEY_OF_RIVALS) * (size.suppliers - 2)
    return _WORD * size.cells * size.replications * size.periods * size.segments * tables


def _ledger(size: Size, mode: str) -> int:
    replications = _replications(size, mode)
    by_state = 2 * (size.periods + 1) * size.states
    flows = 2 * size.periods * size.suppliers
    lines = len(PRESENCE) * (by_state + flows + 2 * len(STAGES)) + 2 * size.suppliers
    return _WORD * size.cells * replications * size.segments * lines


def _stored(size: Size, mode: str) -> int:
    """The values of single customers, and whether they are ours at the opening: drawn ones, or those of a unit of
    revenue and of a customer."""
    of_cell = _WORD * len(PRESENCE) * (1 if mode == "sampled" else 2)
    of_cell += 2 * _WORD if size.squares else 0  # and values before the replication in flight
    return size.customers * (of_cell * size.kept + (_WORD + _FLOAT if size.kept else 0))


def _sampled(size: Size, batch: int) -> int:
    of_state = state_type(date_bits(size.periods))().itemsize
    of_customer = batch * size.cells * of_state + 4 * _WORD  # id, money, tenure, arrival
    walking = _WORD * (size.joint * (size.states + 1) + size.moving)  # where they open, see `sampled_need_states`
    ahead = 4 * _WORD * len(PRESENCE) * batch * size.cells * size.segments * (size.periods + 2)  # promotions
    return size.customers * of_customer + walking + _books(size, batch) * size.workers + ahead


def _books(size: Size, batch: int) -> int:
    """The books of one segment and worker, see `sampled_books`: by cell, and who enters."""
    in_cells = 2 * (size.periods + 2) + size.periods * (size.suppliers + size.states)
    entering = 2 * (size.periods + 2) + (size.periods + 1) * size.states
    return _WORD * batch * (2 * len(PRESENCE) * (size.cells * in_cells + entering) + 3 * size.cells)


def _expected(size: Size, batch: int) -> int:
    """`batch` cells, or all cells in so many replications, each with totals of its own."""
    worlds, kept = (size.cells * batch, size.kept * batch) if size.unfolds else (batch, min(size.kept, batch))
    kept_ends = size.references if batch < size.cells and not size.unfolds else 0  # see `changed_hands.Ends`
    of_state = 2 * size.states * _FLOAT * (worlds + kept_ends)
    columns = _FLOAT * (size.features + 2) + 2 * _WORD
    values = 2 * len(PRESENCE) * _WORD * kept  # as they add up, apart from what is stored
    in_flight = size._replace(replications=batch) if size.unfolds else size._replace(cells=batch)
    at_once = _ledger(in_flight, "expected")  # as it is written, the same again
    meeting = min(size.workers, 1 + size.customers // (BLOCK * size.segments))  # a segment
    totals = at_once * (1 + meeting + size.unfolds)
    rows = size.customers - size.moving + size.joint  # who moves between need states stands in each of them
    offers, carrying = size.suppliers * (1 + worlds * size.periods), min(size.workers, size.segments)
    weighed = _FLOAT * carrying * min(MOST_KEPT, (size.customers + LEAF) * offers) if size.talks else 0
    opening = size.customers + (size.customers + 2 * size.joint if size.joint else 0)  # of all, and by need state
    return rows * (of_state + values) + rows * columns + _WORD * size.states * opening + totals + weighed
