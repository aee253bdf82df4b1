"""Finished runs of a small market, one in each mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.results.run import Run, run
from simengine.scenario import Scenario, load_scenario

MARKET = """\
name: A small market
currency: EUR
calendar: {start: 2026-Q1, step: quarter, periods: 8}
simulation: {seed: 7, replications: 6}
company:
  {name: Small, discount_rate: 9%, tax_rate: 25%, shares: 1000, net_debt: 10k, other_assets: 2k, overhead: 20k,
   residual: {method: fade, years: 5}}
needs: [rate, service]
segments:
  affluent:
    size: 300
    needs: {rate: 0.4, service: 0.6}
    needs_spread: 0.15
    shares: {us: 34%, atlas: 31%, neo: 12%, none: 23%}
    review: 25%
    churn: 7%
    price_sensitivity: 3
    stages: {revenue: [0.8, 1, 1.2]}
    revenue: {lognormal: {mean: 2700, cv: 0.6}}
    revenue_spread: 0.3
    margin: 58%
    cost_to_serve: {branch: {uses: 3, cost: 11}}
    capital: 12% of revenue
    acquisition_cost: {money: 240, capitalised: true}
  leaving:
    dynamics: contract
    hazard: {constant: 10%}
    size: 150
    revenue: 900
    margin: 50%
    capital: 100
offers:
  us: {price: 100, rate: 5, service: 7}
  atlas: {price: 98, rate: 6, service: 5}
  neo: {price: 90, rate: 7, service: 4}
levers:
  advisers: {target: service, response: {hill: {max: 2, half: 50k, shape: 1}}, today: {affluent: 5k}}
allocations:
  baseline: {}
  same: {like: baseline}
  advice: {advisers: {affluent: 40k}}
moves:
  quiet: {}
  price_cut: [{who: atlas, at: 2026-Q3, change: {price: -10%}}]
"""


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("market") / "market.yaml"
    path.write_text(MARKET)
    return path


@pytest.fixture(scope="session")
def scenario(market: Path) -> Scenario:
    return load_scenario(market)


@pytest.fixture(scope="session")
def sampled(scenario: Scenario) -> Run:
    return run(scenario)


@pytest.fixture(scope="session")
def expected(market: Path) -> Run:
    return run(load_scenario(market, simulation={"mode": "expected"}))


@pytest.fixture(params=["sampled", "expected"])
def finished(request: pytest.FixtureRequest, sampled: Run, expected: Run) -> Run:
    """A run in either mode."""
    return sampled if request.param == "sampled" else expected
