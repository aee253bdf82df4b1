"""Conditions on the market hold in each world as a plain reading of their text says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario import load_scenario
from simengine.scenario.condition import Condition, Measure, Name
from simengine.scenario.condition_parser import parse_condition
from simengine.scenario.model import Scenario
from simengine.tables.condition import MarketView, Observer
from tests.oracle.condition import Shown, holds
from tests.scenario.conditions import conditions
from tests.scenario.worlds import BANK, write

SUPPLIERS = ("us", "atlas", "none")
SEGMENTS = ("affluent", "mass", "savers")  # the last is under contract
NEEDS = ("rate", "service")
WORLDS = 7


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(write(tmp_path_factory.mktemp("condition"), BANK))


def view_of(seed: int) -> MarketView:
    """A market in which each world is another; some segments are empty, some suppliers alike."""
    draw = np.random.default_rng(seed)
    shape = (WORLDS, len(SEGMENTS), len(SUPPLIERS))
    customers = draw.integers(0, 4, shape) * draw.choice([0.0, 1.0, 97.0], shape)
    customers[:, 2, 1] = 0.0
    return MarketView(
        customers,
        np.round(draw.uniform(80, 110, shape)),
        np.round(draw.uniform(0, 10, (*shape, len(NEEDS)))),
        np.round(draw.uniform(0, 1, shape), 1),
    )


def shown(view: MarketView, world: int) -> Shown:
    choosing = {"affluent": 3, "mass": 3, "savers": 0}

    def by_name(values: np.ndarray) -> dict[str, dict[str, float]]:
        return {
            name: {who: float(values[world, s, j]) for j, who in enumerate(SUPPLIERS[: choosing[name]])}
            for s, name in enumerate(SEGMENTS)
        }

    everybody = {
        name: dict(zip(SUPPLIERS, view.customers[world, s].tolist(), strict=True)) for s, name in enumerate(SEGMENTS)
    }
    levels = [by_name(view.level[..., k]) for k in range(len(NEEDS))]
    level = {
        name: {who: {need: levels[k][name][who] for k, need in enumerate(NEEDS)} for who in levels[0][name]}
        for name in SEGMENTS
    }
    competing = frozenset(SEGMENTS[:2])
    return Shown(everybody, by_name(view.price), level, by_name(view.knowledge), competing)


@st.composite
def measured(draw: st.DrawFn) -> Measure:
    """What the bank's market shows."""
    what = draw(st.sampled_from(["share", "customers", "price", "level", "knowledge"]))
    counted = what in ("share", "customers")
    who = draw(st.sampled_from(SUPPLIERS if counted else SUPPLIERS[:2]))
    segment = draw(st.none() | st.sampled_from(SEGMENTS if counted else SEGMENTS[:2]))
    need = Name(draw(st.sampled_from(NEEDS))) if what == "level" else None
    return Measure(what, Name(who), need, None if segment is None else Name(segment))


@given(conditions(measured()), st.integers(0, 5), st.permutations(range(WORLDS)))
def test_a_condition_holds_where_its_text_says_so(
    bank: Scenario, condition: Condition, seed: int, worlds: list[int]
) -> None:
    view, some = view_of(seed), np.array(worlds[:4], np.int64)
    found = Observer(bank).holds(condition, view, some)
    assert found.tolist() == [holds(str(condition), shown(view, world)) for world in some.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("share(us) > 38%", False),
        ("share(us) >= 0.3", True),
        ("share(us, affluent) >= 40% and share(us, mass) <= 20%", True),
        ("customers(us) >= 60 and customers(us) <= 60", True),
        ("customers(us, savers) > 500", True),
        ("customers(none) < 40", False),
        ("price(us) >= 98.1 and price(us) <= 98.1", True),
        ("price(atlas) > 95", True),
        ("price(atlas, mass) > 95", False),
        ("level(us, service, mass) + 1 > level(us, service, affluent)", True),
        ("knowledge(atlas) / knowledge(us) > 1000", True),  # more than 0, over nothing
        ("knowledge(us) / knowledge(us) > 0", False),  # 0 / 0
        ("not knowledge(us) / knowledge(us) > 0", True),
        ("2 > 1 or knowledge(us) / knowledge(us) > 0", True),
    ],
)
def test_what_is_measured(bank: Scenario, text: str, expected: bool) -> None:
    customers = np.array([[[40.0, 50.0, 10.0], [20.0, 50.0, 30.0], [900.0, 0.0, 100.0]]])
    price = np.array([[[98.1, 100.0, 0.0], [98.1, 92.0, 0.0], [98.1, 0.0, 0.0]]])
    level = np.zeros((1, 3, 3, 2))
    level[0, :2, 0] = 7.0
    knowledge = np.array([[[0.0, 0.2, 0.0]] * 3])
    view = MarketView(customers, price, level, knowledge)
    assert Observer(bank).holds(parse_condition(text), view, np.array([0])).tolist() == [expected]


def test_a_market_that_is_empty_has_no_shares(bank: Scenario) -> None:
    view = view_of(0)._replace(customers=np.zeros((WORLDS, 3, 3)))
    found = Observer(bank).holds(parse_condition("share(us) > 0 or share(us) < 0"), view, np.arange(WORLDS))
    assert not found.any()
