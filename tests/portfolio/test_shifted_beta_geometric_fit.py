"""The fit against parameters that are known, a numerical maximum, and data that have none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize

from simengine.portfolio import load_portfolio
from simengine.portfolio.hazard import NoEstimate
from simengine.portfolio.shifted_beta_geometric import cumulative_by_month
from simengine.portfolio.shifted_beta_geometric_fit import _groups, fit_shifted_beta_geometric, log_likelihood
from simengine.scenario.problems import ScenarioError
from tests.portfolio.worlds import CONTRACT, with_file

Data = tuple[np.ndarray, np.ndarray, np.ndarray]
OBSERVED = 48  # months


def expected(alpha: float, beta: float, customers: float = 1e4) -> Data:
    """As many customers as are expected to leave in each month, and who are still there in the end: weights."""
    survival = np.exp(-cumulative_by_month(alpha, beta, OBSERVED))
    months = np.append(np.arange(1, OBSERVED + 1), OBSERVED).astype(np.int32)
    return months, np.arange(OBSERVED + 1) < OBSERVED, customers * np.append(-np.diff(survival), survival[-1])


@pytest.mark.parametrize(("alpha", "beta"), [(0.67, 3.8), (0.7, 1.2), (5.0, 40.0), (0.05, 0.3)])
def test_expected_numbers_give_their_own_parameters_back(alpha: float, beta: float) -> None:
    found = fit_shifted_beta_geometric(*expected(alpha, beta)).parameters
    assert found is not None
    assert found.grid_months == 1
    assert (found.alpha, found.beta) == (pytest.approx(alpha, rel=1e-6), pytest.approx(beta, rel=1e-6))


def drawn(seed: int, customers: int = 4000) -> Data:
    """Customers of probabilities of their own, seen for up to four years."""
    rng = np.random.default_rng(seed)
    leaving = rng.exponential(1, customers) / -np.log1p(-rng.beta(0.9, 2.5, customers)) * 12
    seen = rng.integers(1, OBSERVED, customers)
    months = np.where(leaving < seen, np.ceil(leaving), seen).astype(np.int32)
    return months, leaving < seen, np.ones(customers)


def test_standard_errors_cover_the_truth() -> None:
    """95 % intervals of 60 fits hold the truth in 50 or more of them (in fewer, once in 1,000 tries)."""
    covered = 0
    for seed in range(60):
        found = fit_shifted_beta_geometric(*drawn(seed, 1500)).parameters
        assert found is not None
        covered += abs(found.alpha - 0.9) < 1.96 * found.alpha_error
    assert covered >= 50


def test_a_numerical_search_finds_the_same_top() -> None:
    months, churned, weight = drawn(5)
    groups = list(_groups(months, churned, weight, 1))
    found = fit_shifted_beta_geometric(months, churned, weight).parameters
    assert found is not None
    top = minimize(
        lambda x: -log_likelihood(*np.exp(x), groups).value, [0.0, 0.0], method="Nelder-Mead", options={"fatol": 1e-9}
    )
    assert found.log_likelihood == pytest.approx(-top.fun, abs=1e-6)
    assert (found.alpha, found.beta) == pytest.approx(tuple(np.exp(top.x)), rel=1e-3)


@settings(max_examples=20)
@given(st.floats(0.05, 20), st.floats(0.05, 50))
def test_slopes_are_those_of_the_likelihood(alpha: float, beta: float) -> None:
    groups = list(_groups(*drawn(1), 1))
    here = log_likelihood(alpha, beta, groups)
    at, step = np.array([alpha, beta]), 1e-6 * np.array([alpha, beta])

    def close(*values: float) -> object:
        return pytest.approx(values, rel=1e-3, abs=1e-3 * abs(here.value))

    by_value = approx_fprime(at, lambda x: log_likelihood(x[0], x[1], groups).value, step)
    assert (here.a * alpha, here.b * beta) == close(*(by_value * at))
    by_slope = approx_fprime(at, lambda x: np.array(log_likelihood(x[0], x[1], groups)[1:3]), step)
    assert (here.aa, here.ab, here.bb) == close(by_slope[0, 0], by_slope[0, 1], by_slope[1, 1])


def test_weights_count_like_copies_and_the_order_is_immaterial() -> None:
    months, churned, _ = drawn(2, 300)
    copies = np.random.default_rng(0).integers(1, 5, 300)
    one = fit_shifted_beta_geometric(months[::-1], churned[::-1], copies[::-1].astype(float))
    other = fit_shifted_beta_geometric(np.repeat(months, copies), np.repeat(churned, copies), np.ones(copies.sum()))
    assert one.parameters == other.parameters
    assert (one.at_risk, one.churned) == (other.at_risk, other.churned)


def test_who_left_before_a_month_was_over_left_in_the_first() -> None:
    months, churned, weight = drawn(3)
    early = months.copy()
    early[churned & (months == 1)] = 0
    parameters = fit_shifted_beta_geometric(months, churned, weight).parameters
    assert fit_shifted_beta_geometric(early, churned, weight).parameters == parameters


def test_who_left_before_a_unit_was_over_left_in_the_first() -> None:
    """At 0 years and at 1 alike, within the first 12 months; the month is the finest that is asked for."""
    months, churned, weight = drawn(3)
    years = (12 * np.ceil(months / 12)).astype(np.int32)
    early = years.copy()
    early[churned & (years == 12)] = 0
    one, other = (fit_shifted_beta_geometric(each, churned, weight, 12).parameters for each in (years, early))
    assert one == other
    assert one is not None
    assert one.grid_months == 12


RISING = np.ceil(30 * np.random.default_rng(4).weibull(3, 2000)).astype(np.int32)


@pytest.mark.parametrize(
    ("tenure", "churned", "reason"),
    [
        (RISING, np.ones(2000, bool), "does not fall with tenure"),
        (np.full(2000, 30), np.zeros(2000, bool), "nobody who has left"),
        (np.full(40, 30), np.arange(40) < 10, "40 customers"),
        (np.full(2000, 1), np.arange(2000) < 600, "do not tell alpha from beta"),
        (np.where(np.arange(2000) < 600, 1, 40), np.arange(2000) < 600, "falls to nothing at once"),
    ],
)
def test_no_estimate(tenure: np.ndarray, churned: np.ndarray, reason: str) -> None:
    with pytest.raises(NoEstimate, match=reason):
        fit_shifted_beta_geometric(tenure.astype(np.int32), churned, np.ones(len(tenure)))


def test_hazards_that_rise_are_a_problem_of_the_scenario(tmp_path: Path) -> None:
    rows = "id,pays,months,gone\n" + "".join(f"{i},5,{months},yes\n" for i, months in enumerate(RISING))
    rows += "left,5,1,no\n"
    body = f"segments: {{all: {CONTRACT.replace('constant: 10%', 'shifted_beta_geometric: {}')}}}\n"
    columns = "{id: id, revenue: pays, tenure: {column: months, unit: months}, churned: gone}"
    with pytest.raises(ScenarioError) as caught:
        load_portfolio(with_file(tmp_path, rows, columns, body))
    (problem,) = caught.value.problems
    assert problem.place == "segments.all.hazard"
    assert problem.line > 0
    assert "a hazard of leaving that does not fall with tenure" in problem.found
    assert problem.suggestion == "use {empirical: {}} or a constant hazard"
