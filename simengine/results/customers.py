"""The customer table of a run: one row a customer, one pair of columns a cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.parquet_pieces import write_in_pieces
from simengine.results.statement import statement_of
from simengine.tables.layout import PRESENCE

if TYPE_CHECKING:
    from simengine.results.run import Run


def customer_columns(run: Run, start: int = 0, end: int | None = None) -> dict[str, NDArray[np.generic]]:
    """Columns of the table, of rows start..end (default: all [N]), in the order of the portfolio's population.

    Money is in units of the currency, revenue is that of a customer of ours today before the multiplier of its
    stage, values are means over the replications; `present` is how many of the row's customers are ours at the
    opening, as a mean over the replications. In expected mode customers in one profile have the same value per unit
    of revenue and the same value besides.
    """
    population, ledger, axes = run.portfolio.population, run.ledger, run.tables.axes
    end = len(population.ids) if end is None else end
    rows = slice(start, end)
    replications = ledger.count.shape[1]
    names = np.array(axes.segments, dtype=object)
    columns: dict[str, NDArray[np.generic]] = {
        "customer": population.labels[rows].astype(np.object_),
        "segment": names[population.segment[rows]],
        "weight": population.weight[rows],
        "revenue_per_year": run.base_revenue[rows],
        "price_sensitivity": population.price_sensitivity[rows],
    }
    for k, need in enumerate(axes.needs):
        columns[f"need {need}"] = np.ascontiguousarray(population.needs[rows, k])
    if len(ledger.customers):
        columns["present"] = ledger.customers.present(start, end) / (ledger.count_scale * replications)
        standing = [run.standing(c) for c in ledger.customer_cells]
        values = {id(there): there.ledger.customers.value(start, end) for there, _ in standing}
        for (there, at), c in zip(standing, ledger.customer_cells, strict=True):
            allocation, move = axes.cells[c]
            k, drawn = there.ledger.customer_cells.index(at), there.valuation.replications
            for p, presence in enumerate(PRESENCE):
                value = values[id(there)][p, :, k] / (ledger.money_scale * drawn)
                columns[f"value {presence}: {allocation} / {move}"] = value
    return columns


def write_customers(run: Run, path: Path) -> None:
    """Write the table, and each customer's profit and loss of today, as a Parquet file."""
    write_in_pieces(
        path,
        len(run.portfolio.population.ids),
        lambda start, end: customer_columns(run, start, end) | statement_of(run, start, end)._asdict(),
    )
