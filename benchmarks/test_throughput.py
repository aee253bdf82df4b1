"""How many customer-periods a second one core simulates for each cell, against the same market in NumPy."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.stepper import step_through
from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Population
from simengine.scenario import load_scenario
from simengine.tables.build import build
from simengine.tables.layout import Tables

MARKET = Path(__file__).with_name("market.yaml")
ROUNDS = 5


class Market(NamedTuple):
    tables: Tables
    opening: Opening
    population: Population

    @property
    def customer_periods(self) -> int:
        return len(self.population.ids) * len(self.tables.axes.periods)


@pytest.fixture(scope="module")
def market(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Market:
    path = MARKET
    if not request.config.getoption("benchmark_enable"):  # smoke: the same market, tiny
        text = MARKET.read_text().replace("size: 30k", "size: 1k").replace("size: 70k", "size: 3k")
        path = tmp_path_factory.mktemp("market") / "market.yaml"
        path.write_text(text)
    scenario = load_scenario(path)
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    return Market(tables, solve_opening(tables, portfolio.population), portfolio.population)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_throughput(mode: str, market: Market, benchmark: Any) -> None:
    tables, opening, population = market
    replications = 16 if mode == "sampled" else 1
    options = Options(seed=1, mode=mode, replications=replications, threads=1, customer_cells=())

    def engine() -> Ledger:
        return simulate(opening, tables, population, options)

    ledger = engine()  # compiled from here on
    ours = ledger.count[0, :, -1, :, :3].sum() / ledger.count_scale / replications
    stepped = step_through(tables, opening, cell=0, seed=1)[0, -1, :, :3].sum()
    assert abs(ours - stepped) < 6 * (stepped * 0.7) ** 0.5, "the reference simulates another market"

    reference: list[float] = []

    def in_turns() -> None:
        start = time.perf_counter()
        step_through(tables, opening, cell=0, seed=1)
        reference.append(time.perf_counter() - start)

    seconds: list[float] = []

    def timed() -> None:
        start = time.perf_counter()
        engine()
        seconds.append(time.perf_counter() - start)

    benchmark.pedantic(timed, setup=in_turns, rounds=ROUNDS)
    answered = len(tables.axes.cells) * replications
    per_cell = min(seconds) / answered
    benchmark.extra_info["million_customer_periods_per_second_and_cell"] = round(
        market.customer_periods / per_cell / 1e6, 1
    )
    benchmark.extra_info["times_numpy"] = round(min(reference) / per_cell, 1)
    print(f"\n{mode}: {benchmark.extra_info}")
