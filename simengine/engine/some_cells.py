"""A part of the cells of a simulation, or worlds in their place, as if they were all its cells: nothing that one cell
computes depends on others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from simengine.engine.ledger import TOTALS, Integers, Ledger
from simengine.tables.layout import MONEY_OF_CELLS, Choice, Tables


def tables_of(tables: Tables, cells: slice) -> Tables:
    """What the engine reads of some cells. Differences to cells that are left out are not theirs to judge."""
    run_off = tables.run_off
    return tables._replace(
        axes=tables.axes._replace(cells=tables.axes.cells[cells]),
        choice=_choice_of(tables.choice, cells),
        economics=tables.economics._replace(
            **{name: getattr(tables.economics, name)[cells] for name in MONEY_OF_CELLS}
        ),
        run_off=run_off and run_off._replace(choice=_choice_of(run_off.choice, cells)),
    )


def ledger_of(ledger: Ledger, cells: slice) -> Ledger:
    """The part of a ledger that some cells fill: views."""
    places = range(len(ledger.count))[cells]
    kept = [k for k, c in enumerate(ledger.customer_cells) if c in places]
    columns = slice(kept[0], kept[-1] + 1) if kept else slice(0, 0)
    totals: dict[str, Any] = {name: getattr(ledger, name)[cells] for name in TOTALS}
    return replace(
        ledger,
        **totals,
        customers=ledger.customers.in_cells(columns),
        customer_cells=tuple(ledger.customer_cells[k] - places.start for k in kept),
    )


def in_flight(ledger: Ledger, replications: int) -> Ledger:
    """A ledger whose cells are the worlds of so many replications, empty; values of single customers are the same."""
    cells = len(ledger.count)

    def empty(totals: Integers) -> Any:
        return np.zeros((cells * replications, 1, *totals.shape[2:]), np.int64)

    return replace(
        ledger,
        **{name: empty(getattr(ledger, name)) for name in TOTALS},
        customer_cells=tuple(c * replications + r for c in ledger.customer_cells for r in range(replications)),
    )


def put_down(worlds: Ledger, ledger: Ledger, first: int) -> None:
    """Write the totals of worlds into those of cells and replications from `first` on."""
    cells = len(ledger.count)
    for name in TOTALS:
        own = getattr(worlds, name)[:, 0]
        own = own.reshape(cells, -1, *own.shape[1:])
        getattr(ledger, name)[:, first : first + own.shape[1]] = own


def _choice_of(choice: Choice, cells: slice) -> Choice:
    return Choice._make(table[cells] for table in choice)
