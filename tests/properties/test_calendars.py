"""The same scenario by month, quarter and year: today is the same, and what follows differs by as little as stated.

Differences are of first order in the length of a period: a customer reviews at most once in it, moves at its beginning,
and pays for all of it.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.properties.worlds import Document, Lived, live, market

YEARS = 8
PERIODS = {"month": 12, "quarter": 4, "year": 1}  # a year


def scenario(step: str, *, timing: str = "mid", newcomers: bool = False, **company: Any) -> Document:
    """Choice and contract segments, levers with carry-over, dated moves; eight years by some calendar.

    Dates are quarters or years: a calendar of months reads them as their first or last month.
    """
    document = deepcopy(market(customer_values=False))
    document["calendar"] = {"start": "2026", "step": step, "periods": YEARS * PERIODS[step]}
    document["company"] |= {"timing": timing, "residual": {"method": "fade", "years": 6}} | company
    segments = document["segments"]
    segments["affluent"] |= {"review": 0.3, "churn": 0.1, "stages": {"years": [1, 3]}}
    segments["mass"] |= {"review": 0.25, "churn": 0.08, "share_trend": {"us": -0.02}}
    if newcomers:
        segments["affluent"]["growth"] = 0.05
        segments["signed"]["newcomers"] = {"per_year": 12}
    document["allocations"] = {
        "baseline": {},
        "grow": {
            "advisers": {"affluent": 9000, "mass": 3000},
            "outreach": {"from": "2027", "affluent": 6000, "mass": 3000},
            "care": {"from": "2028", "until": "2030", "signed": 3000},
        },
    }
    document["moves"] = {
        "quiet": {},
        "attack": [
            {"who": "atlas", "at": "2027", "until": "2029", "change": {"price": -0.12, "service": 1}},
            {"at": "2028", "change": {"review": 0.4, "hazard": 0.5, "cost": 0.1}},
        ],
    }
    return document


@cache
def lived(step: str, timing: str = "mid", newcomers: bool = False) -> Lived:
    return live(scenario(step, timing=timing, newcomers=newcomers))


def at_year_ends(of: Lived) -> np.ndarray:
    """[C, years + 1, S, J] customers."""
    return of.customers[:, 0, :: of.tables.axes.periods_per_year]


@pytest.mark.parametrize("step", ["month", "year"])
def test_today_is_the_same_by_any_calendar(step: str) -> None:
    """Customers, shares, churn and revenue are reproduced; inertia and stages differ, as they are per period."""
    by_quarter, other = lived("quarter").opening, lived(step).opening
    np.testing.assert_allclose(other.shares, by_quarter.shares, atol=1e-9)
    np.testing.assert_allclose(other.churn, by_quarter.churn, atol=1e-9)
    np.testing.assert_allclose(other.revenue, by_quarter.revenue, rtol=1e-9)
    np.testing.assert_allclose(at_year_ends(lived(step))[:, 0], at_year_ends(lived("quarter"))[:, 0], atol=1e-4)


@pytest.mark.parametrize(("step", "of_the_market"), [("month", 0.002), ("year", 0.008)])
def test_customers_agree_at_year_ends(step: str, of_the_market: float) -> None:
    """Measured: 0.0015 and 0.0065 of a segment. A customer reviews at most once a period, and levers act from a
    period's beginning, so that a longer period answers a little earlier. Under contract hazards add up: nothing."""
    by_quarter, other = at_year_ends(lived("quarter")), at_year_ends(lived(step))
    size = by_quarter[0, 0].sum(axis=-1)[:, None]
    apart = np.abs(other - by_quarter) / size
    assert apart.max() <= of_the_market
    assert apart[:, :, 2].max() <= 1e-5


@pytest.mark.parametrize(("step", "while_nobody_acts", "elsewhere"), [("month", 0.0003, 0.01), ("year", 0.0015, 0.035)])
def test_value_per_share_agrees(step: str, while_nobody_acts: float, elsewhere: float) -> None:
    """With money in the middle of a period. Measured: 0.01 % and 0.06 % while nobody acts; up to 0.7 % and 2.8 % of the
    value of other cells, as customers who are won or lost count for the whole of the period in which they move."""
    per_share = [lived(each).valuation.value_per_share[:, 0] for each in ("quarter", step)]
    apart = np.abs(per_share[1] / per_share[0] - 1)
    assert apart[lived(step).cell("baseline")] <= while_nobody_acts
    assert apart.max() <= elsewhere


@pytest.mark.parametrize("step", ["month", "year"])
def test_money_in_the_middle_of_a_period_agrees_better(step: str) -> None:
    """Money at the end of a period comes half a period later on average: at 9 % a year and by quarter 1 % of flows."""
    apart = {}
    for timing in ("end", "mid"):
        of_quarter, of_step = (lived(each, timing).enterprise_value[0, 0] for each in ("quarter", step))
        apart[timing] = abs(of_step / of_quarter - 1)
    assert apart["mid"] < apart["end"] / 10


@pytest.mark.parametrize(("step", "tolerance"), [("month", 0.02), ("year", 0.09)])
def test_as_many_newcomers_come_in_a_year(step: str, tolerance: float) -> None:
    """Exactly as many; those of a longer period come later in the year, and the drawn ones are others."""
    came = []
    for each in ("quarter", step):
        world = lived(each, newcomers=True)
        population, year = world.portfolio.population, world.tables.axes.periods_per_year
        years = -(-population.arrival // year)
        came.append([np.bincount(years[population.segment == s], minlength=YEARS + 1) for s in range(3)])
    assert np.array_equal(*came)
    per_share = [lived(each, newcomers=True).valuation.value_per_share[:, 0] for each in ("quarter", step)]
    np.testing.assert_allclose(*per_share, rtol=tolerance)


def test_what_differs_where_newcomers_come_is_the_length_of_the_period_alone() -> None:
    """A difference of first order vanishes with the length: months with quarters, and quarters with years, lead to the
    same value at no length at all."""
    month, quarter, year = (
        lived(each, newcomers=True).valuation.value_per_share[:, 0] for each in ("month", "quarter", "year")
    )
    np.testing.assert_allclose(month - (quarter - month) / 2, quarter - (year - quarter) / 3, rtol=0.002)


def test_dates_of_a_longer_calendar_are_read_by_a_shorter_one() -> None:
    """The move of 2028 has changed review by the first month of 2028, not the month before."""
    month = lived("month")
    review = month.tables.choice.review[month.cell("baseline", "attack"), :, 0, 0]
    assert review[23] == review[0]
    assert review[24] > review[23]
