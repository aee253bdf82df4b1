"""Which of the suggested columns a draft scenario can use, so that it can be run; and why not the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simengine.portfolio.customer_table import CustomerTable
from simengine.scenario.problems import counted, have, listed
from simengine.scenario.rules.names import KEYWORDS, MOST_RIVALS
from simengine.scenario.suppliers import COMPANY, OUTSIDE
from simengine.survey.book import Book, Group, read_book
from simengine.survey.column import Column
from simengine.survey.role import Suggestion

MOST_SEGMENTS = 24  # of a draft that a person still reads


def plan(
    table: CustomerTable,
    columns: Sequence[Column],
    suggestions: Sequence[Suggestion],
    market: Mapping[str, float] | None = None,
) -> Book:
    """The book that a draft is written from. All customers choose in a `market`, {supplier: share}, that is assumed
    where no column says who chose which supplier."""
    by_name = {c.name: c for c in columns if c.unique_name}
    used = {s.role: s for s in suggestions}
    sorting = by_name[used["segment"].columns[0]] if "segment" in used else None
    too_many = sorting is not None and sorting.distinct > MOST_SEGMENTS
    book = read_book(table, columns, {role: s for role, s in used.items() if role != "segment" or not too_many})
    if sorting is not None and too_many:
        book.used["segment"] = used["segment"]
        book.drop("segment", f"{sorting.distinct:,} different values are too many; all are one segment")
    for role in ("churned", "weight"):
        if role in used and by_name[used[role].columns[0]].missing + by_name[used[role].columns[0]].unlike:
            book = read_book(table, columns, {r: s for r, s in book.used.items() if r != role})
            book.used[role] = used[role]
            book.drop(role, "some rows have none")
    _suppliers(book)
    if "supplier" not in book.used:
        book.market = market or {}
    _segments(book)
    _each_customer(book, by_name)
    return book


def choosing(book: Book, group: Group) -> bool:
    """Whether customers of a segment choose among suppliers: some are ours, and some are not."""
    return bool(book.market) or ("supplier" in book.used and 0 < group.ours < group.customers)


def _suppliers(book: Book) -> None:
    """Suppliers are used if everybody has one, we are among them, and there are not too many."""
    if "supplier" not in book.used:
        return
    known = {name for group in book.groups for name in group.suppliers}
    rivals = known - {COMPANY, OUTSIDE}
    why = (
        "customers without a supplier: write `none` for those who buy nowhere" if "" in known
        else f"none of its values is `{COMPANY}`" if COMPANY not in known
        else "all customers are ours" if known == {COMPANY}
        else f"{counted(len(rivals), 'rival')}, and a market has at most {MOST_RIVALS}" if len(rivals) > MOST_RIVALS
        else ""
    )  # fmt: skip
    if why:
        book.drop("supplier", f"{why}; all are taken as ours")
        book.merge_suppliers()


def _segments(book: Book) -> None:
    """Segments are used if each has a name of its own and customers of ours."""
    if "segment" not in book.used:
        return
    named = [group.name for group in book.groups]
    nobody = [group.name for group in book.groups if not group.ours > 0]
    reserved = [name for name in named if name in KEYWORDS]
    why = (
        "some rows have none" if "" in named
        else f"{listed(reserved, 'and')} cannot be the name of a segment" if reserved
        else f"no customers of ours in {listed(nobody, 'and')}" if nobody
        else ""
    )  # fmt: skip
    if why:
        book.drop("segment", f"{why}; all are one segment")
        book.merge()


def _each_customer(book: Book, columns: Mapping[str, Column]) -> None:
    """Tenure, revenue and price sensitivity are used if every customer who needs them has them.

    The mean of the segment may stand for the last two where a cell is empty; a tenure would mislead the hazard.
    """
    without = {"tenure": 0.0, "revenue": 0.0, "price_sensitivity": 0.0}
    for group in book.groups:
        chooses = choosing(book, group)
        for c in group.strata:
            if c.months is None and (not chooses or (c.supplier == COMPANY and not c.left)):
                without["tenure"] += c.customers
            if not c.left:
                without["revenue"] += c.without_revenue
                without["price_sensitivity"] += c.without_sensitivity if chooses else 0
    for role, customers in without.items():
        if customers and role != "tenure" and _may_be_mean(book, role, columns):
            book.missing = True
            rows = round(customers)
            told = f"{counted(rows, 'row')} {have(rows)} no {role}"
            book.unsure.append(f"{told}: the mean of {'its' if rows == 1 else 'their'} segment stands for it")
        elif customers:
            book.drop(role, f"{counted(round(customers), 'customer')} {have(round(customers))} none")
    if "revenue" in book.used and not all(group.mean_revenue > 0 for group in book.groups):
        book.drop("revenue", "nobody pays anything in some segment")
    if not any(choosing(book, group) for group in book.groups):
        book.used.pop("price_sensitivity", None)
        book.drop("needs", "no column says who chose which supplier, so nobody chooses in this draft")


def _may_be_mean(book: Book, role: str, columns: Mapping[str, Column]) -> bool:
    """Whether a column has nothing worse than empty cells, and a number for somebody in every segment."""
    if role not in book.used or "id" not in book.used:
        return False
    column = columns[book.used[role].columns[0]]
    if column.unlike or column.numbers is None or column.numbers.negative:
        return False
    return all(any(c.has(role) for c in group.present) for group in book.groups)
