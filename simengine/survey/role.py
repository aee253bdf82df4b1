"""What the columns of a customer file may hold for a scenario, each guess with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from simengine.portfolio.customer_rows import LONGEST_TENURE, MONTHS, NO, YES
from simengine.scenario.problems import counted, have, listed
from simengine.scenario.suppliers import COMPANY
from simengine.survey import names
from simengine.survey.column import Column, Numbers

Confidence = Literal["high", "medium", "low"]
LARGEST_AMOUNT = 1e12  # money: beyond, a column does not hold what a customer pays
LONGEST_IN_YEARS = 50  # years that a column of years with a customer may reach before it must be months


@dataclass(frozen=True)
class Suggestion:
    """A column (or, for needs, several) that may play a role in a scenario's `portfolio`."""

    role: str  # as under portfolio.columns
    columns: tuple[str, ...]
    unit: str | None  # of revenue and tenure
    confidence: Confidence
    reason: str
    unsure: str = ""  # what a person should decide


def suggest(columns: Sequence[Column]) -> list[Suggestion]:
    """At most one suggestion for each role but the needs, which take a look at the rows."""
    named = [column for column in columns if column.unique_name]
    guesses: list[Suggestion] = []
    taken: set[str] = set()
    for guess in (_id, _churned, _supplier, _tenure, _sensitivity, _revenue, _weight, _segment):
        found = guess([column for column in named if column.name not in taken])
        if found is not None:
            guesses.append(found)
            taken.update(found.columns)
    return guesses


def _best(columns: Sequence[Column], score: Callable[[Column], float]) -> Column | None:
    """The column of the highest score above 0, the first of several."""
    best = max(columns, key=score, default=None)
    return best if best is not None and score(best) > 0 else None


def _by_name(columns: Sequence[Column], vocabulary: Mapping[str, int]) -> Column | None:
    return _best(columns, lambda column: names.score(column.name, vocabulary))


def _sure(score: float, enough: float = 4) -> Confidence:
    return "high" if score >= enough else "medium" if score >= 2 else "low"


def _id(columns: Sequence[Column]) -> Suggestion | None:
    def score(column: Column) -> float:
        written_like_an_id = column.numbers is None or column.numbers.whole
        if not (column.tells_apart and written_like_an_id) or names.score(column.name, names.REVENUE) > 0:
            return 0
        return 1 + names.score(column.name, names.ID) + (column.kind == "id") + (column.position == 0)

    best = _best(columns, score)
    if best is None:
        return None
    clue = names.score(best.name, names.ID) > 0
    return Suggestion(
        "id", (best.name,), None, "high" if clue else "medium" if best.kind == "id" else "low",
        f"{counted(best.rows, 'row')}, {counted(best.distinct, 'different value')}, none missing",
        "" if clue else "its name does not say that it is an id",
    )  # fmt: skip


def _churned(columns: Sequence[Column]) -> Suggestion | None:
    flags = [c for c in columns if c.kind == "flag" and {text.lower() for text, _ in c.top} <= {*YES, *NO}]
    best = _by_name(flags, names.CHURNED)
    if best is None:
        return None
    left = sum(count for text, count in best.top if text.lower() in YES)
    return Suggestion(
        "churned", (best.name,), None, _sure(names.score(best.name, names.CHURNED)),
        f"yes or no by its name; {left:,} of {best.filled:,} {have(left)} left", _missing(best),
    )  # fmt: skip


def _supplier(columns: Sequence[Column]) -> Suggestion | None:
    def score(column: Column) -> float:
        if column.kind != "category" or column.distinct < 2:
            return 0
        ours = any(text == COMPANY for text, _ in column.top)
        return 10 * ours + names.score(column.name, names.SUPPLIER)

    best = _best(columns, score)
    if best is None:
        return None
    if score(best) >= 10:
        return Suggestion("supplier", (best.name,), None, "high", f"`{COMPANY}` is one of its values", _missing(best))
    return Suggestion(
        "supplier", (best.name,), None, "low", "its name",
        f"none of its values is `{COMPANY}`: write `{COMPANY}` for your own customers and `none` for those who buy "
        "nowhere, and inspect the file again",
    )  # fmt: skip


