"""A part of the cells of a simulation, as if it were all of them: nothing that one cell computes depends on others."""

from __future__ import annotations

from dataclasses import replace

from simengine.engine.ledger import Ledger
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
    return replace(
        ledger,
        count=ledger.count[cells],
        revenue=ledger.revenue[cells],
        joins=ledger.joins[cells],
        leaves=ledger.leaves[cells],
        direction=ledger.direction[cells],
        customers=ledger.customers.in_cells(columns),
        customer_cells=tuple(ledger.customer_cells[k] - places.start for k in kept),
        run_off=ledger.run_off[cells],
    )


def _choice_of(choice: Choice, cells: slice) -> Choice:
    return Choice._make(table[cells] for table in choice)
