"""Prices as cells: ours by what allocations do besides, rivals' by moves, against levers and moves of a scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.results.run import run
from simengine.scenario import ScenarioError
from simengine.study.wargame.price_market import PriceMarket
from simengine.study.wargame.prices import price_equilibrium
from tests.properties.worlds import market
from tests.study.wargame.markets import CUT, SPEND, document, scenario_of


def test_values_at_prices_are_those_of_a_lever_and_a_move(tmp_path: Path) -> None:
    """Our price 30 % lower by a lever, the rival's by a move: the same, but for what the lever costs."""
    written = document() | {
        "allocations": {"baseline": {}, "cut": {"rebates": {"a": SPEND, "b": SPEND}}},
        "moves": {"quiet": {}, "cut": [{"who": "rival", "at": 2027, "change": {"price": -CUT}}]},
    }
    scenario = scenario_of(tmp_path, written)
    priced = PriceMarket(scenario, "baseline", "quiet", 0.5, 2.0)
    values = priced.values(np.array([[1.0, 1.0], [1 - CUT, 1.0], [1.0, 1 - CUT], [1 - CUT, 1 - CUT]]))
    done = run(scenario)
    by_cell = dict(zip(done.tables.axes.cells, done.valuation.equity[:, 0] / done.valuation.money_scale, strict=True))
    theirs = dict(zip(done.tables.axes.cells, done.rival_valuation.value[:, 0, 0], strict=True))
    spent = 2 * SPEND / 1.1
    cells = [("baseline", "quiet"), ("cut", "quiet"), ("baseline", "cut"), ("cut", "cut")]
    ours = [by_cell[cell] + spent * (cell[0] == "cut") for cell in cells]
    assert values[0, :, 0] == pytest.approx(ours, abs=1e-6)
    assert values[1, :, 0].tolist() == [theirs[cell] for cell in cells]


def test_prices_of_today_are_the_market_as_it_is_to_the_bit(tmp_path: Path) -> None:
    """A market with every dynamics, lever and kind of move; a rival's programme runs on."""
    scenario = scenario_of(tmp_path, market(mode="expected"))
    priced = PriceMarket(scenario, "grow", "attack", 0.8, 1.25)
    values = priced.values(np.ones((1, 3)))
    done = run(scenario)
    cell = done.tables.axes.cells.index(("grow", "attack"))
    assert values[0, 0, 0] == done.valuation.equity[cell, 0] / done.valuation.money_scale
    assert values[1:, 0, 0].tolist() == done.rival_valuation.value[cell, 0].tolist()


@pytest.mark.parametrize(
    ("together", "said"), [([["us"]], "one player alone"), ([["us", "rivel"]], "did you mean 'rival'?")]
)
def test_groups_that_are_none_are_told(tmp_path: Path, together: list[list[str]], said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        price_equilibrium(scenario_of(tmp_path, document()), together=together)
    assert said in str(refused.value)


def test_contracts_have_no_price_to_compete_with(tmp_path: Path) -> None:
    written = document()
    written |= {
        "segments": {
            "a": {"dynamics": "contract", "size": 10, "hazard": {"constant": 0.1}, "revenue": 1, "margin": 0.5}
        }
    }
    for key in ("offers", "moves", "levers"):
        del written[key]
    written["allocations"] = {"baseline": {}}
    with pytest.raises(ScenarioError, match="no segment in which customers choose"):
        price_equilibrium(scenario_of(tmp_path, written))
