"""How dates are written in the text of a column: which of year, month and day comes first."""

from __future__ import annotations

from typing import Literal

from simengine.portfolio.sql_text import literal

DayOrder = Literal["year-first", "day-first", "month-first"]
FORMS: dict[DayOrder, tuple[str, ...]] = {
    "year-first": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    "day-first": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"),
    "month-first": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
}
EARLIEST, LATEST = 1900, 2200  # years: a date beyond is none that anybody bought on


def day_sql(text: str, order: DayOrder) -> str:
    """SQL of the days since 1970 that a text is, NULL where it is no date. A time of day after a date is left out."""
    date = f"split_part(replace({text}, 'T', ' '), ' ', 1)"
    parsed = f"try_strptime({date}, [{', '.join(map(literal, FORMS[order]))}])"
    return (
        f"CASE WHEN year({parsed}) BETWEEN {EARLIEST} AND {LATEST} THEN CAST({parsed} AS DATE) - DATE '1970-01-01' END"
    )
