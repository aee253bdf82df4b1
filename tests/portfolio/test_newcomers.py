"""Newcomers: whole ones, as many a year by any calendar, each with an address of its own, and no more than have one."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.luck import newcomer_id, synthetic_id
from simengine.portfolio.newcomers import Cohorts, growing_market, steady_newcomers
from simengine.portfolio.prospects import spread_sources
from simengine.scenario.calendar import Calendar
from simengine.scenario.problems import ScenarioError
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import live, market, opened

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


def test_any_run_of_newcomers_resembles_the_whole_market() -> None:
    """However few come in a period: their mean is that of the customers of today to within what whole ones allow."""
    features, weight = np.arange(100.0)[:, None], np.repeat([1.0, 3.0], 50)
    mean = float((features[:, 0] * weight).sum() / weight.sum())
    for seed in range(8):
        came = features[spread_sources(7, 400, features, weight, seed), 0]
        runs = [came[first : first + 24].mean() for first in range(376)]
        assert max(abs(run - mean) for run in runs) < 5  # of 24 drawn at random: about 15
        assert abs(came.mean() - mean) < 0.5
    starts = {int(spread_sources(7, 1, features, weight, seed)[0]) for seed in range(8)}
    assert len(starts) > 4


def test_a_row_of_weight_n_is_resembled_like_n_rows() -> None:
    features, weight = np.array([[3.0], [1.0], [2.0]]), np.array([1.0, 2.0, 1.0])
    source = spread_sources(7, 200, features, weight, 1)
    copies = np.array([1.0, 3.0, 1.0, 2.0])
    assert np.array_equal(copies[spread_sources(7, 200, copies[:, None], np.ones(4), 1)], features[source, 0])
    assert np.abs(np.bincount(source) - [50, 100, 50]).max() <= 2


@pytest.mark.parametrize("drawn", [True, False])
def test_the_same_newcomers_have_come_by_the_end_of_a_year_in_any_calendar(drawn: bool) -> None:
    revenue = []
    for step, periods in (("month", 24), ("quarter", 8), ("year", 2)):
        document = market() if drawn else file_market()
        document["calendar"] = {"start": "2026", "step": step, "periods": periods}
        document["allocations"], document["moves"] = {"baseline": {}}, {"quiet": {}}
        document["segments"]["affluent"]["growth"] = 0.3
        population = opened(document, "" if drawn else text_of(rows_of()))[1].population
        came = population.arrival > 0
        there = (population.segment == 0) & ~came
        assert set(population.revenue[came]) <= set(population.revenue[there])
        revenue.append(population.revenue[came].tolist())
    assert revenue[0] == revenue[1] == revenue[2]


def test_the_seed_makes_little_difference_to_the_value_of_a_growing_market() -> None:
    """Six newcomers a quarter, in expected mode: 0.4% here, and 1.5% if every newcomer is drawn afresh."""
    document = market(customer_values=False)
    document["allocations"], document["moves"] = {"baseline": {}}, {"quiet": {}}
    document["segments"] = {"mass": document["segments"]["mass"] | {"growth": 0.15, "needs_spread": 0}}
    document["levers"], document["company"]["overhead"] = {}, 0
    del document["offers"]["neo"]["segments"]
    values = []
    for seed in range(8):
        document["simulation"]["seed"] = seed
        values.append(float(live(document).enterprise_value[0, 0]))
    assert np.std(values) / np.mean(values) < 0.008
