"""The rows of customer files as checked numbers. A cell that is not what it should be is a problem."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.bought import read_bought
from simengine.portfolio.customer_ids import read_ids
from simengine.portfolio.customer_table import TEXT, CustomerTable
from simengine.portfolio.customers import OURS, Booleans, Bought, Customers, FileReading, Floats
from simengine.portfolio.missing_values import Gaps, filled
from simengine.portfolio.number_style import number_hint
from simengine.portfolio.ordering import order_within
from simengine.portfolio.population import UNKNOWN_TENURE
from simengine.portfolio.progress import Progress
from simengine.portfolio.rejects import write_rejects
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.scenario.problems import ScenarioError, counted, did_you_mean, listed
from simengine.scenario.segment import MarkovSegment
from simengine.scenario.suppliers import COMPANY

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

PER_YEAR = {"a year": 1.0, "a quarter": 4.0, "a month": float(MONTHS_PER_YEAR)}
MONTHS = {"years": float(MONTHS_PER_YEAR), "quarters": 3.0, "months": 1.0}
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
LONGEST_TENURE = 1200  # months: beyond a century the unit must be wrong
LARGEST = 1e18  # of a price sensitivity: single precision holds it
ROUNDING = 1e-3  # by which weights of needs may miss 1 and are made to sum to it
_REVENUE, _TENURE, _NEEDS, _SENSITIVITY = range(4)  # which draws fill a cell


def read_rows(
    scenario: Scenario,
    table: CustomerTable,
    further: Sequence[str] = (),
    rejects: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Customers, FileReading]:
    """The rows of `table`, with the texts of the `further` columns.

    Raises ScenarioError with every bad cell, located; the bad rows are written to `rejects` first.
    `progress(done, total)` is called as columns are read.
    """
    rows = _Rows(scenario, table, len(further), progress)
    values = {column: table.values(column) for column in further}
    customers = Customers(
        ids=rows.ids,
        labels=rows.labels(),
        segment=rows.sorted(rows.segment),
        churned=rows.sorted(rows.churned),
        gone=rows.sorted(rows.gone),
        weight=rows.weight,
        supplier=None if rows.supplier is None else rows.sorted(rows.supplier),
        revenue=rows.revenue(),
        tenure_months=rows.tenure_months(),
        tenure_filled=rows.tenure_filled,
        bought=rows.bought(),
        state=rows.state(),
        needs=rows.needs(),
        price_sensitivity=rows.price_sensitivity(),
        further=rows.further(values),
    )
    problems = table.rejected() + rows.bad.problems()
    if problems:
        error = ScenarioError(problems)
        if rejects is not None:
            count = write_rejects(rejects, table, rows.bad)
            error.add_note(f"{counted(count, 'row')} that cannot be used, with the reasons: {rejects}")
        raise error
    table.notices += rows.gaps.notices()
    return customers, FileReading(values, rows.gaps.filled, tuple(table.notices))


class _Rows:
    """Reads one column after the other and collects what is wrong.

    Cells are checked in file order; what is returned is sorted by (segment, gone, supplier, id). A row that churned
    needs no revenue, needs or supplier, and where missing values are filled no tenure.
    """

    def __init__(self, scenario: Scenario, table: CustomerTable, further: int, progress: Progress | None) -> None:
        assert scenario.portfolio is not None
        self.scenario, self.table, self.bad = scenario, table, BadCells(table, rejects=True)
        self.portfolio = scenario.portfolio
        self.columns, self.mapped = self.portfolio.columns, self.portfolio.mapped
        self.tenure_filled: Booleans | None = None
        self._progress, self._done = progress or (lambda done, total: None), 0
        self._total = len(self.mapped) + len(self.columns.needs) + further
        self.segment = self._segment()
        self.churned = self._churned()
        dynamics = np.array([each.dynamics for each in scenario.segments.values()] + ["choice"])[self.segment]
        self.known = self.segment >= 0
        self.choice, self.contract, self.buying, self.markov = (
            dynamics == each for each in ("choice", "contract", "buy-till-you-die", "markov")
        )
        self.present = self.known & ~self.churned
        self.supplier = self._supplier(scenario.suppliers)
        self.ours = self.present if self.supplier is None else self.present & (self.supplier == OURS)
        weight = self._weight()
        self.gone = self.churned | ~(weight > 0)
        self.ids, self._texts = read_ids(table, self.mapped["id"], self.bad)
        self._told(self.ids)
        self.order = order_within(self._group(), self.ids)
        self.ids = self.sorted(self.ids)
        self.weight = self.sorted(weight) if "weight" in self.mapped else weight
        self.gaps = Gaps(scenario, table, self.bad, self.order, self.segment, self.ids, self.weight)

    def sorted(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column of the file in the order of the customers."""
        return column[self.order]

    def labels(self) -> NDArray[Any]:
        """The ids as the file writes them; to be asked for once."""
        texts, self._texts = self._texts, None
        return self.ids.astype(TEXT) if texts is None else self.sorted(texts)

    def _group(self) -> NDArray[np.integer]:
        """(Segment, gone, supplier) of each row as one number."""
        suppliers = len(self.scenario.suppliers) + 2  # nobody's and none that is known, too
        size = 2 * suppliers * (len(self.scenario.segments) + 1)
        group: NDArray[Any] = self.segment.astype(np.int16 if size <= np.iinfo(np.int16).max else np.int32)
        group *= 2
        group += self.gone
        if self.supplier is not None:
            group *= suppliers
            group += self.supplier
        return group

    def revenue(self) -> Floats | None:
        """Currency a year."""
        if self.columns.revenue is None:
            return None
        column, unit = self.mapped["revenue"], self.columns.revenue.unit
        revenue = self._numbers(column)
        wanted = self.present & ~self.buying & ~self.markov
        wrong = wanted & ~((revenue >= 0) & np.isfinite(revenue))
        revenue = self._checked(column, _REVENUE, revenue, wanted, wrong, f"revenue {unit}, 0 or more")
        revenue *= PER_YEAR[unit]
        return revenue

    def tenure_months(self) -> NDArray[np.int16] | None:
        """Completed months with us; those of other suppliers' customers are not ours to know."""
        if self.columns.tenure is None:
            return None
        column, unit = self.mapped["tenure"], self.columns.tenure.unit
        # A tenure written in years and rounded to six digits still counts its completed months.
        months = np.floor(self._numbers(column) * MONTHS[unit] + 1e-5)
        wanted = self.ours | (self.known & self.contract)
        wrong = wanted & ~((months >= 0) & (months <= LONGEST_TENURE))
        expected = f"{unit} with us, from 0 to {LONGEST_TENURE / MONTHS[unit]:g}"
        fill = self.gaps.to_fill(column, wrong)
        if fill.any():
            wrong &= ~fill | self.ours  # who has left needs none: it would only serve the estimate of hazards
            self.tenure_filled = self.sorted(fill & self.ours)
        months = np.floor(self._checked(column, _TENURE, months, self.ours, wrong, expected))
        sound = self.sorted(wanted) & (months >= 0) & (months <= LONGEST_TENURE)
        return np.where(sound, months, UNKNOWN_TENURE).astype(np.int16)

    def bought(self) -> Bought | None:
        """What customers who buy till they are gone have bought; 0 of all others."""
        wanted = self.present & self.buying
        if not wanted.any():
            return None
        told = read_bought(self.columns, wanted, self._numbers, self.bad)
        return Bought._make(self.sorted(column) for column in told)

    def state(self) -> NDArray[np.int16] | None:
        """The position of each customer's state among those of its markov segment."""
        if self.columns.state is None or not self.markov.any():
            return None
        state = np.zeros(self.table.rows, np.int16)
        for s, (name, segment) in enumerate(self.scenario.segments.items()):
            if isinstance(segment, MarkovSegment):
                here, known = self.present & (self.segment == s), tuple(segment.states)
                codes = self.table.codes(self.columns.state, known)
                expected = f"a state of segment {name}: {listed(known)}"
                self.bad.add(here & (codes < 0), self.columns.state, expected, partial(did_you_mean, known=known))
                state[here] = np.maximum(codes[here], 0)
        return self.sorted(self._told(state))

    def needs(self) -> NDArray[np.float32] | None:
        """Weights of the needs, summing to 1 in choice segments; 0 where nobody needs them."""
        if not self.columns.needs:
            return None
        units = {need: self.columns.needs[need].unit for need in self.scenario.needs}
        columns = {need: self.mapped[f"needs.{need}"] for need in units}
        wanted = self.present & self.choice
        total = np.zeros(self.table.rows)
        wrong_rows, empty = np.zeros_like(wanted), np.zeros_like(wanted)
        for need, column in columns.items():
            weight = self._weights(column, units[need])
            wrong = wanted & ~((weight >= 0) & np.isfinite(weight))
            fill = self.gaps.to_fill(column, wrong)
            self.bad.add(wrong & ~fill, column, "a weight of 0 or more", number_hint)
            wrong_rows |= wrong & ~fill
            empty |= fill
            total += weight
        empty &= ~wrong_rows
        complete = wanted & ~wrong_rows & ~empty
        unlike = complete & ~self._sums(total)
        sums = {row: f"a sum of {total[row]:.6g}" for row in np.flatnonzero(unlike).tolist()}
        first = min(columns.values(), key=self.table.columns.index)
        together = listed(columns.values(), "and")
        self.bad.add(
            unlike,
            first,
            f"weights of {together} that {'are not all 0' if self.portfolio.normalise else 'sum to 1'}",
            "" if self.portfolio.normalise else "divide each by their sum, or state portfolio.normalise: true",
            found=sums.__getitem__,
        )
        complete &= ~unlike
        total[~complete] = 1.0
        plan = self.gaps.plan(first, _NEEDS, empty, complete)
        needs = np.empty((self.table.rows, len(columns)), dtype=np.float32)
        for k, (need, column) in enumerate(columns.items()):
            weight = self._weights(column, units[need])
            weight /= total
            weight[~complete] = 0.0
            needs[:, k] = filled(plan, self.sorted(weight), self.weight)
        return needs

    def price_sensitivity(self) -> NDArray[np.float32] | None:
        """Utility per relative price difference."""
        if "price_sensitivity" not in self.mapped:
            return None
        column = self.mapped["price_sensitivity"]
        sensitivity = self._numbers(column)
        wanted = self.present & self.choice
        wrong = wanted & ~((sensitivity >= 0) & (sensitivity <= LARGEST))
        expected = "a price sensitivity, 0 or more"
        sensitivity = self._checked(column, _SENSITIVITY, sensitivity, wanted, wrong, expected)
        return np.where(sensitivity <= LARGEST, sensitivity, 0.0).astype(np.float32)

    def further(self, values: dict[str, tuple[str, ...]]) -> NDArray[np.int32]:
        """Positions of the texts of further columns among their values."""
        codes = np.empty((self.table.rows, len(values)), dtype=np.int32)
        for k, (column, known) in enumerate(values.items()):
            codes[:, k] = self.sorted(self._told(self.table.codes(column, known)))
        return codes

    def _weight(self) -> Floats:
        """How many customers a row stands for: 1 without a column."""
        if "weight" not in self.mapped:
            return np.broadcast_to(np.ones(1), self.table.rows)  # of no size
        column = self.mapped["weight"]
        weight = self._numbers(column)
        wrong = ~((weight >= 0) & np.isfinite(weight))
        self.bad.add(wrong, column, "a number of customers, 0 or more", number_hint)
        if self.scenario.simulation.mode == "sampled":
            broken = ~wrong & (weight != np.rint(weight))
            self.bad.add(broken, column, "a whole number in sampled mode", "round it, or use mode: expected")
        return weight

    def _segment(self) -> NDArray[np.int16]:
        names = tuple(self.scenario.segments)
        if "segment" not in self.mapped:
            return np.zeros(self.table.rows, dtype=np.int16)
        column = self.mapped["segment"]
        codes = self._told(self.table.codes(column, names)).astype(np.int16)
        self.bad.add(codes < 0, column, f"a segment: {listed(names)}", partial(did_you_mean, known=names))
        return codes

    def _churned(self) -> Booleans:
        if "churned" not in self.mapped:
            return np.zeros(self.table.rows, dtype=np.bool_)
        codes = self._told(self.table.codes(self.mapped["churned"], YES + NO, any_case=True))
        self.bad.add(codes < 0, self.mapped["churned"], f"{listed(YES + NO)}")
        return (codes >= 0) & (codes < len(YES))

    def _supplier(self, suppliers: tuple[str, ...]) -> NDArray[np.int8] | None:
        if "supplier" not in self.mapped:
            return None
        column = self.mapped["supplier"]
        codes = self._told(self.table.codes(column, (*suppliers, ""))).astype(np.int8)
        codes[self.known & ~self.choice & (codes == len(suppliers))] = OURS  # nothing else is possible there
        for s, (name, segment) in enumerate(self.scenario.segments.items()):
            here = tuple(j for j in suppliers if j in segment.available) if segment.dynamics == "choice" else (COMPANY,)
            possible = np.isin(codes, [suppliers.index(j) for j in here])
            self.bad.add(
                self.present & (self.segment == s) & ~possible,
                column,
                f"a supplier of segment {name}: {listed(here)}",
                partial(did_you_mean, known=here),
            )
        return codes

    def _told(self, column: NDArray[Any]) -> NDArray[Any]:
        """The column; progress is told that it was read."""
        self._done += 1
        self._progress(self._done, self._total)
        return column

    def _numbers(self, column: str) -> Floats:
        return self._told(self.table.numbers(column))

    def _weights(self, column: str, unit: str) -> Floats:
        """Weights of a need as fractions."""
        weights = self._told(self.table.numbers(column, percent=unit == "percent"))
        if unit == "percent":
            weights /= 100
        return weights

    def _sums(self, total: Floats) -> Booleans:
        """Which sums of weights will do."""
        if self.portfolio.normalise:
            return (total > 0) & np.isfinite(total)
        return np.abs(total - 1) <= ROUNDING

    def _checked(
        self, column: str, draws: int, values: Floats, wanted: Booleans, wrong: Booleans, expected: str
    ) -> Floats:
        """The values, sorted; where they are `wrong` filled if nothing stands there and the scenario says so."""
        fill = self.gaps.to_fill(column, wrong)
        self.bad.add(wrong & ~fill, column, expected, number_hint)
        plan = self.gaps.plan(column, draws, fill, wanted & ~wrong)
        return filled(plan, self.sorted(values), self.weight)
