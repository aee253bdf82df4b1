"""The table of a study of customers: one row for each, with all lines, values and deciles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.new_file import FileRefused, require_new
from simengine.portfolio.parquet_pieces import write_in_pieces
from simengine.portfolio.workshop import put, workshop
from simengine.scenario.customers import PARQUET
from simengine.scenario.problems import ScenarioError, listed, of_option
from simengine.study.customers import CustomerStudy


def require_usable(out: Path) -> None:
    """Raise ScenarioError if the table cannot be written to `out`; writes nothing."""
    expected = f"the name of a new file ending in {listed(PARQUET)}"
    if out.suffix.lower() not in PARQUET:
        raise ScenarioError([of_option("--out", out, str(out), expected)])
    try:
        require_new(out, or_ours=True)
    except FileRefused as refused:
        raise ScenarioError([of_option("--out", out, str(refused), expected)]) from None


def table_columns(study: CustomerStudy, start: int = 0, end: int | None = None) -> dict[str, NDArray[np.generic]]:
    """Columns of the rows start..end, in the order of the accounts.

    `customers` is how many the row stands for; lines of the statement are per customer and year, values and their
    standard errors per customer; deciles are 1 (highest) to 10.
    """
    accounts = study.accounts
    rows = slice(start, len(accounts.customers) if end is None else end)
    names = np.array(accounts.segment.names, dtype=object)
    columns: dict[str, NDArray[np.generic]] = {
        "customer": accounts.ids[rows].astype(np.object_),
        "segment": names[accounts.segment.code[rows]],
        "customers": accounts.customers[rows],
    }
    columns |= {line: accounts.lines[line][rows] for line in study.stated}
    for cell in dict.fromkeys(each for each in (study.cell, study.to) if each):
        worth, where = accounts.worth[cell], " / ".join(cell)
        columns[f"value: {where}"] = worth.value[rows] / accounts.customers[rows]
        if worth.standard_error is not None:
            columns[f"standard error: {where}"] = worth.standard_error[rows]
    for by, ranked in study.rankings.items():
        columns[f"decile by {by.replace('_', ' ')}"] = ranked.decile[rows]
    return columns


def write_table(study: CustomerStudy, out: Path) -> None:
    """Write the table as a Parquet file, which appears whole or not at all; a table of an earlier study is replaced."""
    require_usable(out)
    with workshop(out) as folder:
        made = folder / "whole"
        write_in_pieces(
            made, len(study.accounts.customers), lambda start, end: table_columns(study, start, end), "customers"
        )
        put(made, out)
