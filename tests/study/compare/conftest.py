"""Runs to compare the cells of, made once: a small market in each mode, and one with luck of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.study.compare.compare import CompareStudy, compare

LUCK = """\
extends: {market}
simulation: {{mode: expected, replications: 40, customer_values: false}}
market: {{volatility: 0.2, persistence: 60%, demand: {{volatility: 8%, persistence: 50%}}}}
allocations:
  least: {{advisers: {{affluent: 1k}}}}
moves:
  may_come: [{{who: atlas, arrival: 30%, change: {{service: 1}}, size: {{uniform: [0.5, 1.5]}}}}]
"""


@pytest.fixture(scope="session")
def lucky_file(market: Path) -> Path:
    path = market.with_name("lucky.yaml")
    path.write_text(LUCK.format(market=market.name))
    return path


@pytest.fixture(scope="session")
def lucky(lucky_file: Path) -> Run:
    """Expected values, in 40 replications of a market's luck."""
    return run(load_scenario(lucky_file))


@pytest.fixture(scope="session")
def lucky_study(lucky: Run) -> CompareStudy:
    return compare(lucky)
