"""Periods: their names, and which of them a date is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario.calendar import EXAMPLES, Calendar, spelling

QUARTERS = Calendar(start="2027-Q2", step="quarter", periods=8)
MONTHS = Calendar(start="2027-11", step="month", periods=15)
YEARS = Calendar(start="2027", step="year", periods=3)


def test_labels() -> None:
    assert QUARTERS.labels[:4] == ("2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1")
    assert MONTHS.labels[:4] == ("2027-11", "2027-12", "2028-01", "2028-02")
    assert YEARS.labels == ("2027", "2028", "2029")
    assert len(MONTHS.labels) == 15


@pytest.mark.parametrize(("calendar", "per_year"), [(QUARTERS, 4), (MONTHS, 12), (YEARS, 1)])
def test_lengths(calendar: Calendar, per_year: int) -> None:
    assert calendar.periods_per_year == per_year
    assert calendar.years_per_period == 1 / per_year


@pytest.mark.parametrize(
    ("calendar", "date", "first", "last"),
    [
        (QUARTERS, "2027-Q2", 0, 0),
        (QUARTERS, "2028-Q1", 3, 3),
        (QUARTERS, "2028", 3, 6),
        (MONTHS, "2028-Q1", 2, 4),
        (MONTHS, "2028", 2, 13),
        (MONTHS, "2029-01", 14, 14),
        (YEARS, "2029", 2, 2),
    ],
)
def test_dates(calendar: Calendar, date: str, first: int, last: int) -> None:
    assert (calendar.index(date), calendar.last_index(date)) == (first, last)


@pytest.mark.parametrize(
    ("calendar", "date", "expected"),
    [
        (QUARTERS, "2027-Q1", "from 2027-Q2 to 2029-Q1"),
        (QUARTERS, "2029-Q2", "from 2027-Q2 to 2029-Q1"),
        (QUARTERS, "2027", "from 2027-Q2 to 2029-Q1"),
        (QUARTERS, "2029", "from 2027-Q2 to 2029-Q1"),
        (QUARTERS, "2027-05", "a quarter or longer, such as 2027-Q2"),
        (YEARS, "2027-Q3", "a year or longer, such as 2027"),
        (QUARTERS, "2027-Q5", "a period such as 2027-Q1"),
        (MONTHS, "2027-13", "a period such as 2027-03"),
        (MONTHS, "soon", "a period such as"),
    ],
)
def test_dates_that_are_not_in_the_calendar(calendar: Calendar, date: str, expected: str) -> None:
    for ask in (calendar.index, calendar.last_index):
        with pytest.raises(ValueError, match=expected):
            ask(date)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-03-01", "write 2027-03 or 2027-Q1"),
        ("2027-12-31", "write 2027-12 or 2027-Q4"),
        ("2027Q1", "write 2027-Q1"),
        ("Q3 2027", "write 2027-Q3"),
        ("2027-q2", "write 2027-Q2"),
        ("2027-3", "write 2027-03"),
        ("2027/03", "write 2027-03"),
        ("2027-Q1", ""),
        ("next year", ""),
    ],
)
def test_other_ways_to_write_a_date(written: str, meant: str) -> None:
    assert spelling(written) == meant


@given(st.sampled_from(sorted(EXAMPLES)), st.integers(1900, 2100), st.integers(1, 200))
def test_every_label_is_its_own_period(step: str, year: int, periods: int) -> None:
    calendar = Calendar(start=str(year), step=step, periods=periods)
    assert len(set(calendar.labels)) == periods
    for i, label in enumerate(calendar.labels):
        assert calendar.index(label) == calendar.last_index(label) == i


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2026-Q5", "quarters are Q1 to Q4"),
        ("2026Q12", "quarters are Q1 to Q4"),
        ("2026-13", "months are 01 to 12"),
        ("07/01/2026", ""),
    ],
)
def test_no_period_is_invented_for_what_is_none(text: str, hint: str) -> None:
    assert spelling(text) == hint
