"""Hazards by tenure against a sum month by month, features, and the constants of segments."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.portfolio.population import Hazards
from simengine.tables.conversion import hazard_by_tenure
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import market, opened


@given(
    monthly=st.lists(st.floats(0, 0.5), max_size=40),
    beyond=st.floats(0, 0.5),
    tenure=st.integers(0, 60),
    periods=st.integers(1, 20),
    months=st.sampled_from([1, 3, 12]),
)
def test_hazard_of_a_period_is_the_sum_of_its_months(
    monthly: list[float], beyond: float, tenure: int, periods: int, months: int
) -> None:
    hazards = Hazards(np.cumsum([0.0, *monthly]), beyond, 0, 0, np.zeros(0))
    found = hazard_by_tenure(hazards, tenure, periods, months)
    assert len(found) == tenure + (periods - 1) * months + 1  # what somebody of that tenure may reach, and no more
    for m in range(tenure + (periods - 1) * months + 1):
        wanted = sum(monthly[k] if k < len(monthly) else beyond for k in range(m, m + months))
        assert found[m] == pytest.approx(wanted, abs=1e-11)


@pytest.mark.parametrize(("step", "months"), [("month", 1), ("quarter", 3), ("year", 12)])
def test_a_constant_hazard_is_the_same_year_on_any_calendar(step: str, months: int) -> None:
    document = market()
    document["calendar"] = {"start": "2026", "step": step, "periods": 4}
    document["moves"], document["allocations"] = {"quiet": {}}, {"baseline": {}}
    _, _, tables = opened(document)
    assert tables.segments.hazard[2] == pytest.approx(0.2 * months / 12)
    assert len(tables.segments.hazard[2]) == 2
    assert tables.segments.hazard[0].size == 0
    q = 1 - np.exp(-months / 12 / np.array([0.5, 1.5]))
    assert tables.segments.stage_promotion[0] == pytest.approx(q)


def test_misfit_is_half_the_distance_to_the_mean_needs_of_the_segment() -> None:
    rows = rows_of()
    for i, row in enumerate(rows):
        row["weight"] = 1 + i // 10 % 4  # ten rows hold every supplier in its share
    document = file_market(mode="expected")
    _, portfolio, tables = opened(document, text_of(rows))
    people = portfolio.population
    for s in range(2):
        here = people.segment == s
        centre = np.average(people.needs[here].astype(float), axis=0, weights=people.weight[here])
        misfit = 0.5 * np.abs(people.needs[here] - centre).sum(axis=1)
        np.testing.assert_allclose(tables.features[here, -1], misfit, atol=1e-6)
    assert np.array_equal(tables.features[:, :2], people.needs)
    assert np.array_equal(tables.features[:, 2], people.price_sensitivity)


def test_segments_are_in_name_order_with_their_customers() -> None:
    _, portfolio, tables = opened(market())
    assert tables.axes.segments == ("affluent", "mass", "signed")
    assert tables.axes.suppliers == ("us", "atlas", "neo", "none")
    assert tables.segments.rows.tolist() == [0, 120, 270, 340]
    assert np.array_equal(np.repeat([0, 1, 2], [120, 150, 70]), portfolio.population.segment)
    assert tables.segments.available.tolist() == [[True] * 4, [True, True, True, False], [True, False, False, True]]
    assert np.isnan(tables.segments.constants).all()
    assert tables.segments.stated_revenue.tolist() == [2700, 600, 900]


def test_revenue_from_a_file_is_kept() -> None:
    _, _, tables = opened(file_market(), text_of(rows_of()))
    assert np.isnan(tables.segments.stated_revenue).all()
