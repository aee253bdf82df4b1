"""One column of a customer file: its kind, and how its cells are distributed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from simengine.portfolio.customer_table import NOTHING, CustomerTable
from simengine.portfolio.sql_text import literal
from simengine.survey import cell
from simengine.survey.names import means_id

Kind = Literal["id", "category", "number", "date", "flag", "text", "empty"]

YES_NO = frozenset({"yes", "no", "true", "false", "1", "0", "y", "n", "t", "f"})
BARS = 20  # of a histogram
MOST_CATEGORIES = 50  # distinct texts of a column that sorts customers rather than describing each
TOP = 8  # most frequent texts that are told; a market has at most as many suppliers
MOST_COUNTED = 100_000  # distinct texts of a column whose most frequent are looked for
LOOKED_AT = 1000  # cells that say whether a column may hold dates
MOSTLY = 0.9  # of the filled cells, for a column with a few unlike


@dataclass(frozen=True)
class Numbers:
    """How the numbers of a column are distributed. Means are rounded to nine digits: sums differ in the last ones."""

    whole: bool
    negative: int  # cells below 0
    minimum: float
    quartiles: tuple[float, float, float]
    mean: float | None  # None beyond what a float holds
    maximum: float
    histogram: tuple[int, ...]  # cells in equal steps from the minimum to the maximum; empty for a constant


@dataclass(frozen=True)
class Column:
    """A column and what its cells hold. Cells of blanks alone are missing, and so is n/a or the like among numbers."""

    position: int  # from 0, in the file's order
    name: str  # as in the header, "" where that is blank
    unique_name: bool  # whether a scenario can name it
    kind: Kind
    rows: int
    filled: int
    distinct: int
    unlike: int  # cells that are not of the column's kind
    numbers: Numbers | None  # of kinds number, and of ids and flags that are written in digits
    days: tuple[str, str] | None  # first and last
    top: tuple[tuple[str, int], ...]  # the most frequent texts and how many rows have them; none of an id

    @property
    def missing(self) -> int:
        return self.rows - self.filled

    @property
    def shown(self) -> str:
        """What it is called in messages."""
        return f"column {self.name or self.position + 1}"

    @property
    def tells_apart(self) -> bool:
        """Whether each row has another value."""
        return self.distinct == self.filled == self.rows


def survey_column(table: CustomerTable, position: int) -> Column:
    """Reads the column at a position."""
    name, nothing = table.columns[position], ", ".join(map(literal, NOTHING))
    (figures,) = table.query(
        f"SELECT count(v), count(DISTINCT hash(v)), count(n), bool_and(n = trunc(n)), count(*) FILTER (n < 0), "
        f"count(v) FILTER (lower(v) IN ({nothing})), count(DISTINCT v) FILTER (lower(v) IN ({nothing})), "
        f"min(n), max(n), avg(n), quantile_cont(n, [0.25, 0.5, 0.75]) "
        f"FROM (SELECT {cell.text(position)} AS v, {cell.number(position)} AS n FROM customers)"
    )
    filled, distinct, numeric, whole, negative, without, ways, low, high, mean, quartiles = figures
    dated, first, last = _days(table, position) if numeric < MOSTLY * filled else (0, "", "")
    top = _top(table, position) if distinct <= TOP or distinct < min(filled, MOST_COUNTED) else ()
    kind = _kind(name, filled, distinct, numeric, bool(whole), dated, top, without)
    if kind == "number":  # words such as n/a say there that no value is known; elsewhere they are texts
        filled, distinct = filled - without, distinct - ways
        top = tuple((text, count) for text, count in top if text.lower() not in NOTHING)
    numbers = None
    if numeric and numeric >= MOSTLY * filled:
        numbers = Numbers(
            whole=bool(whole), negative=negative, minimum=low, quartiles=tuple(quartiles),
            mean=float(f"{mean:.9g}") if math.isfinite(mean) else None,
            maximum=high, histogram=_histogram(table, position, low, high),
        )  # fmt: skip
    return Column(
        position, name, bool(name) and table.columns.count(name) == 1, kind, table.rows, filled, distinct,
        unlike=filled - numeric if kind == "number" else filled - dated if kind == "date" else 0,
        numbers=numbers,
        days=(first, last) if kind == "date" else None,
        top=() if kind == "id" else top,
    )  # fmt: skip


def _kind(
    name: str, filled: int, distinct: int, numeric: int, whole: bool, dated: int, top: tuple[tuple[str, int], ...],
    without: int,
) -> Kind:  # fmt: skip
    """`numeric` and `dated` of the filled cells are such, `without` are words that say that there is no value."""
    if not filled:
        return "empty"
    words = {text.lower() for text, _ in top}
    if len(words) == 2 and words <= YES_NO and distinct == len(top):
        return "flag"
    if means_id(name) and (numeric < filled or whole) and distinct > min(MOST_CATEGORIES, filled / 2):
        return "id"
    if numeric and numeric >= MOSTLY * (filled - without):
        return "number"
    if dated >= MOSTLY * filled:
        return "date"
    if distinct == filled > 1:
        return "id"
    return "category" if distinct <= MOST_CATEGORIES else "text"


def _days(table: CustomerTable, position: int) -> tuple[int, str, str]:
    """How many cells are dates, the first and the last. A column whose first cells are none is not read further."""
    cells = f"SELECT {cell.text(position)} AS v FROM customers WHERE {cell.text(position)} IS NOT NULL"
    ((some, dated),) = table.query(f"SELECT count(v), count({cell.date('v')}) FROM ({cells} LIMIT {LOOKED_AT})")
    if dated < some / 2:
        return 0, "", ""
    (found,) = table.query(
        f"SELECT count(d), min(d)::VARCHAR, max(d)::VARCHAR FROM (SELECT {cell.date('v')} AS d FROM ({cells}))"
    )
    return int(found[0]), found[1], found[2]


def _top(table: CustomerTable, position: int) -> tuple[tuple[str, int], ...]:
    rows = table.query(
        f"SELECT v, count(*) AS rows FROM (SELECT {cell.text(position)} AS v FROM customers) "
        f"WHERE v IS NOT NULL GROUP BY v ORDER BY rows DESC, v LIMIT {TOP}"
    )
    return tuple((str(value), int(count)) for value, count in rows)


def _histogram(table: CustomerTable, position: int, low: float, high: float) -> tuple[int, ...]:
    if not (low < high and math.isfinite(high - low) and (high - low) / BARS > 0):
        return ()
    rows = table.query(
        f"SELECT least(floor((n - {low!r}::DOUBLE) / {high - low!r}::DOUBLE * {BARS}), {BARS - 1})::INTEGER AS bar, "
        f"count(*) FROM (SELECT {cell.number(position)} AS n FROM customers) WHERE n IS NOT NULL "
        f"GROUP BY bar ORDER BY bar"
    )
    counts = dict(rows)
    return tuple(int(counts.get(bar, 0)) for bar in range(BARS))
