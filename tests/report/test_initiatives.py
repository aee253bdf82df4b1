"""The chart of initiatives."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from simengine.report.initiatives import bar, period_of, said
from simengine.report.terminal import PIPED_WIDTH, print_timeline
from tests.report.test_terminal import summary

LABELS = tuple(f"{year}-Q{quarter}" for year in (2027, 2028) for quarter in (1, 2, 3, 4))


def at(p10: float | None, p50: float | None, p90: float | None) -> dict[str, float | None]:
    return {"p10": p10, "p50": p50, "p90": p90}


def one(
    start: dict[str, float | None],
    finish: dict[str, float | None],
    end: dict[str, float | None] | None = None,
    **shares: float,
) -> dict[str, Any]:
    """`end` where not all that ends is completed."""
    return {"start": start, "finish": finish, "end": end or finish, "completed": 1.0, "cancelled": 0.0, **shares}


CERTAIN = one(at(0, 0, 0), at(2, 2, 2))
UNCERTAIN = one(at(2, 2, 3), at(3.5, 4.2, None), at(3.5, 4.2, 6), completed=0.8, cancelled=0.2)


def printed(initiatives: dict[str, Any] | None) -> str:
    out = io.StringIO()
    document = summary() | ({} if initiatives is None else {"initiatives": initiatives})
    print_timeline(document, LABELS, Console(file=out, width=PIPED_WIDTH, highlight=False))
    return out.getvalue()


def test_a_row_says_when_and_how_likely() -> None:
    text = printed({"baseline": {}, "built [all]": {"clean_up": CERTAIN, "view": UNCERTAIN}})
    rows = [line.split() for line in text.splitlines()]
    assert ["built", "[all]"] in rows
    assert ["clean_up", "██······", "2027-Q1", "2027-Q2", "100%", "0%"] in rows
    assert " ".join(rows[6]) == "view ··███░·· 2027-Q3 (2027-Q3 - 2027-Q4) 2028-Q1 (2027-Q4 - never) 80% 20%"
    assert not any("baseline" in row for row in rows)


def test_what_begins_first_is_the_first_row() -> None:
    built = {
        "a": one(at(3, 3, 3), at(5, 5, 5)),
        "b": one(at(None, None, None), at(None, None, None), at(1, 1, 1)),
        "c": one(at(0, 0, 0), at(3, 3, 3)),
        "d": one(at(0, 0, 0), at(2, 2, 2)),
    }
    assert [line.split()[0] for line in printed({"built": built}).splitlines()[5:9]] == ["d", "c", "a", "b"]


def test_nothing_is_said_of_giving_up_where_nothing_is_given_up() -> None:
    assert "given" not in printed({"built": {"clean_up": CERTAIN}})


def test_without_initiatives_it_says_so() -> None:
    assert printed(None) == "No allocation has initiatives.\n"


@pytest.mark.parametrize(
    ("time", "end", "label"),
    [
        (0.0, 0, "2027-Q1"), (0.0, 1, "2027-Q1"), (0.99, 0, "2027-Q1"), (1.0, 0, "2027-Q2"), (1.0, 1, "2027-Q1"),
        (1.01, 1, "2027-Q2"), (8.0, 1, "2028-Q4"), (8.0, 0, "later"), (8.01, 1, "later"), (None, 1, "never"),
    ],
)  # fmt: skip
def test_times_are_said_as_periods(time: float | None, end: int, label: str) -> None:
    assert period_of(time, LABELS, end) == label


def test_quantiles_in_one_period_are_said_once() -> None:
    assert said(at(0.1, 0.5, 0.9), LABELS, 1) == "2027-Q1"
    assert said(at(0.1, 1.5, 9), LABELS, 1) == "2027-Q2 (2027-Q1 - later)"


def test_a_bar_has_a_sign_for_several_periods_of_a_long_calendar() -> None:
    assert bar(one(at(0, 0, 0), at(5, 7, 20)), 30, 3) == "███░░░░···"
    assert bar(one(at(None, None, None), at(None, None, None), at(1, 2, 3)), 4, 1) == "····"
    assert bar(one(at(1, 1, 1), at(2, None, None), at(2, 3, 3)), 4, 1) == "·██·"
    assert bar(one(at(1, None, None), at(2, None, None), at(2, 3, 3)), 4, 1) == "·░░·"
