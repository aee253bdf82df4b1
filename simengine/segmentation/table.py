"""The customer file with a column more: the segment of every customer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.write_with import write_with
from simengine.segmentation.segment import Segmentation

SEGMENT, VALUE_CLASS = "segment", "value_class"


def column_names(columns: Iterable[str]) -> tuple[str, str]:
    """Names of the columns of segments and value classes, that the file has not."""
    taken = set(columns)

    def free(name: str) -> str:
        number, stem = 2, name
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        return name

    return free(SEGMENT), free(VALUE_CLASS)


def write_table(table: CustomerTable, found: Segmentation, path: Path, suffix: str) -> None:
    """Write every customer who has a segment to `path`, in file order, with all columns that have a name of their own.

    `suffix` says whether as Parquet, or with commas or tabulators. Numbers are written as numbers, the rest as it is.
    """
    row = found.base.row
    segment = np.full(table.rows, -1, dtype=np.int32)
    segment[row] = found.label
    names = column_names(table.columns)
    added = {names[0]: (segment, found.names)}
    if found.value_class is not None and found.by != "value":
        value_class = np.full(table.rows, -1, dtype=np.int32)
        value_class[row] = found.value_class
        added[names[1]] = (value_class, found.classes)
    kept = [c.position for c in found.columns if c.unique_name]
    numbers = [c.position for c in found.columns if c.kind == "number" and not c.unlike]
    write_with(table, added, kept, numbers, path, suffix, "segment")
