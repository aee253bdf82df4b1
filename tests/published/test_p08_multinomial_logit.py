"""P8: multinomial logit shares and price elasticities (closed forms: McFadden 1974; Train 2009, chapter 3).

Utilities (1, 0.5, 0.2) - 0.2 (10, 8, 7), without and with an outside option of utility 0. The scenario's utility is
constant - sensitivity x (price / our price - 1): with sensitivity 2 and our price 10 that is 0.2 a unit of money, up
to a common 2 that the outside option gets as well.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import simengine

SCENARIO = """\
simengine: 1
name: A logit market
calendar: {{start: 2027, step: year, periods: 1}}
simulation: {{mode: expected}}
company: {{name: Us, discount_rate: 10%, shares: 100}}
segments:
  all:
    size: 3000
    constants: {{us: 1, b: 0.5, c: 0.2{outside}}}
    inertia: 0
    review: always
    price_sensitivity: 2
    revenue: 10
    margin: 50%
offers:
  us: {{price: 10}}
  b: {{price: 8}}
  c: {{price: 7}}
allocations:
  baseline: {{}}
moves:
  quiet: {{}}
  b_up: [{{who: b, at: 2027, change: {{price: 0.5%}}}}]
  b_down: [{{who: b, at: 2027, change: {{price: -0.5%}}}}]
  c_up: [{{who: c, at: 2027, change: {{price: 0.5%}}}}]
  c_down: [{{who: c, at: 2027, change: {{price: -0.5%}}}}]
"""


def shares(folder: Path, outside: str) -> dict[str, np.ndarray]:
    """Shares of (us, b, c, outside) at the end of the only period, by move."""
    path = folder / "logit.yaml"
    path.write_text(SCENARIO.format(outside=outside))
    run = simengine.run(simengine.load(path))
    count = run.ledger.count[:, 0, -1, 0].sum(axis=-1) / run.ledger.count_scale / 3000
    by_supplier = np.column_stack([count[:, :3].sum(axis=1), count[:, 3:]])
    return {move: by_supplier[c] for c, (_, move) in enumerate(run.tables.axes.cells)}


def elasticity(of: np.ndarray, up: np.ndarray, down: np.ndarray) -> np.ndarray:
    return np.asarray((up - down) / 0.01 / of)


def test_shares_without_an_outside_option(tmp_path: Path) -> None:
    assert shares(tmp_path, "")["quiet"] == pytest.approx([0.367165, 0.332225, 0.300610, 0.0], abs=1e-6)


def test_shares_with_an_outside_option(tmp_path: Path) -> None:
    expected = [0.183761, 0.166274, 0.150451, 0.499514]
    assert shares(tmp_path, ", none: 2")["quiet"] == pytest.approx(expected, abs=1e-6)


def test_own_and_cross_price_elasticities(tmp_path: Path) -> None:
    """Central differences over 1 %: exact to 1e-4 here."""
    by_move = shares(tmp_path, "")
    of_b = elasticity(by_move["quiet"][:3], by_move["b_up"][:3], by_move["b_down"][:3])
    of_c = elasticity(by_move["quiet"][:3], by_move["c_up"][:3], by_move["c_down"][:3])
    assert of_b == pytest.approx([0.531560, -1.068440, 0.531560], abs=1e-4)
    assert of_c == pytest.approx([0.420853, 0.420853, -0.979147], abs=1e-4)


def test_diversion_to_b_when_our_customers_leave_is_its_share_among_the_others(tmp_path: Path) -> None:
    quiet = shares(tmp_path, "")["quiet"]
    assert quiet[1] / (1 - quiet[0]) == pytest.approx(0.524979, abs=2e-6)
