"""What a customer file says of each segment that a draft could have: the customers, whose they are, how they leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from simengine.portfolio.customer_rows import LONGEST_TENURE, MONTHS, PER_YEAR, YES
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.hazard import NoEstimate, estimate_hazard
from simengine.portfolio.sql_text import literal
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.scenario.suppliers import COMPANY
from simengine.survey import cell
from simengine.survey.column import Column
from simengine.survey.role import Suggestion

EVERYBODY = "customers"  # the only segment where no column sorts them


class Stratum(NamedTuple):
    """The rows that have a segment, a supplier, a tenure and a fate in common; weights are counted."""

    segment: str
    supplier: str
    left: bool
    months: int | None  # completed, None where the file does not say or says what cannot be
    customers: float
    known: float  # customers whose revenue the file holds
    revenue: float  # of those, money a year
    squares: float  # sum of squares of revenue, times weight
    rows: int
    without_revenue: int  # rows
    without_sensitivity: int

    def has(self, role: str) -> bool:
        """Whether the revenue or the price sensitivity of some row is known."""
        return self.rows > (self.without_revenue if role == "revenue" else self.without_sensitivity)


@dataclass(frozen=True)
class Group:
    """The customers of one segment, as the file has them."""

    name: str
    strata: tuple[Stratum, ...]

    @property
    def present(self) -> tuple[Stratum, ...]:
        """Who has not left."""
        return tuple(c for c in self.strata if not c.left)

    @property
    def customers(self) -> float:
        return sum(c.customers for c in self.present)

    @property
    def left(self) -> float:
        return sum(c.customers for c in self.strata if c.left)

    @property
    def mean_revenue(self) -> float:
        """Of present customers whose revenue is known, money a year; 0 where it is of nobody."""
        known = sum(c.known for c in self.present)
        return sum(c.revenue for c in self.present) / known if known else 0.0

    @property
    def variation(self) -> float:
        """Coefficient of variation of revenue between present customers."""
        if self.mean_revenue <= 0:
            return 0.0
        known = sum(c.known for c in self.present)
        relative = sum(c.squares for c in self.present) / known / self.mean_revenue**2
        return float(max(0.0, relative - 1) ** 0.5)

    @property
    def suppliers(self) -> dict[str, float]:
        """Present customers by supplier, in the order of the names."""
        found: dict[str, float] = {}
        for c in sorted(self.present, key=lambda c: c.supplier):
            found[c.supplier] = found.get(c.supplier, 0.0) + c.customers
        return found

    @property
    def ours(self) -> float:
        return self.suppliers.get(COMPANY, 0.0)

    @property
    def years(self) -> float:
        """Tenure of all together."""
        return sum(c.customers * c.months for c in self.strata if c.months is not None) / MONTHS_PER_YEAR

    def estimates_hazard(self) -> bool:
        """Whether the hazard of leaving by tenure can be estimated from these customers."""
        known = [c for c in self.strata if c.months is not None]
        try:
            estimate_hazard(
                np.array([c.months for c in known], dtype=np.int32),
                np.array([c.left for c in known], dtype=np.bool_),
                np.array([c.customers for c in known], dtype=np.float64),
            )
        except NoEstimate:
            return False
        return True


@dataclass
class Book:
    """The segments of a draft, the columns that it uses, and what else a person should know of it."""

    groups: tuple[Group, ...]
    used: dict[str, Suggestion]  # by role
    unsure: list[str] = field(default_factory=list)
    missing: bool = False  # whether cells without a value take the mean of their segment
    normalise: bool = False  # whether weights of needs have to be made to sum to 1
    needs: Mapping[str, str] = field(default_factory=dict)  # {need: column}; empty: named as their columns are
    market: Mapping[str, float] = field(default_factory=dict)  # shares, assumed where no column says who chose whom

    def drop(self, role: str, why: str) -> None:
        """Leave a column out of the draft."""
        if role in self.used:
            self.unsure.append(f"column {', '.join(self.used.pop(role).columns)} is not used as {role}: {why}")

    def merge(self) -> None:
        """One segment of all."""
        self.groups = (Group(EVERYBODY, tuple(c for group in self.groups for c in group.strata)),)

    def merge_suppliers(self) -> None:
        """All customers ours."""
        self.groups = tuple(
            Group(group.name, tuple(c._replace(supplier=COMPANY) for c in group.strata)) for group in self.groups
        )


def read_book(table: CustomerTable, columns: Iterable[Column], used: Mapping[str, Suggestion]) -> Book:
    """The book of a file by the columns that are `used`. A row without a supplier's column is ours."""
    position = {c.name: c.position for c in columns if c.unique_name}

    def text(role: str) -> str:
        return cell.text(position[used[role].columns[0]])

    def value(role: str) -> str:
        return cell.number(position[used[role].columns[0]]) if role in used else "NULL::DOUBLE"

    segment = f"coalesce({text('segment')}, '')" if "segment" in used else literal(EVERYBODY)
    supplier = f"coalesce({text('supplier')}, '')" if "supplier" in used else literal(COMPANY)
    yes = ", ".join(map(literal, YES))
    left = f"coalesce(lower({text('churned')}) IN ({yes}), false)" if "churned" in used else "false"
    per_year = PER_YEAR[used["revenue"].unit or "a year"] if "revenue" in used else 1.0
    months = MONTHS[used["tenure"].unit or "years"] if "tenure" in used else 1.0
    weight = f"coalesce({value('weight')}, 0)" if "weight" in used else "1.0::DOUBLE"
    rows = table.query(
        f"""SELECT segment, supplier, gone, CASE WHEN months BETWEEN 0 AND {LONGEST_TENURE} THEN months::INTEGER END,
            sum(weight), coalesce(sum(weight) FILTER (revenue IS NOT NULL), 0),
            coalesce(sum(weight * revenue), 0), coalesce(sum(weight * revenue * revenue), 0),
            count(*), count(*) - count(revenue), count(*) - count(sensitivity)
        FROM (SELECT {segment} AS segment, {supplier} AS supplier, {left} AS gone,
            floor({value("tenure")} * {months} + 1e-5) AS months, {weight} AS weight,
            CASE WHEN {value("revenue")} >= 0 THEN {value("revenue")} * {per_year} END AS revenue,
            CASE WHEN {value("price_sensitivity")} >= 0 THEN 1 END AS sensitivity
        FROM customers) GROUP BY ALL ORDER BY ALL"""
    )
    strata = [Stratum(*row) for row in rows]
    groups = {name: tuple(c for c in strata if c.segment == name) for name in dict.fromkeys(c.segment for c in strata)}
    return Book(tuple(Group(name, members) for name, members in groups.items()), dict(used))
