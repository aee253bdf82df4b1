"""Columns that are weights of needs: they sum to 1 in every row."""

from __future__ import annotations

from collections.abc import Sequence

from simengine.portfolio.customer_rows import ROUNDING
from simengine.portfolio.customer_table import CustomerTable
from simengine.survey import cell
from simengine.survey.column import Column
from simengine.survey.role import Suggestion, all_fractions

MOST_COLUMNS = 60  # that are tried, so that a file of a thousand fractions is surveyed in time


def suggest_needs(table: CustomerTable, columns: Sequence[Column]) -> Suggestion | None:
    """The longest run of neighbouring columns whose fractions sum to 1 in every row; None where there is none.

    Means must sum to 1 before any row is read. Columns of yes and no are left out: of marks that sort customers one
    is 1 in every row too.
    """
    fractions = [c for c in columns if c.unique_name and c.kind == "number" and not c.missing and all_fractions(c)]
    fractions = fractions[:MOST_COLUMNS]
    for length in range(len(fractions), 1, -1):
        for first in range(len(fractions) - length + 1):
            run = fractions[first : first + length]
            mean = sum(c.numbers.mean or 0.0 for c in run if c.numbers)
            if abs(mean - 1) <= ROUNDING and _sum_to_one(table, run):
                return Suggestion(
                    "needs", tuple(c.name for c in run), None, "medium",
                    "they sum to 1 in every row",
                    "are these the weights of what customers need?",
                )  # fmt: skip
    return None


def _sum_to_one(table: CustomerTable, run: Sequence[Column]) -> bool:
    total = " + ".join(cell.number(c.position) for c in run)
    ((off,),) = table.query(f"SELECT max(abs({total} - 1)) FROM customers")
    return off is not None and off <= ROUNDING / 2


def need_names(columns: Sequence[str]) -> dict[str, str]:
    """A need's name for each of its columns: what is left without the beginning that all share."""
    shared = 0
    while len({name[: shared + 1] for name in columns}) == 1 and shared < min(map(len, columns)):
        shared += 1
    shared = max((i + 1 for i in range(shared) if columns[0][i] in "_ .-"), default=0)
    short = [name[shared:] for name in columns]
    return dict(zip(short if all(short) else columns, columns, strict=True))
