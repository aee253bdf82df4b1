"""Synthetic files of small scenarios."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from simengine.scenario.model import Scenario
from simengine.synthesis.result import SyntheticFile
from simengine.synthesis.synthesise import synthesise
from simengine.synthesis.today import solve_today

BANK = """\
needs: [advice, service]
offers:
  us: {price: 100, advice: 5, service: 6}
  atlas: {price: 96, advice: 6, service: 5}
levers: {training: {target: service, response: {hill: {max: 2, half: 4k, shape: 1}}, today: {mass: 1k}}}
segments:
  affluent:
    size: 4k
    needs: {advice: 0.6, service: 0.4}
    needs_spread: 0.15
    shares: {us: 40%, atlas: 35%, none: 25%}
    review: 25%
    churn: 8%
    price_sensitivity: 3
    tailoring: 1
    revenue: {lognormal: {mean: 900, cv: 0.5}}
    margin: 50%
  mass:
    size: 8k
    needs: {advice: 0.3, service: 0.7}
    needs_spread: 0.2
    shares: {us: 30%, atlas: 70%}
    review: 20%
    churn: 6%
    revenue: 300
    margin: 40%
  signed: {size: 2k, dynamics: contract, hazard: {constant: 10%}, margin: 50%, revenue: 100}
"""


def directly(work: Callable[[], Any]) -> Any:
    """Does work on this thread."""
    return work()


def synthetic(scenario: Scenario, rows: int, out: Path, scenario_out: Path | None = None) -> SyntheticFile:
    """Write the synthetic file of a scenario."""
    return synthesise(solve_today(scenario), rows, out, scenario_out, lambda done, total: None, directly)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file as they stand there."""
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{path}'")
        names = [each[0] for each in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
