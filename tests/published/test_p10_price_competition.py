"""P10: firms that set prices for customers who choose by a logit, with an outside good (Calvano, Calzolari, Denicolo &
Pastorello 2020, doi:10.1257/aer.20190623, the market of their baseline: a = 2, c = 1, mu = 0.25, a_0 = 0).

In equilibrium p - c = mu / (1 - share). Utilities (a - p) / mu are 4 - 4 (p - 1) at the reference price of 1; with no
margin at that price a unit costs 1 at any price. Everybody reviews each period, nobody is loyal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simengine.scenario import load_scenario
from simengine.study.wargame.prices import price_equilibrium
from tests.bad.corpus import simengine

SCENARIO = """\
simengine: 1
name: Firms that set prices
calendar: {{start: 2027, step: year, periods: 1}}
simulation: {{mode: {mode}, replications: 20}}
company: {{name: Us, discount_rate: 10%, shares: 1000, residual: {{method: none}}}}
segments:
  all:
    size: {size}
    constants: {{us: 4, {constants}, none: 0}}
    inertia: 0
    review: always
    price_sensitivity: 4
    revenue: 1
    margin: 0
offers: {{us: {{price: 1}}, {offers}}}
rivals: {{{rivals}}}
allocations: {{baseline: {{}}}}
moves: {{quiet: {{}}}}
"""
SIZE, DISCOUNT = 4000, 1.1
TWO, PROFIT_OF_TWO, SHARE_OF_TWO = 1.4729266600, 0.2229266600, 0.4713768093
JOINT, PROFIT_OF_JOINT = 1.9249809190, 0.3374904595
THREE, PROFIT_OF_THREE = 1.3701627294, 0.1201627294


def scenario_file(folder: Path, firms: int, mode: str = "expected") -> Path:
    rivals = [f"firm_{n}" for n in range(2, firms + 1)]
    path = folder / f"{firms}_firms_{mode}.yaml"
    blocks = {
        "constants": ", ".join(f"{name}: 4" for name in rivals),
        "offers": ", ".join(f"{name}: {{price: 1}}" for name in rivals),
        "rivals": ", ".join(f"{name}: {{margin: 0, overhead: 0}}" for name in rivals),
    }
    path.write_text(SCENARIO.format(mode=mode, size=SIZE, **blocks))
    return path


def equilibrium(folder: Path, firms: int, mode: str = "expected", **asked: Any) -> dict[str, Any]:
    return price_equilibrium(load_scenario(scenario_file(folder, firms, mode)), **asked)


@pytest.mark.parametrize(("firms", "price", "profit"), [(2, TWO, PROFIT_OF_TWO), (3, THREE, PROFIT_OF_THREE)])
def test_prices_and_profits_of_firms_that_compete(tmp_path: Path, firms: int, price: float, profit: float) -> None:
    found = equilibrium(tmp_path, firms)
    assert found["rests"]
    for each in found["suppliers"].values():
        assert each["price"]["all"] == pytest.approx(price, abs=1e-5)
        assert abs(each["price"]["all"] - price) <= each["numerical_error"] + 1e-6
        assert each["value"]["mean"] * DISCOUNT / SIZE == pytest.approx(profit, abs=1e-5)
        assert each["value_today"]["mean"] == pytest.approx(0, abs=1e-9)
        assert each["epsilon"]["gain"] < 1e-6 * SIZE
        assert not each["at_edge"]


def test_the_margin_at_the_price_is_that_of_the_share() -> None:
    assert pytest.approx(0.25 / (1 - SHARE_OF_TWO), abs=1e-9) == TWO - 1


def test_a_cartel_sets_the_price_of_a_monopoly(tmp_path: Path) -> None:
    found = equilibrium(tmp_path, 2, together=[["us", "firm_2"]])
    for each in found["suppliers"].values():
        assert each["price"]["all"] == pytest.approx(JOINT, abs=5e-5)
        assert each["value"]["mean"] * DISCOUNT / SIZE == pytest.approx(PROFIT_OF_JOINT, abs=1e-5)


def test_intervals_of_drawn_customers_hold_the_price(tmp_path: Path) -> None:
    """One draw at 95 % each: the seed is fixed."""
    found = equilibrium(tmp_path, 2, "sampled")
    for each in found["suppliers"].values():
        low, high = each["ci95"]
        assert low < TWO < high
        assert high - low < 0.03


def test_the_command_prints_it(tmp_path: Path) -> None:
    path = scenario_file(tmp_path, 2)
    ended = simengine(["wargame", path.name, "--prices", "--within", "60%:190%", "--json", "--quiet"], tmp_path)
    assert ended.code == 0, ended.err
    prices = [each["multiple"] for each in json.loads(ended.out)["suppliers"].values()]
    assert prices == pytest.approx([TWO, TWO], abs=1e-5)
    said = simengine(["wargame", path.name, "--prices", "--quiet"], tmp_path).out
    assert said.count("1.4729") == 2
    assert "Nobody gains by any other price that was tried" in said
