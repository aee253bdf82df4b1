"""The rows of a customer file as checked numbers. A cell that is not what it should be is a problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine import luck
from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.population import UNKNOWN_TENURE
from simengine.scenario.problems import ScenarioError, did_you_mean, listed
from simengine.scenario.units import separated

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]

OURS = 0  # index of the company among the suppliers
PER_YEAR = {"a year": 1.0, "a quarter": 4.0, "a month": 12.0}
MONTHS = {"years": 12.0, "quarters": 3.0, "months": 1.0}
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
LONGEST_TENURE = 1200  # months: beyond a century the unit must be wrong
ROUNDING = 1e-3  # by which weights of needs may miss 1 and are made to sum to it


class Customers(NamedTuple):
    """Rows of a customer file in the order of their ids. Axis 0: row. None where no column holds it."""

    labels: NDArray[np.object_]
    ids: NDArray[np.uint64]
    segment: NDArray[np.int32]
    churned: Booleans
    weight: Floats
    supplier: NDArray[np.int32] | None  # index; OURS in contract segments
    revenue: Floats | None  # currency a year
    tenure_months: NDArray[np.int32] | None  # completed months with us, or UNKNOWN_TENURE
    needs: Floats | None  # [row, need], summing to 1 in choice segments
    price_sensitivity: Floats | None
    further: NDArray[np.int32]  # [row, column] position of its text among the column's values


def read_rows(
    scenario: Scenario, table: CustomerTable, further: Sequence[str] = ()
) -> tuple[Customers, dict[str, tuple[str, ...]]]:
    """The rows of `table`, and the values of each `further` column, sorted.

    Raises ScenarioError with every bad cell, located.
    """
    rows = _Rows(scenario, table)
    values = {column: table.values(column) for column in further}
    codes = [table.codes(column, values[column]) for column in further]
    customers = Customers(
        *rows.ids(),
        rows.segment,
        rows.churned,
        rows.weight(),
        rows.supplier,
        rows.revenue(),
        rows.tenure_months(),
        rows.needs(),
        rows.price_sensitivity(),
        np.stack(codes, axis=1) if codes else np.empty((table.rows, 0), dtype=np.int32),
    )
    problems = table.rejected() + rows.bad.problems()
    if problems:
        raise ScenarioError(problems)
    order = np.argsort(customers.ids, kind="stable")
    return Customers._make(None if column is None else column[order] for column in customers), values


class _Rows:
    """Reads one column after the other and collects what is wrong.

    A row that churned needs no revenue, needs or supplier.
    """

    def __init__(self, scenario: Scenario, table: CustomerTable) -> None:
        assert scenario.portfolio is not None
        self.scenario, self.table, self.bad = scenario, table, BadCells(table)
        self.columns, self.mapped = scenario.portfolio.columns, scenario.portfolio.mapped
        self.segment = self._segment()
        self.churned = self._churned()
        dynamics = np.array([each.dynamics == "contract" for each in scenario.segments.values()] + [False])
        self.known = self.segment >= 0
        self.contract = dynamics[self.segment]
        self.present = self.known & ~self.churned
        self.supplier = self._supplier(scenario.suppliers)
        self.ours = self.present if self.supplier is None else self.present & (self.supplier == OURS)

    def ids(self) -> tuple[NDArray[np.object_], NDArray[np.uint64]]:
        """Labels and addresses. Every id occurs once, and no two ids share an address."""
        column = self.mapped["id"]
        labels = self.table.texts(column)
        ids, whole = self.table.integers(column)
        ids = ids.copy()
        ids[~whole] = [luck.file_id(label) for label in labels[~whole]]
        order = np.argsort(ids, kind="stable")
        again = np.zeros(len(ids), dtype=np.bool_)
        again[order[1:]] = ids[order[1:]] == ids[order[:-1]]
        empty = labels == ""
        self.bad.add(empty, column, "an id")
        self.bad.add(again & ~empty, column, "an id that no other row has", self._namesake(labels, ids))
        return labels, ids

    def _namesake(self, labels: NDArray[np.object_], ids: NDArray[np.uint64]) -> Callable[[str], str]:
        def suggestion(text: str) -> str:
            first = int(np.flatnonzero(ids == ids[np.flatnonzero(labels == text)[0]])[0])
            (line, _), *_ = self.table.places([(first, self.mapped["id"])])
            same = labels[first] == text
            return f"line {line} has it" if same else f"the hash is that of '{labels[first]}' in line {line}"

        return suggestion

    def weight(self) -> Floats:
        """How many customers a row stands for: 1 without a column."""
        if "weight" not in self.mapped:
            return np.ones(self.table.rows)
        column = self.mapped["weight"]
        weight = self.table.numbers(column)
        wrong = ~((weight >= 0) & np.isfinite(weight))
        self.bad.add(wrong, column, "a number of customers, 0 or more", _number_hint)
        if self.scenario.simulation.mode == "sampled":
            broken = ~wrong & (weight != np.rint(weight))
            self.bad.add(broken, column, "a whole number in sampled mode", "round it, or use mode: expected")
        return weight

    def revenue(self) -> Floats | None:
        """Currency a year."""
        if self.columns.revenue is None:
            return None
        column = self.mapped["revenue"]
        revenue = self.table.numbers(column)
        wrong = self.present & ~((revenue >= 0) & np.isfinite(revenue))
        self.bad.add(wrong, column, f"revenue {self.columns.revenue.unit}, 0 or more", _number_hint)
        return revenue * PER_YEAR[self.columns.revenue.unit]

    def tenure_months(self) -> NDArray[np.int32] | None:
        """Completed months with us; those of other suppliers' customers are not ours to know."""
        if self.columns.tenure is None:
            return None
        column, unit = self.mapped["tenure"], self.columns.tenure.unit
        # A tenure written in years and rounded to six digits still counts its completed months.
        months = np.floor(self.table.numbers(column) * MONTHS[unit] + 1e-5)
        wanted = self.ours | (self.known & self.contract)
        wrong = wanted & ~((months >= 0) & (months <= LONGEST_TENURE))
        self.bad.add(wrong, column, f"{unit} with us, from 0 to {LONGEST_TENURE / MONTHS[unit]:g}", _number_hint)
        return np.where(wanted & ~wrong, months, UNKNOWN_TENURE).astype(np.int32)

    def needs(self) -> Floats | None:
        """Weights of the needs, summing to 1 in choice segments."""
        if not self.columns.needs:
            return None
        columns = [self.mapped[f"needs.{need}"] for need in self.scenario.needs]
        needs = np.stack([self.table.numbers(column) for column in columns], axis=1)
        wanted = self.present & ~self.contract
        wrong = wanted[:, None] & ~((needs >= 0) & np.isfinite(needs))
        for k, column in enumerate(columns):
            self.bad.add(wrong[:, k], column, "a weight of 0 or more", _number_hint)
        total = needs.sum(axis=1)
        unlike = wanted & ~wrong.any(axis=1) & ~(np.abs(total - 1) <= ROUNDING)
        self.bad.add(
            unlike,
            min(columns, key=self.table.columns.index),
            f"weights of {listed(columns, 'and')} that sum to 1",
            "divide each by their sum",
            found=lambda row: f"a sum of {total[row]:.6g}",
        )
        safe = wanted & ~unlike & ~wrong.any(axis=1)
        return needs / np.where(safe, total, 1.0)[:, None]

    def price_sensitivity(self) -> Floats | None:
        """Utility per relative price difference."""
        if "price_sensitivity" not in self.mapped:
            return None
        column = self.mapped["price_sensitivity"]
        sensitivity = self.table.numbers(column)
        wrong = self.present & ~self.contract & ~((sensitivity >= 0) & np.isfinite(sensitivity))
        self.bad.add(wrong, column, "a price sensitivity, 0 or more", _number_hint)
        return sensitivity

    def _segment(self) -> NDArray[np.int32]:
        names = tuple(self.scenario.segments)
        if "segment" not in self.mapped:
            return np.zeros(self.table.rows, dtype=np.int32)
        codes = self.table.codes(self.mapped["segment"], names)
        self.bad.add(
            codes < 0,
            self.mapped["segment"],
            f"a segment: {listed(names)}",
            lambda text: did_you_mean(text, names),
        )
        return codes

    def _churned(self) -> Booleans:
        if "churned" not in self.mapped:
            return np.zeros(self.table.rows, dtype=np.bool_)
        codes = self.table.codes(self.mapped["churned"], YES + NO, any_case=True)
        self.bad.add(codes < 0, self.mapped["churned"], f"{listed(YES + NO)}")
        return (codes >= 0) & (codes < len(YES))

    def _supplier(self, suppliers: tuple[str, ...]) -> NDArray[np.int32] | None:
        if "supplier" not in self.mapped:
            return None
        column = self.mapped["supplier"]
        codes = self.table.codes(column, (*suppliers, ""))
        codes[self.contract & (codes == len(suppliers))] = OURS  # nothing else is possible there
        for s, (name, segment) in enumerate(self.scenario.segments.items()):
            here = ("us",) if segment.dynamics == "contract" else tuple(j for j in suppliers if j in segment.available)
            possible = np.isin(codes, [suppliers.index(j) for j in here])
            self.bad.add(
                self.present & (self.segment == s) & ~possible,
                column,
                f"a supplier of segment {name}: {listed(here)}",
                partial(did_you_mean, known=here),
            )
        return codes


def _number_hint(text: str) -> str:
    """What to write instead of a cell that looks like a number to a person."""
    plain = text.replace(" ", "").replace("'", "")
    if meant := separated(plain):
        return meant
    if plain.count(",") == 1 and "." not in plain and plain.replace(",", "").lstrip("+-").isdigit():
        return f"write {plain.replace(',', '.')}: a decimal point"
    if plain.strip("%€$£") != text and plain.strip("%€$£").replace(".", "").replace(",", "").isdigit():
        return "write digits only, without signs or separators"
    return ""
