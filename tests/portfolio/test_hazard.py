"""Hazards by tenure, stated and estimated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.portfolio import load_portfolio
from simengine.portfolio.hazard import NoEstimate, estimate_hazard
from simengine.scenario.problems import ScenarioError
from tests.portfolio.worlds import CONTRACT, with_file

COLUMNS = "{id: id, revenue: pays, tenure: {column: months, unit: months}, churned: gone}"
EMPIRICAL = CONTRACT.replace("{constant: 10%}", "{empirical: {}}")


def test_a_constant_hazard(tmp_path: Path) -> None:
    rows = "id,pays,months,gone\n1,5,7,no\n2,5,9,yes\n"
    portfolio = load_portfolio(with_file(tmp_path, rows, COLUMNS, f"segments: {{all: {CONTRACT}}}\n"))
    hazard = portfolio.hazards["all"]
    assert hazard.cumulative.tolist() == [0.0]
    assert hazard.monthly_beyond == 0.1 / 12
    assert (hazard.at_risk, hazard.churned, len(hazard.survival)) == (0, 0, 0)
    assert portfolio.population.tenure_months.tolist() == [7]


def test_by_hand() -> None:
    """100 reach month 1, of whom 10 leave; 80 reach month 2 (10 are younger), of whom 4 leave; 60 reach month 3."""
    tenure = np.repeat([1, 1, 2, 2, 3, 3], [10, 10, 4, 16, 6, 54]).astype(np.int32)
    churned = np.repeat([True, False] * 3, [10, 10, 4, 16, 6, 54])
    hazard = estimate_hazard(tenure, churned, np.ones(100))
    assert hazard.survival == pytest.approx([1, 0.9, 0.9 * 0.95, 0.9 * 0.95 * 0.9])
    assert hazard.cumulative == pytest.approx(-np.log(hazard.survival))
    assert hazard.monthly_beyond == pytest.approx(-np.log(1 - 20 / 240))
    assert (hazard.at_risk, hazard.churned) == (100, 20)


def test_the_tail_is_the_rate_of_the_last_two_years_that_fifty_reached() -> None:
    rng = np.random.default_rng(0)
    tenure = rng.integers(0, 100, 3000).astype(np.int32)
    churned = rng.random(3000) < 0.3
    hazard = estimate_hazard(tenure, churned, np.ones(3000))
    at_risk = np.array([(tenure >= m).sum() for m in range(100)])
    left = np.array([(churned & (tenure == m)).sum() for m in range(100)])
    last = np.flatnonzero(at_risk >= 50)[-1]
    assert len(hazard.cumulative) == last + 1
    tail = slice(last - 23, last + 1)
    assert hazard.monthly_beyond == pytest.approx(-np.log(1 - left[tail].sum() / at_risk[tail].sum()))
    # Whoever left before completing a month left in the first.
    assert hazard.survival[1] == pytest.approx((1 - left[0] / at_risk[0]) * (1 - left[1] / at_risk[1]))


def test_who_left_before_a_month_was_over_left_in_the_first(tmp_path: Path) -> None:
    """Of 100, 20 leave at once and 8 of the other 80 in month 1; 12 are younger; of 60, 6 leave in month 2."""
    groups = [(0, "yes", 20), (1, "yes", 8), (1, "no", 12), (2, "yes", 6), (2, "no", 54)]
    lines = [f"5,{months},{gone}" for months, gone, customers in groups for _ in range(customers)]
    rows = "\n".join(["id,pays,months,gone", *(f"{i},{line}" for i, line in enumerate(lines))])
    portfolio = load_portfolio(with_file(tmp_path, rows + "\n", COLUMNS, f"segments: {{all: {EMPIRICAL}}}\n"))
    hazard = portfolio.hazards["all"]
    assert hazard.survival == pytest.approx([1, 0.8 * 0.9, 0.8 * 0.9 * 0.9], rel=1e-12)
    assert hazard.cumulative == pytest.approx([0, -np.log(0.72), -np.log(0.648)], rel=1e-12)
    assert (hazard.at_risk, hazard.churned) == (100, 34)
    assert len(portfolio.population.ids) == 66


def test_weights_count_like_copies() -> None:
    tenure = np.array([1, 2, 2, 3], dtype=np.int32)
    churned = np.array([True, False, True, False])
    weight = np.array([20, 30, 10, 60])
    one = estimate_hazard(tenure, churned, weight.astype(float))
    other = estimate_hazard(np.repeat(tenure, weight), np.repeat(churned, weight), np.ones(120))
    assert np.array_equal(one.cumulative, other.cumulative)
    assert one[1:4] == other[1:4]


def test_too_few_customers() -> None:
    with pytest.raises(NoEstimate, match="49 customers"):
        estimate_hazard(np.full(49, 5, dtype=np.int32), np.zeros(49, dtype=np.bool_), np.ones(49))
    with pytest.raises(NoEstimate, match="nobody who stayed beyond month 5"):
        estimate_hazard(np.full(60, 5, dtype=np.int32), np.ones(60, dtype=np.bool_), np.ones(60))


def test_too_few_customers_are_a_problem_of_the_scenario(tmp_path: Path) -> None:
    rows = "id,pays,months,gone\n1,5,7,no\n2,5,9,yes\n"
    with pytest.raises(ScenarioError, match="or a constant hazard") as caught:
        load_portfolio(with_file(tmp_path, rows, COLUMNS, f"segments: {{all: {EMPIRICAL}}}\n"))
    assert caught.value.problems[0].place == "segments.all.hazard"


def test_new_contracts_without_a_file(tmp_path: Path) -> None:
    from tests.portfolio.worlds import scenario

    population = load_portfolio(scenario(tmp_path, f"segments: {{all: {CONTRACT[:-1]}, size: 4}}}}\n")).population
    assert population.tenure_months.tolist() == [0, 0, 0, 0]
    assert population.supplier.tolist() == [0, 0, 0, 0]
    assert population.revenue.tolist() == [100.0] * 4
