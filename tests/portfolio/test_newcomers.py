"""Newcomers: whole ones, as many a year by any calendar, each with an address of its own, and no more than have one."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.luck import newcomer_id, synthetic_id
from simengine.portfolio.newcomers import Cohorts, growing_market, steady_newcomers
from simengine.scenario.calendar import Calendar
from simengine.scenario.problems import ScenarioError
from tests.properties.worlds import market, opened

YEARS = 5
CALENDARS = {
    step: Calendar(start="2026", step=step, periods=YEARS * periods)
    for step, periods in (("month", 12), ("quarter", 4), ("year", 1))
}


@pytest.mark.parametrize("size", [7, 1000.5, 180_000])
@pytest.mark.parametrize("step", CALENDARS)
def test_every_calendar_counts_the_same_newcomers_by_the_end_of_a_year(step: str, size: float) -> None:
    calendar = CALENDARS[step]
    by_year = growing_market(size, 0.07, calendar)[:: calendar.periods_per_year]
    assert by_year.tolist() == [round(size * (1.07**year - 1)) for year in range(YEARS + 1)]
    assert steady_newcomers(13, calendar)[:: calendar.periods_per_year].tolist() == [0, 13, 26, 39, 52, 65]


def test_no_growth_is_nobody() -> None:
    assert growing_market(1e8, 0.0, CALENDARS["month"]).tolist() == [0.0] * (12 * YEARS + 1)


def test_ids_say_period_and_ordinal_and_are_of_a_kind_of_their_own() -> None:
    cohorts = Cohorts("affluent", np.array([0.0, 2.0, 2.0, 5.0]), Calendar(start="2026-Q1", periods=3))
    assert cohorts.arrival.tolist() == [1, 1, 3, 3, 3]
    ids = [newcomer_id("affluent", *address) for address in ((1, 0), (1, 1), (3, 0), (3, 1), (3, 2))]
    assert cohorts.ids.tolist() == ids
    assert {i >> 62 for i in ids} == {2}
    assert synthetic_id("affluent", 0) >> 62 == 1
    assert (ids[0] >> 32) & (2**30 - 1) == (synthetic_id("affluent", 0) >> 32) & (2**30 - 1)
    assert cohorts.labels.tolist()[1:3] == ["affluent@2026-Q1#1", "affluent@2026-Q3#0"]
    for cohort, ordinal in ((1 << 12, 0), (0, 1 << 20)):
        with pytest.raises(ValueError, match="at most"):
            newcomer_id("affluent", cohort, ordinal)


@pytest.mark.parametrize(
    ("segment", "path", "found"),
    [
        ("affluent", "growth", "3,000,000 newcomers in a year"),
        ("signed", "newcomers", "2,000,000 newcomers in a year"),
    ],
)
def test_more_than_have_an_address_are_refused_at_their_place(segment: str, path: str, found: str) -> None:
    document = market()
    document["calendar"] = {"start": "2026", "step": "year", "periods": 1}
    document["allocations"], document["moves"] = {"baseline": {}}, {"quiet": {}}
    if path == "growth":
        document["segments"][segment] |= {"size": 3_000_000, "growth": 1.0}
    else:
        document["segments"][segment][path] = {"per_year": 2_000_000}
    with pytest.raises(ScenarioError) as refused:
        opened(document)
    (problem,) = refused.value.problems
    assert problem.found == found
    assert "1,048,576" in problem.expected
    assert problem.line > 0


def test_a_market_that_outgrows_what_can_be_simulated_is_refused() -> None:
    document = market()
    document["calendar"] |= {"step": "month", "periods": 480}
    document["allocations"], document["moves"] = {"baseline": {}}, {"quiet": {}}
    document["segments"]["signed"]["newcomers"] = {"per_year": 4_000_000}
    with pytest.raises(ScenarioError, match=r"customers at the end.*at most 100,000,000"):
        opened(document)
