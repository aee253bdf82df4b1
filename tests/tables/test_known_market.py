"""Where no period follows from the one before, all are revealed at once: with the same bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.portfolio.load import load_portfolio
from simengine.scenario import load_scenario
from simengine.tables.build import ground_of
from simengine.tables.market import Market, plans_of
from simengine.tables.worlds import worlds_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SMALL = ("segments.affluent.size=60", "segments.mass.size=90")


@pytest.mark.parametrize("name", ["northbank", "northbank_rivals", "northbank_designs"])
def test_the_bits_are_those_of_period_after_period(name: str) -> None:
    scenario = load_scenario(SCENARIOS / f"{name}.yaml", settings=SMALL)
    ground = ground_of(scenario, load_portfolio(scenario))
    one, other = (Market(scenario, ground.today, worlds_of(scenario), plans_of(scenario)) for _ in range(2))
    if not one.known:
        pytest.skip("something of this market follows from the period before")
    for t in range(scenario.calendar.periods):
        one.reveal(t)
    other.reveal_all()
    for name in ("choice", "money", "rival_money"):
        for field, wanted, found in zip(
            getattr(one, name)._fields, getattr(one, name), getattr(other, name), strict=True
        ):
            assert np.array_equal(found, wanted), (name, field)
