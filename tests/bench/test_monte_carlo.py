"""Monte Carlo in NumPy simulates the engine's market: its totals against expected values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.bench.monte_carlo import simulate_path
from simengine.bench.precision import EXACT, northbank
from simengine.bench.segment import OURS, segments_of
from simengine.engine.opening import solve_opening
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.scenario import load_scenario
from simengine.tables.build import build
from tests.oracle.worlds import write_contract_world

STANDARD_ERRORS = 5.0  # of some 1,500 figures one in a thousand runs at other seeds would have one beyond


def test_totals_of_many_paths_have_the_expected_means() -> None:
    scenario = northbank(customers=1000, periods=10)
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    opening = solve_opening(tables, portfolio.population)
    cell = tables.axes.cells.index(("win_customers", "price_war"))
    exact = simulate(opening, tables, portfolio.population, EXACT)
    random = np.random.default_rng(1)
    paths = [simulate_path(segments_of(tables, opening, cell), random) for _ in range(200)]
    of_us = exact.joins[cell, 0, :, :, 0].sum(axis=-1) / exact.count_scale
    for drawn, expected in (
        ([path.customers for path in paths], exact.count[cell, 0].sum(axis=-1) / exact.count_scale),
        ([path.revenue for path in paths], exact.revenue[cell, 0].sum(axis=-1) / exact.money_scale),
        ([path.joins for path in paths], of_us),
    ):
        error = np.std(drawn, axis=0, ddof=1) / len(paths) ** 0.5
        assert (np.abs(np.mean(drawn, axis=0) - expected) <= STANDARD_ERRORS * error).all()


def test_states_and_their_suppliers() -> None:
    scenario = northbank(customers=100, periods=10)
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    affluent = segments_of(tables, solve_opening(tables, portfolio.population), cell=0)[0]
    assert affluent.supplier.tolist() == [0, 0, 0, 1, 2, 3]
    assert affluent.opening.shape == (30, OURS + 3)
    assert (np.diff(affluent.inertia[0, :OURS]) > 0).all()  # loyal customers hold on more


def test_other_dynamics_are_refused(tmp_path: Path) -> None:
    scenario = load_scenario(write_contract_world(tmp_path))
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    with pytest.raises(ValueError, match="not part of this comparison"):
        segments_of(tables, solve_opening(tables, portfolio.population), cell=0)
