"""Hazards from customers added, lost and left: the differential equation, simulated customers, and backtests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from simengine.calibration.churn_counts import Period, end_of, estimate_churn
from simengine.portfolio.hazard import NoEstimate


def periods(start: float, added: list[float], hazard: float) -> list[Period]:
    """Periods in which everybody leaves with the same hazard a period."""
    made = []
    for i, joining in enumerate(added):
        end = end_of(start, joining, hazard)
        made.append(Period(f"period {i}", start, joining, start + joining - end, end))
        start = end
    return made


@given(st.floats(10, 1000), st.floats(0, 1000), st.floats(0.001, 2))
def test_the_end_of_a_period_solves_the_differential_equation(start: float, added: float, hazard: float) -> None:
    path = solve_ivp(lambda _, n: added - hazard * n, (0, 1), [start], rtol=1e-10, atol=1e-10)
    assert end_of(start, added, hazard) == pytest.approx(path.y[0, -1], rel=1e-7)


@pytest.mark.parametrize("per_year", [1, 4, 12])
def test_the_hazard_that_made_the_counts_is_found(per_year: int) -> None:
    found = estimate_churn("all", periods(1000, [100, 0, 500, 80, 20], 0.07), per_year, holdout=0.2)
    assert found.hazard == pytest.approx(0.07 * per_year, rel=1e-9)
    assert [rate.hazard for rate in found.rates] == pytest.approx([0.07 * per_year] * 5, rel=1e-9)
    assert found.churn == pytest.approx(1 - np.exp(-0.07 * per_year))
    assert found.dispersion == pytest.approx(0.0, abs=1e-9)
    assert (found.fitted, [h.ahead for h in found.horizons]) == (4, [1])
    assert found.horizons[0].predicted == pytest.approx(found.horizons[0].observed, rel=1e-9)


def test_a_year_in_quarters_is_a_year() -> None:
    """Nobody joins: the yearly hazard of the sums is that of the quarters."""
    quarters = periods(1000, [0, 0, 0, 0], 0.05)
    year = Period("2026", 1000, 0, sum(q.lost for q in quarters), quarters[-1].end)
    assert estimate_churn("all", [year], 1).hazard == pytest.approx(estimate_churn("all", quarters, 4).hazard, rel=1e-9)
    assert estimate_churn("all", [year], 1).between_periods is None


def test_the_error_between_two_periods_is_half_their_difference() -> None:
    """The standard error of a mean of two that weigh alike: sqrt(((x - y)^2 / 2) / 2)."""
    two = [Period("1", 1000, 40, 40, 1000), Period("2", 1000, 60, 60, 1000)]
    found = estimate_churn("all", two, 1)
    first, second = (rate.hazard for rate in found.rates)
    assert found.between_periods == pytest.approx(abs(first - second) / 2, rel=1e-3)


def test_errors_are_those_of_customers_who_leave_independently() -> None:
    """Over 400 books the spread of hazards is within 13 % of what each states: 3.7 of its own errors."""
    generator = np.random.default_rng(7)
    made = []
    for _ in range(400):
        customers, book = 2000, []
        for i in range(6):
            there = -np.log(generator.random(customers)) / 0.08 > 1
            joining = generator.random(150)
            stay = -np.log(generator.random(150)) / 0.08 > 1 - joining
            end = int(there.sum() + stay.sum())
            book.append(Period(str(i), customers, 150, customers + 150 - end, end))
            customers = end
        made.append(estimate_churn("all", book, 4))
    hazards = [each.hazard for each in made]
    assert np.mean(hazards) == pytest.approx(0.32, abs=4 * np.std(hazards) / 20)
    assert np.std(hazards) == pytest.approx(np.mean([each.standard_error for each in made]), rel=0.13)
    assert np.sqrt(np.mean([(each.between_periods or 0) ** 2 for each in made])) == pytest.approx(
        np.std(hazards), rel=0.13
    )
    assert np.mean([each.dispersion for each in made]) == pytest.approx(1.0, abs=0.13)


def test_periods_that_differ_show_in_the_dispersion() -> None:
    book = [*periods(1_000_000, [0, 0], 0.05), *periods(900_000, [0, 0], 0.08)]
    found = estimate_churn("all", book, 4)
    assert found.dispersion is not None
    assert found.dispersion > 1000
    assert found.between_periods is not None
    assert found.between_periods > 20 * found.standard_error


def test_a_backtest_from_the_first_periods() -> None:
    book = periods(1000, [100] * 4, 0.05)
    book += periods(book[-1].end, [100] * 2, 0.10)
    found = estimate_churn("all", book, 4, until=4)
    assert [h.predicted > h.observed for h in found.horizons] == [True, True]
    twin = book[3].end
    for horizon in found.horizons:
        twin = end_of(twin, 100, 0.05)
        assert horizon.predicted == pytest.approx(twin, rel=1e-9)


def test_what_has_no_estimate_says_why() -> None:
    with pytest.raises(NoEstimate, match="nobody was lost"):
        estimate_churn("all", [Period("2026", 10, 1, 0, 11)], 1)
    with pytest.raises(NoEstimate, match="next to nobody is left at the end of 2026"):
        estimate_churn("all", [Period("2026", 10, 0, 10, 0)], 1)
    quiet = estimate_churn("all", [Period("a", 100, 0, 0, 100), *periods(100, [0], 0.1)], 1)
    assert quiet.rates[0].hazard == 0
    assert quiet.hazard < 0.1
    later = estimate_churn("all", [*[Period(str(i), 100, 0, 0, 100) for i in range(4)], *periods(100, [0, 0], 0.1)], 1)
    assert [h.predicted for h in later.horizons] == [100, 100]  # nobody had left by then


def test_periods_before_the_first_customer_predict_nothing() -> None:
    empty = [Period(str(i), 0, 0, 0, 0) for i in range(2)]
    found = estimate_churn("all", [*empty, *periods(100, [20], 0.1)], 1)
    assert found.hazard == pytest.approx(0.1, rel=1e-9)
    assert (found.fitted, found.horizons) == (2, ())
