"""A file that names the customers to calibrate from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.named_file import open_file
from simengine.scenario.problems import Problem, ScenarioError, counted, listed


def only_customers(path: Path, column: str, labels: NDArray[Any]) -> tuple[NDArray[Any], list[str]]:
    """The customers that a file names, each once, and what of it may surprise; `labels` are all of the log.

    Ids stand in the column of the log's name, or in the file's only one. Raises ScenarioError for ids without a
    purchase in the log.
    """
    with open_file(path, None) as table:
        if column not in table.columns and len(table.columns) != 1:
            found = f"columns {listed(table.columns, 'and')}"
            raise ScenarioError([Problem(str(path), 1, 1, found, f"a column {column} with the customers to keep")])
        column = column if column in table.columns else table.columns[0]
        ids = table.texts(column).astype(object)
        known = frozenset(labels)
        bad = BadCells(table)
        unknown = np.fromiter((label not in known for label in ids), np.bool_, len(ids))
        without_zeros = {label.lstrip("0"): label for label in labels}

        def hint(text: str) -> str:
            alike = without_zeros.get(text.lstrip("0"))
            return f"the log writes {alike}" if alike else "take the row out: who never bought tells nothing here"

        bad.add(unknown, column, "a customer with a purchase in the log", hint)
        if problems := table.rejected() + bad.problems():
            raise ScenarioError(problems)
    kept = np.array(list(dict.fromkeys(ids)), dtype=object)
    again = len(ids) - len(kept)
    return kept, [f"{path.name}: {counted(again, 'row')} of a customer named before"] if again else []
