"""A part of the cells of a run, as a run of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import TOTALS, Ledger
from simengine.results.accumulated import Accumulated
from simengine.scenario.model import Scenario
from simengine.tables.board import levers_of_boards
from simengine.tables.layout import (
    MONEY_OF_CELLS,
    MONEY_OF_RIVALS,
    MONEY_ONCE,
    BoardSpend,
    Choice,
    Economics,
    Employees,
    Experience,
    Offers,
    Rivals,
    Tables,
    Waiting,
)
from simengine.timeline.timeline import Timeline

if TYPE_CHECKING:
    from simengine.results.finished_run import Run

Rows = NDArray[np.int64]


def narrowed(run: Run, allocations: Collection[str], moves: Collection[str]) -> Run:
    """Some of a run's allocations, the reference among them, under some of its moves: to the bit what a run of these
    alone gives, for no cell's result depends on others."""
    names, place = list(run.scenario.allocations), {cell: c for c, cell in enumerate(run.tables.axes.cells)}
    scenario = only_these(run.scenario, allocations, moves)
    rows = np.array([place[cell] for cell in scenario.cells], np.int64)
    of_allocations = np.array([names.index(name) for name in scenario.allocations], np.int64)
    ledger, kept = _ledger(run.ledger, rows)
    valuation: dict[str, Any] = {
        name: value[rows]
        for name, value in run.valuation._asdict().items()
        if isinstance(value, np.ndarray) and name != "financing"  # which is no cell's
    }
    cells = None if run.options.customer_cells is None else ledger.customer_cells
    return replace(
        run,
        scenario=scenario,
        tables=_tables(run.tables, rows, scenario),
        options=run.options._replace(customer_cells=cells),
        ledger=ledger,
        valuation=run.valuation._replace(**valuation),
        timeline=None if run.timeline is None else _timeline(run.timeline, of_allocations, scenario),
        accumulated=None if run.accumulated is None else _accumulated(run.accumulated, rows, kept),
        onward=None,
        parts=tuple(part._replace(**_money(part.economics, part.rivals, rows)) for part in run.parts),
        drawn=run.drawn and run.drawn.in_cells(rows),
    )


def only_these(scenario: Scenario, allocations: Collection[str], moves: Collection[str]) -> Scenario:
    """The scenario with some of its allocations and moves."""
    return replace(
        scenario,
        allocations={name: stated for name, stated in scenario.allocations.items() if name in allocations},
        moves={name: changes for name, changes in scenario.moves.items() if name in moves},
    )


def _ledger(ledger: Ledger, rows: Rows) -> tuple[Ledger, Rows]:
    """The ledger, and which columns of single customers' values are left."""
    column = {c: k for k, c in enumerate(ledger.customer_cells)}
    left = {new: column[old] for new, old in enumerate(rows.tolist()) if old in column}
    kept = np.array(list(left.values()), np.int64)
    totals: dict[str, Any] = {name: getattr(ledger, name)[rows] for name in TOTALS}
    customers = ledger.customers.in_cells(kept)
    return replace(ledger, **totals, customers=customers, customer_cells=tuple(left)), kept


def _tables(tables: Tables, rows: Rows, scenario: Scenario) -> Tables:
    new = {old: place for place, old in enumerate(rows.tolist())}
    run_off, boards = tables.run_off, tables.boards
    return tables._replace(
        axes=tables.axes._replace(cells=tuple(scenario.cells)),
        choice=Choice._make(table[rows] for table in tables.choice),
        reference=np.array([new[old] for old in tables.reference[rows].tolist()], np.int64),
        run_off=run_off and run_off._replace(choice=Choice._make(table[rows] for table in run_off.choice)),
        **_money(tables.economics, tables.rivals, rows),
        offers=_offers(tables.offers, rows),
        experience=None if tables.experience is None else _experience(tables.experience, rows),
        boards=None if boards is None else _boards(boards, rows, scenario),
        waiting=None if tables.waiting is None else _waiting(tables.waiting, rows, scenario),
    )


def _money(economics: Economics, rivals: Rivals, rows: Rows) -> dict[str, Any]:
    """`economics` and `rivals` of some cells."""
    money: dict[str, Any] = {name: getattr(economics, name)[rows] for name in MONEY_OF_CELLS}
    once = {name: getattr(economics, name) for name in MONEY_ONCE}
    money |= {name: table[rows] if table.ndim else table for name, table in once.items()}
    theirs: dict[str, Any] = {name: getattr(rivals, name)[rows] for name in MONEY_OF_RIVALS}
    return {"economics": economics._replace(**money), "rivals": rivals._replace(**theirs)}


def _offers(offers: Offers, rows: Rows) -> Offers:
    stated: dict[str, Any] = {name: table[rows] for name, table in offers._asdict().items() if table is not None}
    return offers._replace(**stated)


def _experience(experience: Experience, rows: Rows) -> Experience:
    staff = experience.employees
    return experience._replace(
        owners=experience.owners[rows],
        quality=experience.quality[rows],
        experience=experience.experience[rows],
        promised=experience.promised[rows],
        employees=None if staff is None else Employees(staff.enablement[rows], staff.motivation[rows]),
    )


def _boards(boards: BoardSpend, rows: Rows, scenario: Scenario) -> BoardSpend | None:
    levers = tuple(levers_of_boards(scenario))
    left = [boards.levers.index(lever) for lever in levers]
    return BoardSpend(levers, boards.spend[rows][..., left]) if levers else None


def _waiting(waiting: Waiting, rows: Rows, scenario: Scenario) -> Waiting | None:
    left = [n for n, (move, _) in enumerate(waiting.changes) if move in scenario.moves]
    changes = tuple(waiting.changes[n] for n in left)
    return Waiting(changes, waiting.start[rows][:, :, left], waiting.times[rows][:, :, left]) if left else None


def _timeline(timeline: Timeline, allocations: Rows, scenario: Scenario) -> Timeline | None:
    if not any(each.initiatives for each in scenario.allocations.values()):
        return None
    return Timeline(
        {key: paths[allocations] for key, paths in timeline.effects.items()},
        timeline.building[allocations],
        timeline.running[allocations],
        {name: timeline.times[name] for name in scenario.allocations},
    )


def _accumulated(sums: Accumulated, rows: Rows, kept: Rows) -> Accumulated:
    shown = sums.shown
    return Accumulated(
        shown._replace(
            of_offers=tuple(table[rows] for table in shown.of_offers),
            of_experience=tuple(table[rows] for table in shown.of_experience),
            owners=shown.owners[rows] if len(shown.owners) else shown.owners,
        ),
        None if sums.units is None else sums.units[:, :, kept],
    )
