"""A file that names the customers to calibrate from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.files import open_file
from simengine.portfolio.bad_cells import BadCells
from simengine.scenario.problems import Problem, ScenarioError, listed


def only_customers(path: Path, column: str, labels: NDArray[Any]) -> tuple[NDArray[np.bool_], list[str]]:
    """Which customers of a log, sorted by their `labels`, a file names, and what of it may surprise.

    Ids stand in the column of the log's name, or in the file's only one. Raises ScenarioError for ids without a
    purchase in the log.
    """
    with open_file(path, None) as table:
        if column not in table.columns and len(table.columns) != 1:
            found = f"columns {listed(table.columns, 'and')}"
            raise ScenarioError([Problem(str(path), 1, 1, found, f"a column {column} with the customers to keep")])
        column = column if column in table.columns else table.columns[0]
        ids = table.texts(column).astype(object)
        known = {label: position for position, label in enumerate(labels)}
        bad = BadCells(table)
        unknown = np.fromiter((label not in known for label in ids), np.bool_, len(ids))
        without_zeros = {label.lstrip("0"): label for label in labels}

        def hint(text: str) -> str:
            alike = without_zeros.get(text.lstrip("0"))
            return f"the log writes {alike}" if alike else "take the row out: who never bought tells nothing here"

        bad.add(unknown, column, "a customer with a purchase in the log", hint)
        if problems := table.rejected() + bad.problems():
            raise ScenarioError(problems)
    keep = np.zeros(len(labels), dtype=np.bool_)
    keep[[known[label] for label in ids]] = True
    repeated = len(ids) - int(keep.sum())
    return keep, [f"{path.name}: {repeated:,} customers are named twice"] if repeated else []
