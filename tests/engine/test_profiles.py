"""Customers who merge: who does, what a profile is, and that the simulation cannot tell it from its customers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from simengine.engine.customer_values import ExpectedValues
from simengine.engine.grid import contrasts, grid_of
from simengine.engine.opening import solve_opening
from simengine.engine.profiles import Profiles, equal_profiles, near_profiles
from simengine.engine.simulate import simulate
from simengine.results.prepare import options_of
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import live, market, opened

TWICE = [{**row, "id": f"{row['id']}-{n}", "revenue": n * 100} for row in rows_of() for n in (1, 2, 7)]


@pytest.fixture(scope="module")
def merged():
    """(scenario, portfolio, tables, profiles) of customers each of whom is there three times but for its revenue."""
    scenario, portfolio, tables = opened(file_market(), text_of(TWICE))
    return scenario, portfolio, tables, equal_profiles(tables, portfolio.population)


def test_who_differs_in_money_alone_merges(merged) -> None:
    _, portfolio, _, profiles = merged
    everybody, alike = portfolio.population, profiles.population
    of_each = {}
    for i, label in enumerate(everybody.labels.tolist()):
        of_each.setdefault(label.rpartition("-")[0], set()).add(int(profiles.profile[i]))
    assert all(len(rows) == 1 for rows in of_each.values())
    assert len(alike.ids) <= len(everybody.ids) / 3
    assert alike.weight.sum() == everybody.weight.sum()
    assert (alike.weight * alike.revenue).sum() == pytest.approx(
        (everybody.weight * everybody.revenue).sum(), rel=1e-14
    )


def test_nobody_merges_who_differs_in_anything_else(merged) -> None:
    _, portfolio, tables, profiles = merged
    everybody = portfolio.population
    for row in range(len(profiles.population.ids)):
        own = np.flatnonzero(profiles.profile == row)
        assert len(np.unique(everybody.segment[own])) == 1
        assert len(np.unique(everybody.supplier[own])) == 1
        if tables.segments.contract[everybody.segment[own[0]]]:
            assert len(np.unique(everybody.tenure_months[own])) == 1
        else:
            assert len(np.unique(tables.features[own], axis=0)) == 1


def test_rows_stand_as_the_population_does(merged) -> None:
    *_, profiles = merged
    order = np.lexsort([profiles.population.supplier, profiles.population.arrival, profiles.population.segment])
    assert (order == np.arange(len(order))).all()
    for s, (start, end) in enumerate(pairwise(profiles.tables.segments.rows)):
        assert (profiles.population.segment[start:end] == s).all()


def test_simulated_alike(merged) -> None:
    """Totals and the value of every single customer are those of the run without merging."""
    scenario, portfolio, _, profiles = merged
    alone = live(file_market(), text_of(TWICE))
    opening = solve_opening(profiles.tables, profiles.population)
    ledger = simulate(opening, profiles.tables, profiles.population, options_of(scenario)._replace(threads=1))
    scale = alone.ledger.count.max()
    np.testing.assert_allclose(ledger.count / scale, alone.ledger.count / scale, atol=1e-6)
    np.testing.assert_allclose(opening.shares, alone.opening.shares, atol=1e-12)
    base = profiles.revenue_of(portfolio.population, opening.base_revenue)
    np.testing.assert_allclose(base, alone.opening.base_revenue, rtol=1e-9)
    assert isinstance(ledger.customers, ExpectedValues)
    each = replace(ledger, customers=ledger.customers.of(profiles.profile, portfolio.population.weight, base))
    own = alone.ledger.customer_value / alone.ledger.money_scale
    np.testing.assert_allclose(each.customer_value / each.money_scale, own, rtol=2e-5, atol=1e-3)
    np.testing.assert_allclose(
        each.customer_present / each.count_scale, alone.ledger.customer_present / alone.ledger.count_scale, atol=1e-6
    )


def test_where_all_differ_nothing_is_copied() -> None:
    _, portfolio, tables = opened(market())
    tables = tables._replace(segments=tables.segments._replace(contract=np.zeros(3, np.bool_)))
    one_each = portfolio.population._replace(arrival=np.arange(len(portfolio.population.ids), dtype=np.int32))
    profiles = equal_profiles(tables, one_each)
    assert profiles.profile is None
    assert profiles.population is one_each
    assert profiles.tables is tables


def near(step: float) -> tuple[Profiles, object, object]:
    _, portfolio, tables = opened(file_market(), text_of(rows_of(count=200)))
    return near_profiles(tables, portfolio.population, step), portfolio.population, tables


def test_near_ones_have_their_mean_features_half_by_customers_and_half_by_money() -> None:
    profiles, everybody, tables = near(1.0)
    assert 10 < len(profiles.population.ids) < 0.7 * len(everybody.ids)
    for row in range(len(profiles.population.ids)):
        own = np.flatnonzero(profiles.profile == row)
        rows = everybody.segment == everybody.segment[own[0]]
        mean = (everybody.weight * everybody.revenue)[rows].sum() / everybody.weight[rows].sum()
        share = everybody.weight[own] * (everybody.revenue[own] + mean)
        expected = (tables.features[own] * share[:, None]).sum(axis=0) / share.sum()
        np.testing.assert_allclose(profiles.tables.features[row], expected, rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(profiles.population.needs, profiles.tables.features[:, :2])


@pytest.mark.parametrize("step", [1.0, 0.3])
def test_utilities_within_a_profile_differ_by_little(step: float) -> None:
    """In every cell and period, against every offer: by the step in each of the few directions there are."""
    profiles, everybody, tables = near(step)
    for s in np.flatnonzero(~tables.segments.contract):
        grid = grid_of(tables, everybody, s, step)
        against = contrasts(tables, s).T
        for row in np.unique(profiles.profile[everybody.segment == s]):
            own = tables.features[profiles.profile == row].astype(np.float64)
            places = np.einsum("nf,df->nd", own, grid.directions)
            assert (np.ptp(places, axis=0) < 1.0).all()
            utility = np.einsum("nf,fm->nm", own, against)
            assert np.ptp(utility, axis=0).max() < 4.0 * step


def test_directions_are_uncorrelated_and_fall() -> None:
    _, everybody, tables = near(0.1)
    start, end = tables.segments.rows[0], tables.segments.rows[1]
    places = np.einsum(
        "nf,df->nd", tables.features[start:end].astype(np.float64), grid_of(tables, everybody, 0, 0.1).directions
    )
    weight, money = everybody.weight[start:end], (everybody.weight * everybody.revenue)[start:end]
    spread = np.cov(places.T, aweights=weight / weight.sum() + money / money.sum(), ddof=0)
    variance = np.diag(spread)
    assert (np.diff(variance) <= 1e-9).all()
    assert variance.min() > 1.0 / 12.0
    np.testing.assert_allclose(spread, np.diag(variance), atol=1e-6 * variance.max())


def test_an_order_of_the_file_does_not_show() -> None:
    rows = rows_of(count=200)
    one, other = (opened(file_market(), text_of(order)) for order in (rows, rows[::-1]))
    first, second = (near_profiles(tables, portfolio.population, 0.5) for _, portfolio, tables in (one, other))
    np.testing.assert_array_equal(first.profile, second.profile)
    assert first.tables.features.tobytes() == second.tables.features.tobytes()


def test_threads_do_not_show() -> None:
    _, portfolio, tables = opened(file_market(), text_of(rows_of(count=200)))
    one, two = (near_profiles(tables, portfolio.population, 0.5, workers) for workers in (1, 3))
    np.testing.assert_array_equal(one.profile, two.profile)
    assert one.tables.features.tobytes() == two.tables.features.tobytes()
