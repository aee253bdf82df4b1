"""How a cell of a customer file is read in SQL: the same text and the same number as when a scenario uses it."""

from __future__ import annotations

_DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d")


def text(position: int) -> str:
    """The text of a column's cell, NULL where it is empty."""
    return f"nullif(c{position}, '')"


def number(position: int) -> str:
    """The finite number in a column's cell, else NULL."""
    return f"CASE WHEN isfinite(n{position}) THEN n{position} END"


def date(text: str) -> str:
    """The day that a text is, in one of the usual ways of writing it, else NULL."""
    forms = ", ".join(f"'{form}'" for form in _DATES)
    return f"TRY_CAST(try_strptime({text}, [{forms}]) AS DATE)"
