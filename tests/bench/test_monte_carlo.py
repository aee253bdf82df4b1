"""Monte Carlo in NumPy simulates the engine's market: its totals against expected values."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.bench.monte_carlo import simulate_path
from simengine.bench.question import EXACT, northbank
from simengine.bench.segment import segments_of
from simengine.engine.opening import solve_opening
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.tables.build import build

# Student's t with 199 degrees of freedom, 284 figures of customers, revenue and joins in each of two ways, seed
# fixed: at other seeds at most one right program in 1,400 would have one beyond.
STANDARD_ERRORS = 5.0


@pytest.mark.parametrize("aligned", [False, True])
def test_totals_of_many_paths_have_the_expected_means(aligned: bool) -> None:
    scenario = northbank(customers=1000, periods=10)
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    opening = solve_opening(tables, portfolio.population)
    cell = tables.axes.cells.index(("win_customers", "price_war"))
    exact = simulate(opening, tables, portfolio.population, EXACT)
    segments = segments_of(tables, opening, cell)
    random = np.random.default_rng(1)
    paths = [simulate_path(segments, random, aligned) for _ in range(200)]
    of_us = exact.joins[cell, 0, :, :, 0].sum(axis=-1) / exact.count_scale
    for drawn, expected in (
        ([path.customers for path in paths], exact.count[cell, 0].sum(axis=-1) / exact.count_scale),
        ([path.revenue for path in paths], exact.revenue[cell, 0].sum(axis=-1) / exact.money_scale),
        ([path.joins for path in paths], of_us),
    ):
        error = np.std(drawn, axis=0, ddof=1) / len(paths) ** 0.5
        assert (np.abs(np.mean(drawn, axis=0) - expected) <= STANDARD_ERRORS * error).all()


def test_aligned_luck_is_the_same_in_every_cell() -> None:
    """What differs between two cells with one seed comes from the allocation alone: nothing before it acts."""
    scenario = northbank(customers=1000, periods=10)
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    opening = solve_opening(tables, portfolio.population)
    quiet, war = (tables.axes.cells.index(("baseline", move)) for move in ("quiet", "price_war"))
    first, second = (
        simulate_path(segments_of(tables, opening, cell), np.random.default_rng(1), aligned=True)
        for cell in (quiet, war)
    )
    same = (first.customers == second.customers).all(axis=(1, 2))
    assert same[:3].all()  # rivals attack from the third quarter on
    assert not same.all()