def _tenure(columns: Sequence[Column]) -> Suggestion | None:
    best = _by_name([c for c in columns if c.kind == "number" and _within(c, LONGEST_TENURE)], names.TENURE)
    if best is None or best.numbers is None or names.score(best.name, names.TENURE) < 2:
        return None
    unit, longest = names.unit(best.name, names.TENURE_UNIT), best.numbers.maximum
    told = unit is not None
    if unit is None:
        unit = "months" if longest > LONGEST_IN_YEARS else "years"
    if longest * MONTHS[unit] > LONGEST_TENURE:
        return None
    why = f"{unit} by its name" if told else f"{unit} because the longest is {longest:g}"
    unsure = "" if told else f"years or months? The name does not say; the longest is {longest:g}"
    return Suggestion(
        "tenure", (best.name,), unit, "high" if told else "medium" if unit == "months" else "low",
        f"its name; {why}", _joined(unsure, _missing(best)),
    )  # fmt: skip


def _revenue(columns: Sequence[Column]) -> Suggestion | None:
    def score(column: Column) -> float:
        if column.kind != "number" or not _within(column, LARGEST_AMOUNT) or not column.numbers:
            return 0
        return names.score(column.name, names.REVENUE) - 3 * bool(names.words(column.name) & names.RUNNING_TOTAL)

    best = _best([c for c in columns if c.numbers and c.numbers.maximum > 0], score)
    if best is None:
        return None
    unit = names.unit(best.name, names.REVENUE_UNIT)
    unsure = "" if unit else "a year, a month or a quarter? The name does not say"
    return Suggestion(
        "revenue", (best.name,), unit or "a year", _sure(score(best)) if unit else "low",
        f"its name; {unit or 'a year'} {'by its name' if unit else 'is usual'}", _joined(unsure, _missing(best)),
    )  # fmt: skip


def _sensitivity(columns: Sequence[Column]) -> Suggestion | None:
    best = _by_name([c for c in columns if c.kind == "number" and _within(c, 100)], names.SENSITIVITY)
    if best is None:
        return None
    return Suggestion("price_sensitivity", (best.name,), None, "medium", "its name", _missing(best))


def _weight(columns: Sequence[Column]) -> Suggestion | None:
    def score(column: Column) -> float:
        counts = column.kind == "number" and _within(column, 1e7) and not all_fractions(column)
        positive = counts and column.numbers is not None and column.numbers.minimum > 0
        return names.score(column.name, names.WEIGHT) if positive else 0

    best = _best(columns, score)
    if best is None:
        return None
    return Suggestion(
        "weight", (best.name,), None, "low", "its name", _joined("how many customers a row stands for?", _missing(best))
    )


def all_fractions(column: Column) -> bool:
    """Whether all of a column's numbers lie between 0 and 1, as weights of needs do."""
    n = column.numbers
    return n is not None and not column.unlike and n.minimum >= 0 and n.maximum <= 1


def _segment(columns: Sequence[Column]) -> Suggestion | None:
    def score(column: Column) -> float:
        sorts = column.kind in ("category", "flag", "text") or (column.kind == "number" and column.distinct <= 12)
        return names.score(column.name, names.SEGMENT) if sorts and column.distinct > 1 else 0

    best = _best(columns, score)
    if best is None:
        return None
    others = [c.name for c in columns if c is not best and c.kind == "category" and 1 < c.distinct <= 12]
    unsure = f"{listed(others[:4])} could sort them too" if others else ""
    return Suggestion(
        "segment", (best.name,), None, _sure(score(best)),
        f"its name; {best.distinct:,} different values", _joined(_missing(best), unsure),
    )  # fmt: skip


def _within(column: Column, most: float) -> bool:
    n: Numbers | None = column.numbers
    return n is not None and n.minimum >= 0 and n.maximum <= most


def _missing(column: Column) -> str:
    without = column.missing + column.unlike
    return f"{counted(without, 'row')} {have(without)} none" if without else ""


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
