"""A purchase log as days of purchase by customer: what counts as a purchase, and what is wrong with the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.histories import Customers
from simengine.calibration.maximum import Floats
from simengine.calibration.only import only_customers
from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.day_order import FORMS, DayOrder, day_sql
from simengine.portfolio.named_file import EVERYBODY, codes_of, column_positions, open_file
from simengine.portfolio.number_style import number_hint
from simengine.scenario.problems import Problem, ScenarioError, counted

_FIRST_DAY = date(1970, 1, 1)


class PurchaseLog(NamedTuple):
    """Days on which customers bought. Customers are sorted by id; days by customer, then day."""

    labels: NDArray[Any]  # [customer] id
    segments: tuple[str, ...]
    segment: NDArray[np.int64]  # [customer] which of them
    first: NDArray[np.int64]  # [customer] position of its first day
    customer: NDArray[np.int64]  # [day of purchase]
    day: NDArray[np.int64]  # [day of purchase] since 1970
    money: Floats | None  # [day of purchase] of all its purchases, less what was returned since
    last_day: int  # of the log
    rows: int
    notices: tuple[str, ...]

    def by(self, until: int, unit_days: float) -> tuple[NDArray[np.intp], Customers]:
        """Who has bought by the end of a day, and their histories, times in units of so many days."""
        acquired = self.day[self.first]
        who = np.flatnonzero(acquired <= until)
        repeat = (self.day <= until) & (self.day > acquired[self.customer])
        count = np.bincount(self.customer[repeat], minlength=len(self.labels))
        last = acquired.copy()
        np.maximum.at(last, self.customer[repeat], self.day[repeat])
        spend = np.zeros(len(self.labels))
        if self.money is not None:
            total = np.bincount(self.customer[repeat], self.money[repeat], minlength=len(self.labels))
            spend = total / np.maximum(count, 1)
        customers = Customers(
            purchases=count[who].astype(np.float64),
            last_purchase=(last - acquired)[who] / unit_days,
            observed=(until - acquired)[who] / unit_days,
            spend=spend[who],
            acquired=acquired[who],
        )
        return who, customers


def day_text(day: int) -> str:
    """A day since 1970 as people write it."""
    return (_FIRST_DAY + timedelta(days=int(day))).isoformat()


def day_number(day: date) -> int:
    """A day as days since 1970."""
    return (day - _FIRST_DAY).days


def read_log(
    path: Path, columns: Mapping[str, str], *, only: Path | None = None, order: DayOrder | None = None
) -> PurchaseLog:
    """Read a purchase log. `columns` name those of the file by role: customer, date, perhaps money and segment.

    `only` names a file with the customers to keep. Raises ScenarioError with every bad row, located.
    """
    with open_file(path, columns, numbers=("money",)) as table:
        at = column_positions(table, columns)
        order = order or _order(table, columns["date"])
        _require_usable(table, columns, order)
        rows = _rows_sql(at, order)
        notices = list(table.notices)
        ((last_day,),) = table.query(f"SELECT max(day) FROM ({rows}) WHERE money >= 0")
        if only is not None:
            labels = table.arrays(f"SELECT DISTINCT label FROM ({rows})")["label"]
            kept, more = only_customers(only, columns["customer"], labels)
            notices += more
            table.hold("kept", {"label": kept})
            rows += " WHERE label IN (SELECT label FROM kept)"
        found, names = table.arrays(_days_sql(rows)), table.arrays(_customers_sql(rows))
        count, more = _said(table, rows, "money" in at)
        notices += more
    starts = np.flatnonzero(np.diff(found["customer"], prepend=-1))
    days = found["day"].astype(np.int64)
    if not len(days) or days.min() == days.max():
        said = f"purchases of a single day, {day_text(int(days[0]))}" if len(days) else "no purchases"
        raise ScenarioError([Problem(str(path), 0, 0, said, "purchases of several days")])
    segments, segment = np.unique(names["segment"].astype(str), return_inverse=True)
    several = int((names["segments"] > 1).sum())
    if several:
        notices.append(f"{counted(several, 'customer')} with purchases in several segments: that of the first is taken")
    return PurchaseLog(
        labels=names["label"],
        segments=tuple(map(str, segments)),
        segment=segment.astype(np.int64),
        first=starts,
        customer=found["customer"].astype(np.int64),
        day=days,
        money=found["money"].astype(np.float64) if "money" in at else None,
        last_day=int(last_day),  # of all customers: who is kept may have bought nothing then
        rows=count,
        notices=tuple(notices),
    )


def _order(table: CustomerTable, column: str) -> DayOrder:
    """How dates are written: the order in which most cells are dates. Raises ScenarioError if two would do."""
    dated = {order: table.days(column, order) for order in FORMS}
    counts = {order: int(is_date.sum()) for order, (_, is_date) in dated.items()}
    best = max(counts, key=lambda order: counts[order])
    days, months = dated["day-first"][0], dated["month-first"][0]
    if best != "year-first" and counts["day-first"] == counts["month-first"]:
        differing = np.flatnonzero(days != months)
        if len(differing):
            row = int(differing[0])
            ((place,), (text,)) = table.places([(row, column)]), table.cells(column, [row])
            found = f"'{text}', which is {day_text(int(days[row]))} or {day_text(int(months[row]))}"
            expected, hint = "dates that can be read in one way only", "say --dates day-first or --dates month-first"
            raise ScenarioError(
                [Problem(place.file, place.line, place.column, found, expected, hint, f"column {column}")]
            )
    return best


def _require_usable(table: CustomerTable, columns: Mapping[str, str], order: DayOrder) -> None:
    """Raises ScenarioError with every cell that cannot be used."""
    bad = BadCells(table)
    bad.add(table.missing(columns["customer"]), columns["customer"], "the id of a customer")
    codes_of(table, bad, columns, "segment")
    _, is_date = table.days(columns["date"], order)
    others: dict[str, str] = {}
    for other in FORMS:
        if other != order:
            days, readable = table.days(columns["date"], other)
            for row in np.flatnonzero(readable & ~is_date)[:50]:
                others.setdefault(table.cells(columns["date"], [int(row)])[0], day_text(int(days[row])))
    written = f"a date written {order.replace('-', ' ')}, as {int(is_date.sum()):,} others are"
    bad.add(~is_date, columns["date"], written, lambda text: f"write {others[text]}" if text in others else "")
    if "money" in columns:
        money = table.numbers(columns["money"])
        bad.add(~np.isfinite(money), columns["money"], "an amount of money", number_hint)
    if problems := table.rejected() + bad.problems():
        raise ScenarioError(problems)


def _rows_sql(at: Mapping[str, int], order: DayOrder) -> str:
    """SQL of the rows: label of the customer, day, money and segment."""
    money = f"n{at['money']}" if "money" in at else "0.0::DOUBLE"
    segment = f"c{at['segment']}" if "segment" in at else f"'{EVERYBODY}'"
    day = day_sql(f"c{at['date']}", order)
    columns = f"c{at['customer']} AS label, {day} AS day, {money} AS money, {segment} AS segment"
    return f"SELECT * FROM (SELECT {columns} FROM customers)"


def _days_sql(rows: str) -> str:
    """SQL of days of purchase: position of the customer in the order of labels, day, money of the day."""
    return f"""
        WITH log AS ({rows}),
        bought AS (SELECT label, day, sum(money) AS money FROM log WHERE money >= 0 GROUP BY ALL),
        returned AS (SELECT label, day, sum(money) AS money FROM log WHERE money < 0 GROUP BY ALL),
        taken AS (SELECT r.label, b.day, sum(r.money) AS money
            FROM returned r ASOF JOIN bought b ON r.label = b.label AND r.day >= b.day GROUP BY ALL),
        net AS (SELECT b.label, b.day, b.money + coalesce(t.money, 0) AS money
            FROM bought b LEFT JOIN taken t ON b.label = t.label AND b.day = t.day)
        SELECT dense_rank() OVER (ORDER BY label) - 1 AS customer, day, money FROM net ORDER BY customer, day"""


def _customers_sql(rows: str) -> str:
    """SQL of the customers with a purchase, in the order of labels: label, segment of the first purchase, segments."""
    return f"""
        SELECT label, first(segment ORDER BY day, segment) AS segment, count(DISTINCT segment) AS segments
        FROM ({rows}) WHERE money >= 0 GROUP BY label ORDER BY label"""


def _said(table: CustomerTable, rows: str, money: bool) -> tuple[int, list[str]]:
    """How many rows there are, and what was done with some that may surprise."""
    ((count, days, returns, copies, free, first),) = table.query(
        f"""WITH log AS ({rows}), begun AS (SELECT label, min(day) AS begin FROM log WHERE money >= 0 GROUP BY label)
        SELECT count(*), count(DISTINCT (label, day)) FILTER (money >= 0), count(*) FILTER (money < 0),
            count(*) - (SELECT count(*) FROM (SELECT DISTINCT * FROM log)), count(*) FILTER (money = 0),
            count(*) FILTER (money < 0 AND (begin IS NULL OR day < begin)) FROM log LEFT JOIN begun USING (label)"""
    )
    notices = []
    if merged := count - returns - days:
        notices.append(f"{counted(merged, 'row')} of a day on which the customer bought already: one purchase a day")
    if copies:
        alike = "customer, date and money" if money else "customer and date"
        repeat = "row repeats" if copies == 1 else "rows repeat"
        notices.append(f"{copies:,} {repeat} the {alike} of another: counted, too; if they are copies, take them out")
    for number, what in (
        (returns - first, "no purchase, but taken off the money of the customer's purchase before"),
        (first, "of what was bought before the log begins, left out"),
    ):
        if number:
            are = "is a return" if number == 1 else "are returns"
            notices.append(f"{counted(number, 'row')} below 0 {are}: {what}")
    if free and money:
        notices.append(f"{counted(free, 'row')} of no money: {'a purchase' if free == 1 else 'purchases'} like others")
    return int(count), notices
