"""Small scenarios with customer files, written to a folder and loaded as a user's would be."""

from __future__ import annotations

import json
from pathlib import Path

from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario

HEADER = """\
calendar: {start: 2027-Q1, step: quarter, periods: 4}
company: {name: Us, discount_rate: 9%, shares: 1M}
allocations: {baseline: {}}
"""
CONTRACT = "{dynamics: contract, hazard: {constant: 10%}, margin: 50%, revenue: 100}"
CHOICE = """\
    needs: {speed: 0.5, service: 0.3, advice: 0.2}
    shares: {us: 40%, atlas: 35%, none: 25%}
    review: 20%
    churn: 5%
    margin: 50%
"""
MARKET = f"""\
needs: [speed, service, advice]
offers:
  us: {{speed: 5, service: 5, advice: 5}}
  atlas: {{speed: 5, service: 5, advice: 5}}
segments:
  retail:
{CHOICE}"""


def scenario(folder: Path, body: str, **simulation: object) -> Scenario:
    """The scenario of a body below the usual header."""
    path = folder / "scenario.yaml"
    path.write_text(HEADER + body)
    return load_scenario(path, simulation=simulation)


def with_file(
    folder: Path, rows: str, columns: str, body: str, *, name: str = "customers.csv", **simulation: object
) -> Scenario:
    """The scenario of a body and a customer file with the text `rows`."""
    (folder / name).write_text(rows)
    portfolio = f"portfolio: {{customers: {json.dumps(name)}, columns: {columns}}}\n"
    return scenario(folder, portfolio + body, **simulation)
