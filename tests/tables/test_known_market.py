"""Where no period follows from the one before, all are revealed at once: with the same bits."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from simengine.portfolio.load import load_portfolio
from simengine.scenario import load_scenario
from simengine.tables import unfolding
from simengine.tables.build import ground_of, unfolding_of
from simengine.tables.layout import Tables
from simengine.tables.market import Market, plans_of
from simengine.tables.worlds import worlds_of
from tests.properties.worlds import Document, market, opened

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
    require_same(one, other)


def require_same(one: Market, other: Market) -> None:
    for name in ("choice", "money", "rival_money"):
        for field, wanted, found in zip(
            getattr(one, name)._fields, getattr(one, name), getattr(other, name), strict=True
        ):
            assert np.array_equal(found, wanted), (name, field)


def with_luck(shocks: float = 0.2, drifting: float = 0.05) -> Document:
    """A market with shocks, and needs that drift, in segments whose customers talk."""
    document = deepcopy(market())
    document["market"] = {"volatility": shocks, "persistence": 0.6, "demand": {"volatility": 0.1}}
    drift = {"trend": {"service": 0.02}, "volatility": drifting, "persistence": 0.7}
    for name in ("affluent", "mass"):
        document["segments"][name] |= {"needs_drift": drift, "tailoring": 0.8, "word_of_mouth": 1.5}
    return document


@pytest.mark.parametrize(("shocks", "drifting"), [(0.2, 0.05), (0.2, 0.0), (0.0, 0.05)])
def test_worlds_of_luck_have_the_bits_of_period_after_period(shocks: float, drifting: float) -> None:
    scenario, portfolio, _ = opened(with_luck(shocks, drifting))
    ground = ground_of(scenario, portfolio)
    one, other = (Market(scenario, ground.today, worlds_of(scenario, 2, 3), plans_of(scenario)) for _ in range(2))
    assert one.known
    for t in range(scenario.calendar.periods):
        one.reveal(t)
    other.reveal_all()
    require_same(one, other)
    assert np.array_equal(one.demand, other.demand)
    by_period = np.ptp(one.choice.shift.reshape(-1, 3, *one.choice.shift.shape[1:]), axis=1).max(axis=(0, 2, 3))
    assert (by_period > 0.0).all(), "replications do not differ"


@pytest.mark.parametrize("first", [0, 2])
def test_what_is_told_of_all_periods_is_told_of_each(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, portfolio, tables = opened(with_luck())

    def told() -> Tables:
        whole = unfolding_of(scenario, portfolio, tables, 5)
        assert whole is not None
        batch = whole.batch(first, 3)
        batch.reveal_all()
        return whole.finished()._replace(choice=batch.choice)

    at_once = told()
    monkeypatch.setattr(unfolding, "MOST_AT_ONCE", 0)
    for field, wanted, found in zip(Tables._fields, told(), at_once, strict=True):
        np.testing.assert_equal(found, wanted, field)
