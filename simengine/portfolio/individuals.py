"""From weighted rows to individuals."""

from __future__ import annotations

import numpy as np

from simengine.luck import address
from simengine.portfolio.customers import Customers, taken


def individuals(customers: Customers) -> Customers:
    """One row of weight 1 for each customer that a row of whole weight stands for, sorted by (supplier, id).

    The first keeps the row's id; copy c = 1, 2, ... is labelled "id*c" and has that text's address.
    """
    copies = customers.weight.astype(np.int64)
    rows = np.repeat(np.arange(len(copies)), copies)
    ordinal = np.arange(len(rows)) - np.repeat(np.cumsum(copies) - copies, copies)
    all_of_them = taken(customers, rows)
    labels, ids = all_of_them.labels.copy(), all_of_them.ids.copy()
    for copy in np.flatnonzero(ordinal).tolist():
        labels[copy] = f"{labels[copy]}*{ordinal[copy]}"
        ids[copy] = address(labels[copy])
    expanded = all_of_them._replace(labels=labels, ids=ids, weight=np.ones(len(rows)))
    supplier = np.zeros(len(ids)) if expanded.supplier is None else expanded.supplier
    return taken(expanded, np.lexsort((ids, supplier)))
