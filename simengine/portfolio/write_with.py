"""Writes the rows of customer files anew, with further columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.new_file import MARK
from simengine.portfolio.sql_text import literal, quoted
from simengine.scenario.customers import PARQUET

CSV = (".csv", ".tsv", ".txt")  # what can be written; more can be read


def write_with(
    table: CustomerTable,
    added: Mapping[str, tuple[NDArray[np.int32], Sequence[str]]],
    kept: Collection[int],
    numbers: Collection[int],
    path: Path,
    suffix: str,
    maker: str,
) -> None:
    """Write the table to `path` with the columns `added`: {name: (position in the texts of every row, texts)}.

    Rows for which a position is negative are left out. Of the columns at the positions `kept` those at the positions
    `numbers` are written as numbers, the others as the texts that they are. `suffix` is that of a Parquet or CSV file,
    `maker` the command that a Parquet file names.
    """
    cells = [
        f"{'n' if i in numbers else 'c'}{i} AS {quoted(name)}" for i, name in enumerate(table.columns) if i in kept
    ]
    codes: dict[str, NDArray[np.int32]] = {}
    there = []
    for i, (name, (code, texts)) in enumerate(added.items()):
        codes[f"added{i}"] = code
        cells.append(f"[{', '.join(map(literal, texts))}][added{i} + 1] AS {quoted(name)}")
        there.append(f"added{i} >= 0")
    select = f"SELECT {', '.join(cells)} FROM customers POSITIONAL JOIN added WHERE {' AND '.join(there)}"
    if suffix.lower() in PARQUET:
        form = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{MARK}: {literal(maker)}}}"
    else:
        delimiter = "\t" if suffix.lower() == ".tsv" else ","
        form = f"FORMAT csv, HEADER true, DELIMITER {literal(delimiter)}"
    table.hold("added", codes)
    table.query(f"COPY ({select}) TO {literal(str(path))} ({form})")
