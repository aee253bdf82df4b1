"""Customers who buy till they are gone: a scenario of them, and what the papers say is to be expected."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.special import hyp2f1

from simengine.scenario.model import Scenario
from tests.edited import Replacement, scenario_of_file

R, ALPHA, A, B = 0.243, 4.414, 0.793, 2.426  # CDNOW, weeks (Fader, Hardie & Lee 2005)
P, Q, GAMMA = 6.25, 3.74, 15.44
BUYERS = """\
calendar: {start: 2027-Q1, step: quarter, periods: 8}
simulation: {seed: 3, mode: expected}
company: {name: Shop, discount_rate: 10%, tax_rate: 25%, shares: 1000}
portfolio:
  customers: buyers.csv
  columns:
    {id: id, purchases: x, last_purchase: {column: t_x, unit: weeks}, observed: {column: T, unit: weeks}, spend: m}
segments:
  cohort:
    dynamics: buy-till-you-die
    purchases: {bg_nbd: {r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, unit: week}}
    spend: {gamma_gamma: {p: 6.25, q: 3.74, gamma: 15.44}}
    margin: 30%
    capital: 5% of revenue
levers:
  care: {target: retention, response: {hill: {max: 0.8, half: 10}}}
allocations:
  baseline: {}
  more: {care: {cohort: 10}}
moves:
  quiet: {}
  rival: [{at: 2027-Q3, change: {hazard: 40%}}]
"""
ROWS = "id,x,t_x,T,m\n1,2,30.43,38.86,22.35\n2,0,0,38.86,\n3,5,10,30,60\n4,5,10,30,20\n5,12,25,26,41\n"


def buyers(folder: Path, *replaced: Replacement, rows: str = ROWS, **simulation: object) -> Scenario:
    """The scenario with some of its text replaced."""
    return scenario_of_file(folder, "buyers", BUYERS, rows, *replaced, **simulation)


def alive(x: float, last: float, observed: float) -> float:
    """Equation of the paper's authors' note on P(alive), in weeks."""
    if x == 0:
        return 1.0
    return 1 / (1 + A / (B + x - 1) * ((ALPHA + observed) / (ALPHA + last)) ** (R + x))


def expected_purchases(weeks: float, x: float, last: float, observed: float) -> float:
    """E[Y(t) | x, t_x, T], equation 10 of Fader, Hardie & Lee 2005."""
    scale = ALPHA + observed
    left = (scale / (scale + weeks)) ** (R + x)
    left *= hyp2f1(R + x, B + x, A + B + x - 1, weeks / (scale + weeks))
    return float((A + B + x - 1) / (A - 1) * (1 - left) * alive(x, last, observed))


def still_alive(weeks: float, x: float, last: float, observed: float) -> float:
    """P(alive) so much later: E (1 + p t / (alpha + T))^-(r + x), p beta(a, b + x) distributed."""
    scale = ALPHA + observed
    left = (scale / (scale + weeks)) ** (R + x) * hyp2f1(R + x, B + x, A + B + x, weeks / (scale + weeks))
    return float(left * alive(x, last, observed))


def rows_of(count: int, seed: int) -> str:
    """A file of so many customers with any histories."""
    random = np.random.default_rng(seed)
    lines = ["id,x,t_x,T,m"]
    for i in range(count):
        x, observed = int(random.poisson(2.0)), round(float(random.uniform(5, 40)), 1)
        last = round(float(random.uniform(0.2, 1.0)) * observed, 1) if x else 0
        lines.append(f"{i},{x},{last},{observed},{round(float(random.uniform(10, 60)), 2) if x else ''}")
    return "\n".join(lines) + "\n"
