"""Customers who pass from state to state: a scenario of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simengine.scenario.model import Scenario
from tests.edited import Replacement, scenario_of_file

NEXT = np.array([[0.3, 0.7, 0, 0], [0.2, 0, 0.8, 0], [0.15, 0, 0, 0.85], [0.05, 0, 0, 0]])
MONEY = np.array([36.0, -4.0, -4.0, -4.0])
CHAIN = """\
calendar: {start: 2027, step: year, periods: 6}
simulation: {seed: 5, mode: expected}
company: {name: Catalogue, discount_rate: 20%, shares: 1000, timing: start, residual: {method: run_off}}
portfolio: {customers: chain.csv, columns: {id: id, state: state}}
segments:
  mail:
    dynamics: markov
    states:
      one: {money: 36, next: {one: 30%, two: 70%}}
      two: {money: -4, next: {one: 20%, three: 80%}}
      three: {money: -4, next: {one: 15%, four: 85%}}
      four: {money: -4, next: {one: 5%}}
    every: year
    margin: 100%
levers:
  care: {target: retention, response: {hill: {max: 0.8, half: 10}}}
allocations:
  baseline: {}
  more: {care: {mail: 10}}
moves:
  quiet: {}
  rival: [{at: 2029, change: {hazard: 40%}}]
"""
ROWS = "id,state\n1,one\n2,two\n3,three\n4,four\n"


def chain(folder: Path, *replaced: Replacement, rows: str = ROWS, **simulation: object) -> Scenario:
    """The scenario with some of its text replaced."""
    return scenario_of_file(folder, "chain", CHAIN, rows, *replaced, **simulation)
