"""A file of purchases rather than customers: an id in many rows, dates and amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from simengine.portfolio.customer_table import CustomerTable
from simengine.scenario.problems import counted
from simengine.scenario.time_units import DAYS_PER_YEAR
from simengine.survey import cell, names
from simengine.survey.column import Column


@dataclass(frozen=True)
class PurchaseLog:
    """What a log of purchases says of its customers."""

    column: str  # of the id that rows repeat
    customers: int
    revenue: float | None  # of a customer, money a year; None where no amounts or dates are known
    reason: str  # how that was found


def purchase_log(table: CustomerTable, columns: Sequence[Column]) -> PurchaseLog | None:
    """The log that a file is if it has an id, but one that several rows have; else None."""
    ids = [c for c in columns if c.kind == "id"]
    repeated = [c for c in ids if not c.missing and c.distinct < c.rows]
    if not repeated or any(c.tells_apart for c in ids):
        return None
    column = repeated[0]
    revenue, reason = _revenue(table, columns, column.distinct)
    return PurchaseLog(column.shown, column.distinct, revenue, reason)


def _revenue(table: CustomerTable, columns: Sequence[Column], customers: int) -> tuple[float | None, str]:
    amounts = [c for c in columns if c.kind == "number" and c.numbers and c.numbers.minimum >= 0]
    amount = max(amounts, key=lambda c: names.score(c.name, names.REVENUE), default=None)
    days = next((c.days for c in columns if c.days), None)
    if amount is None or days is None or not names.score(amount.name, names.REVENUE):
        return None, ""
    years = (date.fromisoformat(days[1]) - date.fromisoformat(days[0])).days / DAYS_PER_YEAR
    if years <= 0:
        return None, ""
    ((money,),) = table.query(f"SELECT sum({cell.number(amount.position)}) FROM customers")
    mean = float(f"{money / customers / years:.9g}")
    return (
        (mean, f"a year: mean of {counted(customers, 'customer')} in {years:.2f} years")
        if 0 < mean < 1e12
        else (None, "")
    )
