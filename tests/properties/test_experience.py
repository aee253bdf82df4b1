"""Touchpoints act through their change from today: to the bit, in both modes, and in the right direction."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.worlds import Document, live, market, opened, same_bits

QUALITIES = st.lists(st.floats(0.05, 1.0), min_size=3, max_size=3)
NAMES = ("app", "branch", "call")


def served(document: Document, qualities: Any = (0.8, 0.9, 0.4), **fields: Any) -> Document:
    """The same market, with touchpoints of three owners."""
    world = deepcopy(document)
    world["experience"] = {
        "touchpoints": {
            name: {"weight": weight, "quality": quality, "owner": f"owner of {name}"}
            for name, weight, quality in zip(NAMES, (0.2, 0.5, 0.3), qualities, strict=True)
        },
        "delivers": ["service"],
        **fields,
    }
    world["segments"]["affluent"]["gap_sensitivity"] = 0.5
    return world


def small(**simulation: Any) -> Document:
    world = market(**simulation)
    world["segments"]["affluent"]["size"], world["segments"]["mass"]["size"] = 60, 40
    world["calendar"]["periods"] = 6
    return world


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("residual", [{"method": "fade", "years": 5}, {"method": "run_off"}])
def test_touchpoints_that_nothing_changes_leave_every_bit_as_it_is(mode: str, residual: dict[str, Any]) -> None:
    document = small(mode=mode)
    document["company"]["residual"] = residual
    plain = live(document)
    stated = live(served(document))
    assert same_bits(plain.ledger, stated.ledger)
    assert plain.enterprise_value.tobytes() == stated.enterprise_value.tobytes()


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_with_even_touchpoints_one_owner_leaves_every_customer_where_it_is(mode: str) -> None:
    document = served(small(mode=mode), (0.7, 0.7, 0.7))
    document["allocations"] |= {"one": {"experience": {"owner": "one"}}}
    world = live(document)
    for move in ("quiet", "attack"):
        today, one = world.cell("baseline", move), world.cell("one", move)
        for field in ("count", "revenue", "joins", "leaves"):
            assert (getattr(world.ledger, field)[today] == getattr(world.ledger, field)[one]).all()


def test_the_order_of_touchpoints_is_immaterial() -> None:
    document = served(small())
    document["allocations"] |= {"worse": {"experience": {"quality": {"call": 0.2}}}}
    other = deepcopy(document)
    stated = other["experience"]["touchpoints"]
    other["experience"]["touchpoints"] = {name: stated[name] for name in reversed(NAMES)}
    assert same_bits(live(document).ledger, live(other).ledger)


@settings(max_examples=10, deadline=None)
@given(QUALITIES, st.floats(0.0, 4.0))
def test_one_owner_never_loses_customers(qualities: list[float], silo: float) -> None:
    document = served(small(), qualities, silo=silo)
    document["allocations"] = {"baseline": {}, "one": {"experience": {"owner": "one"}}}
    world = live(document)
    for move in ("quiet", "attack"):
        several, one = (world.customers[world.cell(name, move), 0, -1, :2, 0] for name in ("baseline", "one"))
        assert (one >= several - 1e-4).all()


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(NAMES), st.floats(0.05, 1.0))
def test_a_better_touchpoint_wins_customers_and_a_worse_one_loses_them(name: str, quality: float) -> None:
    document = served(small())
    before = document["experience"]["touchpoints"][name]["quality"]
    document["allocations"] = {"baseline": {}, "changed": {"experience": {"quality": {name: quality}}}}
    world = live(document)
    change = np.diff([world.customers[world.cell(each), 0, -1, 0, 0] for each in ("baseline", "changed")])[0]
    assert change >= -1e-4 if quality >= before else change <= 1e-4


def staffed(document: Document, today: float) -> Document:
    """The same market, with money on its employees."""
    world = served(document)
    response = {"adbudg": {"none": -0.4, "today": 0, "plus_half": 0.1, "saturated": 0.4}}
    world["levers"]["training"] = {"target": "enablement", "response": response, "today": {"affluent": today}}
    world["employees"] = {"enablement": {"today": 0.37}, "motivation": {"sensitivity": 3}}
    return world


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_employees_on_whom_todays_money_is_spent_leave_every_bit_as_it_is(mode: str) -> None:
    plain, stated = live(small(mode=mode)), live(staffed(small(mode=mode), 700))
    assert same_bits(plain.ledger, stated.ledger)
    assert same_bits(plain.ledger, live(staffed(small(mode=mode), 0)).ledger)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 3000))
def test_more_money_on_employees_wins_customers_and_less_loses_them(money: int) -> None:
    document = staffed(small(), 700)
    document["allocations"] = {"baseline": {}, "changed": {"training": {"affluent": money}}}
    world = live(document)
    change = np.diff([world.customers[world.cell(each), 0, -1, 0, 0] for each in ("baseline", "changed")])[0]
    assert change >= -1e-4 if money >= 700 else change <= 1e-4


def test_months_quarters_and_years_agree_on_employees() -> None:
    """Levels at the end of each year are the same on any calendar."""
    ends = []
    for step, periods, start in (("month", 36, "2026-01"), ("quarter", 12, "2026-Q1"), ("year", 3, "2026")):
        document = staffed(small(), 700)
        document["calendar"] = {"start": start, "step": step, "periods": periods}
        document["moves"] = {"quiet": {}}
        document["allocations"] = {"baseline": {}, "more": {"training": {"affluent": 1500}}}
        experience = opened(document)[2].experience
        assert experience is not None
        assert experience.employees is not None
        ends.append(experience.employees.enablement[1, periods // 3 - 1 :: periods // 3, 0])
    assert ends[0] == pytest.approx(ends[2], abs=1e-12)
    assert ends[1] == pytest.approx(ends[2], abs=1e-12)
