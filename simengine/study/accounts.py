"""Our customers as accounts: what each brings and costs a year, what it is worth, what else is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.sql_text import connect, file_literal, quoted
from simengine.results.statement import Statement, statement_of
from simengine.tables.layout import PRESENCE
from simengine.valuation.by_line import LINES

if TYPE_CHECKING:
    from simengine.results.run import Run

Floats = NDArray[np.float64]
Cell = tuple[str, str]  # allocation, move
TEXT = np.dtypes.StringDType()
_AT_ONCE = 1 << 16  # rows


@dataclass(frozen=True)
class Categories:
    """What sorts customers: the name that each has, and all names."""

    code: NDArray[np.integer[Any]]  # [N] position among the names
    names: tuple[str, ...]


@dataclass(frozen=True)
class Worth:
    """What rows are worth in a cell, in the mean of replications."""

    value: Floats  # [N] currency, of all customers that the row stands for, as present customers
    standard_error: Floats | None  # [N] of the value per customer; nan of who is ours in one replication; None: unknown
    future: dict[str, float]  # by segment: value of whoever is not ours at the opening, currency
    by_line: Floats  # [S, L] value of all customers of each segment, line by line, see `LINES`; currency


@dataclass(frozen=True)
class Accounts:
    """N rows, each of at least a part of a customer that is ours at the opening."""

    ids: NDArray[Any]  # [N] texts
    customers: Floats  # [N] how many the row stands for; a part of one is a share of replications
    segment: Categories
    lines: dict[str, Floats]  # [N] of the yearly statement, per customer, see `Statement`
    known: dict[str, Floats]  # [N] what else is known of a customer as a number
    sorts: dict[str, Categories] = field(default_factory=dict)  # and as a name, besides its segment
    worth: dict[Cell, Worth] = field(default_factory=dict)

    @property
    def profit(self) -> Floats:
        """[N] economic profit per customer, currency a year."""
        return self.lines["economic_profit"]

    def per_customer(self, cell: Cell) -> Floats:
        """[N] value per customer, while it is ours at the opening; currency."""
        return np.asarray(self.worth[cell].value / self.customers)


def accounts_of_run(run: Run, cells: Iterable[Cell]) -> Accounts:
    """The accounts of a run that keeps the values of single customers in the `cells`."""
    population, ledger, axes = run.portfolio.population, run.ledger, run.tables.axes
    replications = ledger.count.shape[1]
    present = ledger.customer_present / (ledger.count_scale * replications)
    rows = np.flatnonzero(present > 0.0)
    lines = statement_of(run)
    known = {f"need {need}": population.needs[rows, k].astype(np.float64) for k, need in enumerate(axes.needs)}
    if axes.needs:
        known["price_sensitivity"] = population.price_sensitivity[rows].astype(np.float64)
    grid = ledger.money_scale * replications
    worth: dict[Cell, Worth] = {}
    by_line = run.value_by_line
    for cell in cells:
        column = ledger.customer_cells.index(axes.cells.index(cell))
        value = ledger.customers.in_cells(slice(column, column + 1)).value(0, len(ledger.customers))[..., 0]
        squares = getattr(ledger.customers, "squares", None)
        error = None
        if squares is not None and replications > 1:
            there = ledger.customer_present[rows] / ledger.count_scale
            error = _standard_error(
                value[0, rows] / ledger.money_scale, squares[rows, column], ledger.money_scale, there
            )
        future = np.bincount(population.segment, value[1] / grid, minlength=len(axes.segments))
        later = dict(zip(axes.segments, future.tolist(), strict=True))
        worth[cell] = Worth(
            value[0, rows] / grid, error, later, by_line[axes.cells.index(cell)].mean(axis=0).sum(axis=1)
        )
    return Accounts(
        population.labels[rows],
        present[rows],
        Categories(population.segment[rows], axes.segments),
        {name: line[rows] for name, line in lines._asdict().items()},
        known,
        worth=worth,
    )


def _by_line(folder: Path, cell: Cell, segments: tuple[str, ...]) -> Floats:
    """[S, L] value of each segment's customers by line, in the mean over replications."""
    import xarray

    with xarray.open_dataset(folder / "results.nc", engine="h5netcdf") as dataset:
        found = dataset["customers_value_by_line"].sel(
            allocation=cell[0], move=cell[1], segment=list(segments), line=list(LINES)
        )
        by_segment = found.transpose("replication", "segment", "presence", "line").to_numpy()
    return np.asarray(by_segment.mean(axis=0).sum(axis=1))


def _standard_error(total: Floats, squares: Floats, scale: float, there: Floats) -> Floats:
    """[N] of the mean over the independent replications in which a customer is ours at the opening, `there` [N]; from
    the sum over them, currency, and that of squares. That it is worth nothing to us in the others says how often it is
    ours, and not what it is worth then."""
    spread = np.maximum(squares / scale / scale - total * total / there, 0.0)
    variance = np.divide(spread, there * (there - 1.0), out=np.full(len(there), np.nan), where=there > 1.0)
    return np.asarray(np.sqrt(variance))


def accounts_of_folder(folder: Path, cells: Iterable[Cell]) -> Accounts:
    """The accounts of the customers in a run's folder; KeyError names a column or variable that it does not have."""
    with connect(threads=1) as connection:
        table = f"read_parquet({file_literal(folder / 'customers.parquet')})"
        columns = connection.execute(f"SELECT * FROM {table} LIMIT 0").description or []
        names = [name for name, *_ in columns]
        ours = f"FROM {table} WHERE present > 0"

        def numbers(column: str, source: str = ours) -> Floats:
            if column not in names:
                raise KeyError(column)
            found = connection.execute(f"SELECT {quoted(column)}::DOUBLE AS value {source}").fetchnumpy()
            return np.ma.filled(np.ma.asarray(found["value"], dtype=np.float64), np.nan)

        customers = numbers("present")
        segments = tuple(
            n for (n,) in connection.execute(f"SELECT DISTINCT segment FROM {table} ORDER BY 1").fetchall()
        )
        code = "list_position([" + ", ".join("?" for _ in segments) + "], segment) - 1"

        def codes(source: str) -> NDArray[np.int64]:
            found = connection.execute(f"SELECT ({code})::INTEGER AS value {source}", list(segments)).fetchnumpy()
            return np.asarray(found["value"], dtype=np.int64)

        everybody = codes(f"FROM {table}")
        worth = {}
        for cell in cells:
            present, future = (f"value {presence}: {' / '.join(cell)}" for presence in PRESENCE)
            later = np.bincount(everybody, numbers(future, f"FROM {table}"), minlength=len(segments))
            future_of = dict(zip(segments, later.tolist(), strict=True))
            worth[cell] = Worth(numbers(present), None, future_of, _by_line(folder, cell, segments))
        known = [name for name in names if name.startswith("need ")]
        known += ["price_sensitivity"] if known else []
        ids = np.empty(len(customers), dtype=TEXT)
        at, rows = 0, connection.execute(f"SELECT customer {ours}")
        while some := rows.fetchmany(_AT_ONCE):
            ids[at : at + len(some)] = [text for (text,) in some]
            at += len(some)
        return Accounts(
            ids, customers, Categories(codes(ours), segments), {name: numbers(name) for name in Statement._fields},
            {name: numbers(name) for name in known}, worth=worth,
        )  # fmt: skip
