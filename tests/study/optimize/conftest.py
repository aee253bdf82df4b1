"""A small market with two segments, three levers and two moves, and the optimum of its budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from simengine.study.optimize.optimize import Optimum, optimize

FIELD = """\
simengine: 1
name: A small field
currency: EUR
calendar: {start: 2026, step: year, periods: 4}
simulation: {seed: 7, mode: expected, replications: 6}
company: {name: Small, discount_rate: 9%, tax_rate: 25%, shares: 1000, overhead: 5k}
needs: [rate, service]
segments:
  affluent:
    size: 300
    needs: {rate: 0.4, service: 0.6}
    shares: {us: 34%, atlas: 43%, none: 23%}
    review: 25%
    churn: 7%
    price_sensitivity: 3
    revenue: 2700
    margin: 58%
  leaving: {dynamics: contract, hazard: {constant: 20%}, size: 200, revenue: 900, margin: 50%}
offers:
  us: {price: 100, rate: 5, service: 7}
  atlas: {price: 98, rate: 6, service: 5}
levers:
  advisers:
    target: service
    response: {adbudg: {none: -1, today: 0, plus_half: 0.4, saturated: 2}}
    today: {affluent: 5k}
  care: {target: retention, response: {hill: {max: 0.8, half: 4k, shape: 1}}}
  extras: {target: wallet, response: {hill: {max: 10%, half: 6k, shape: 2}}}
allocations:
  baseline: {}
  advice: {advisers: {affluent: 9k}}
  loyalty: {care: {leaving: 4k}}
  built:
    initiatives:
      portal: {cost: 4k, duration: 1, effect: {service: 1}}
      dear: {cost: 900k, duration: 1, effect: {service: 0.1}}
moves:
  quiet: {}
  price_cut: [{who: atlas, at: 2027, change: {price: -10%}}]
"""


@pytest.fixture(scope="session")
def field(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("field") / "field.yaml"
    path.write_text(FIELD, encoding="utf-8")
    return load_scenario(path)


@pytest.fixture(scope="session")
def optimum(field: Scenario) -> Optimum:
    return optimize(field, budget="16k", habits=True, frontier="4k:32k:3")


def spent(found: dict[str, Any]) -> dict[str, float]:
    """What an optimum of one phase spends, {lever.segment: money}."""
    return {f"{row['lever']}.{row['segment']}": row["optimum"] for row in found["items"]}


def field_file(folder: Path) -> Path:
    """The small field in a folder."""
    path = folder / "field.yaml"
    path.write_text(FIELD, encoding="utf-8")
    return path
