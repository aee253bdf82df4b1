"""Today: the opening is at rest under transitions written out one by one, on every calendar, at today's revenue."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.engine.opening import solve_opening
from tests.properties.worlds import Lived, arrays_of, live, market, opened, random_market


def transitions(lived: Lived, s: int, i: int) -> np.ndarray:
    """[states, states] of customer i of segment s today, from the logit and the promotions, in plain NumPy."""
    segments, opening, tables = lived.tables.segments, lived.opening, lived.tables
    there = segments.available[s]
    feature = tables.features[segments.rows[s] + i].astype(float)
    utility = opening.constants[s] + tables.today.coefficient[0, 0, s].astype(float) @ feature
    kappa, suppliers = opening.inertia[s], len(there)
    multiplier = [*segments.stage_inertia[s], *([1.0] * (suppliers - 2)), segments.outside_inertia[s]]
    matrix = np.zeros((suppliers + 2, suppliers + 2))
    for state, m in enumerate(multiplier):
        j = max(0, state - 2)
        weight = np.where(there, np.exp(utility + kappa * m * (np.arange(suppliers) == j)), 0.0)
        chosen, review = weight / weight.sum(), tables.today.review[0, 0, s, j]
        for to in range(1, suppliers):
            matrix[state, 2 + to] = review * chosen[to]
        stays = 1 - review + review * chosen[0] if j == 0 else 0.0
        matrix[state, 0] += 0.0 if j == 0 else review * chosen[0]
        if j > 0:
            matrix[state, state] += 1 - review
        promoted = segments.stage_promotion[s, state] if state < 2 else 0.0
        if j == 0:
            matrix[state, state] += stays * (1 - promoted)
            matrix[state, min(state + 1, 2)] += stays * promoted
    return matrix


def resting(matrix: np.ndarray) -> np.ndarray:
    """Where power iteration ends: the matrix squared until it is still."""
    for _ in range(40):
        matrix = matrix @ matrix
        matrix /= matrix.sum(axis=1, keepdims=True)
    return matrix[0]


@pytest.fixture(scope="module", params=[None, 31, 32])
def lived(request: pytest.FixtureRequest) -> Lived:
    return live(market() if request.param is None else random_market(request.param))


def test_the_opening_is_the_rest_of_every_customers_own_transitions(lived: Lived) -> None:
    for s in np.flatnonzero(~lived.tables.segments.contract):
        start = lived.tables.segments.rows[s]
        for i in range(0, 100, 9):
            matrix = transitions(lived, s, i)
            np.testing.assert_allclose(matrix.sum(axis=1), 1, rtol=1e-14)
            there = np.r_[[True] * 3, lived.tables.segments.available[s, 1:]]
            rest = resting(matrix[np.ix_(there, there)])
            np.testing.assert_allclose(lived.opening.states[start + i, there], rest, rtol=2e-5)  # float32 utilities


def test_churn_is_leaving_at_least_once_in_the_first_year(lived: Lived) -> None:
    for s in np.flatnonzero(~lived.tables.segments.contract):
        rows = slice(*lived.tables.segments.rows[s : s + 2])
        own = lived.opening.states[rows, :3]
        stayed = sum(
            (own[i] @ np.linalg.matrix_power(_within_us(transitions(lived, s, i)), 4)).sum() for i in range(len(own))
        )
        assert lived.opening.churn[s] == pytest.approx(1 - stayed / own.sum(), abs=1e-6)


def _within_us(matrix: np.ndarray) -> np.ndarray:
    """The block of our stages: who leaves and returns within a period does not exist."""
    return matrix[:3, :3]


def test_calendars_have_the_same_stated_churn_and_shares() -> None:
    """By month, quarter or year; a year's churn is a year's churn."""
    found = []
    for step, periods in (("month", 24), ("quarter", 8), ("year", 2)):
        document = market()
        document["calendar"] = {"start": "2026", "step": step, "periods": periods}
        document["allocations"] = {"baseline": {}}
        document["moves"] = {"quiet": {}}
        lived = live(document)
        np.testing.assert_allclose(lived.opening.churn[:2], [0.17, 0.22], atol=1e-9)
        np.testing.assert_allclose(lived.opening.shares[0], [0.34, 0.31, 0.12, 0.23], atol=1e-9)
        per_year = lived.tables.axes.periods_per_year
        count = lived.ledger.count[0, 0, :, 2, 1, 0] / lived.ledger.count_scale  # under contract: 20 % hazard a year
        np.testing.assert_allclose(count[per_year] / count[0], np.exp(-0.2), rtol=1e-6)
        found.append(lived.customers[0, 0, [0, per_year, 2 * per_year], :2])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[0], found[2], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("seed", [31, 32, 33])
def test_revenue_of_our_customers_is_the_stated_one(seed: int) -> None:
    document = random_market(seed)
    lived = live(document)
    np.testing.assert_allclose(lived.opening.revenue, [2700, 600, 900], rtol=1e-12)
    stage = lived.tables.economics.stage_revenue  # [S, 3]
    count, revenue = (
        getattr(lived.ledger, name)[0, 0, 0].sum(axis=-1)[:, :3] / getattr(lived.ledger, scale)
        for name, scale in (("count", "count_scale"), ("revenue", "money_scale"))
    )
    # The multiplier of the stage takes from some and gives to others, but the mean stays within the spread of stages.
    np.testing.assert_allclose((revenue * stage).sum(axis=1) / count.sum(axis=1), [2700, 600, 900], rtol=1e-6)


def test_workers_do_not_change_the_opening() -> None:
    _, portfolio, tables = opened(market())
    one, three = (solve_opening(tables, portfolio.population, workers) for workers in (1, 3))
    assert all(own.tobytes() == arrays_of(three)[name].tobytes() for name, own in arrays_of(one).items())
