"""The customer table of a run: one row a customer, one pair of columns a cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.sql_text import connect, literal
from simengine.tables.layout import PRESENCE

if TYPE_CHECKING:
    from simengine.results.run import Run


def customer_columns(run: Run) -> dict[str, NDArray[np.generic]]:
    """Columns of the table, [N] each, in the order of the simulated population.

    Money is in units of the currency, revenue is that of a customer of ours today before the multiplier of its
    stage, values are means over the replications; `present` is how many of the row's customers are ours at the
    opening, as a mean over the replications.
    """
    population, ledger, axes = run.portfolio.population, run.ledger, run.tables.axes
    replications = ledger.count.shape[1]
    names = np.array(axes.segments, dtype=object)
    columns: dict[str, NDArray[np.generic]] = {
        "customer": population.labels.astype(np.object_),
        "segment": names[population.segment],
        "weight": population.weight,
        "revenue_per_year": run.opening.base_revenue,
        "price_sensitivity": population.price_sensitivity,
    }
    for k, need in enumerate(axes.needs):
        columns[f"need {need}"] = np.ascontiguousarray(population.needs[:, k])
    if len(ledger.customer_present):
        columns["present"] = ledger.customer_present / (ledger.count_scale * replications)
        for k, c in enumerate(ledger.customer_cells):
            allocation, move = axes.cells[c]
            for p, presence in enumerate(PRESENCE):
                value = ledger.customer_value[p, :, k] / (ledger.money_scale * replications)
                columns[f"value {presence}: {allocation} / {move}"] = value
    return columns


def write_customers(run: Run, path: Path) -> None:
    """Write the table as a Parquet file."""
    columns = customer_columns(run)
    with connect() as connection:
        connection.register("customers", columns)
        connection.execute(f"COPY (SELECT * FROM customers) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
