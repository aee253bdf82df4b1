"""Files that are named on the command line with their columns, opened as customer files are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_rows import NO, YES
from simengine.portfolio.customer_table import CustomerTable
from simengine.scenario.customers import files_of_name, not_a_file
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed

EVERYBODY = "customers"  # the only segment, or cohort, where no column sorts them


def open_file(
    path: Path, columns: Mapping[str, str] | None, numbers: Collection[str] = (), what: str = "a file of evidence"
) -> CustomerTable:
    """The table of a file, or of the files of a name with wildcards; close it.

    `columns` are those that will be read, {role: name in the file}, None for all; `numbers` are roles that hold
    numbers; `what` it is that such a file would be. Raises ScenarioError for files that cannot be read or have no rows.
    """
    files = files_of_name(path, Path()) or [path]
    if not_a_file(files[0]) == "no such file":
        names = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        raise ScenarioError([Problem(str(path), 0, 0, "no such file", what, did_you_mean(path.name, names))])
    wanted = None if columns is None else set(columns.values())
    held = None if columns is None else {columns[role] for role in numbers if role in columns}
    table = CustomerTable(files, [str(file) for file in files], wanted=wanted, numbers=held)
    if not table.rows:
        with table:
            nothing = Problem(str(path), 1, 1, "no rows", "a header and at least one row below it")
            raise ScenarioError(table.rejected() or [nothing])
    return table


def codes_of(
    table: CustomerTable, bad: BadCells, columns: Mapping[str, str], role: str
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """The position of each row's text among those of a role's column, and these, sorted; an empty cell is bad.

    Without such a column all rows are of `EVERYBODY`.
    """
    if role not in columns:
        return np.zeros(table.rows, dtype=np.intp), (EVERYBODY,)
    texts = table.values(columns[role])
    codes = table.codes(columns[role], texts).astype(np.intp)
    if "" in texts:
        bad.add(codes == texts.index(""), columns[role], f"a {role}")
    return codes, texts


def flags_of(table: CustomerTable, bad: BadCells, column: str) -> NDArray[np.bool_]:
    """[row] cells of yes and no; any other is bad."""
    codes = table.codes(column, YES + NO, any_case=True)
    bad.add(codes < 0, column, listed(YES + NO))
    return np.asarray((codes >= 0) & (codes < len(YES)))


def column_positions(table: CustomerTable, columns: Mapping[str, str]) -> dict[str, int]:
    """Where the columns stand, by role. Raises ScenarioError for those that the file has not, or has twice."""
    problems = []
    free = [name for name in table.columns if name not in columns.values()]
    for role, name in columns.items():
        if (count := table.columns.count(name)) != 1:
            found = f"'{name}' for {role}, {'the name of several columns' if count else 'which is no column'}"
            expected = f"one of its columns: {', '.join(table.columns)}"
            hint = "rename one of them" if count else did_you_mean(name, free)
            problems.append(Problem(table.shown, 1, 1, found, expected, hint))
    if problems:
        raise ScenarioError(problems)
    return {role: table.columns.index(name) for role, name in columns.items()}
