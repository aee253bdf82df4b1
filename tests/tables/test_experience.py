"""What touchpoints deliver, written out for one allocation, segment and period at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.tables.layout import Experience, Tables
from tests.properties.worlds import Document, market, opened

TOUCHPOINTS = {
    "call": {"weight": 2, "quality": 0.5, "owner": "operations"},
    "branch": {"weight": 1, "quality": 0.9, "owner": "retail"},
}
FIRST, THEN = {"until": "2026-Q2", "owner": "one"}, {"from": "2026-Q4", "quality": {"call": 0.25}}
TODAY = (2 / 3 / 0.5 + 1 / 3 / 0.9) ** -1  # two owners: the harmonic mean
ONE = 2 / 3 * 0.5 + 1 / 3 * 0.9
WORSE = (2 / 3 / 0.25 + 1 / 3 / 0.9) ** -1


def document(**fields: Any) -> Document:
    world = market()
    world["experience"] = {"touchpoints": TOUCHPOINTS, "delivers": ["service"]}
    world["allocations"] = {"baseline": {}, "what if": {"advisers": {"affluent": 9000}, "experience": [FIRST, THEN]}}
    world["segments"]["affluent"] |= fields
    return world


def tables(**fields: Any) -> Tables:
    return opened(document(**fields))[2]


def stated(built: Tables) -> Experience:
    assert built.experience is not None
    return built.experience


def delivered(built: Tables) -> Any:
    """[C, T, S, K] our levels as customers perceive them."""
    return built.offers.level[:, :, :, 0]


def at(built: Tables, allocation: str, move: str = "quiet") -> int:
    return built.axes.cells.index((allocation, move))


def test_nothing_is_said_where_nothing_is_stated() -> None:
    assert opened(market())[2].experience is None


def test_the_experience_of_every_period() -> None:
    built = tables()
    table = stated(built)
    assert table.touchpoints == ("branch", "call")
    assert table.today == pytest.approx(TODAY)
    for move in ("quiet", "attack"):
        c = at(built, "what if", move)
        assert table.owners[c].tolist() == [1, 1, 2, 2, 2, 2, 2, 2]
        assert table.quality[c, 3:, 0].tolist() == [[0.9, 0.25]] * 5
        for s in range(len(built.axes.segments)):
            assert table.experience[c, :, s] == pytest.approx([ONE, ONE, TODAY] + [WORSE] * 5)
        assert (table.experience[at(built, "baseline", move)] == table.today).all()


def test_levels_that_touchpoints_deliver_follow_it_and_others_do_not() -> None:
    built = tables()
    table, c = stated(built), at(built, "what if")
    affluent, mass, signed = (built.axes.segments.index(name) for name in ("affluent", "mass", "signed"))
    rate, service = (built.axes.needs.index(name) for name in ("rate", "service"))
    found = delivered(built)
    assert (found[..., rate] == table.promised[..., rate])[:, :, [affluent, mass]].all()
    assert (table.promised[c, 1:, affluent, service] > 7).all()
    assert (table.promised[c, :, mass, service] == 7).all()
    ratio = table.experience[c, :, 0] / table.today
    wanted = np.minimum(10, table.promised[c, :, [affluent, mass], service] * ratio)
    assert found[c, :, [affluent, mass], service] == pytest.approx(wanted)
    assert np.isnan(table.promised[:, :, signed]).all()
    assert np.isnan(found[:, :, signed]).all()


def test_customers_weigh_what_is_delivered() -> None:
    built = tables(points_worth=0.8)
    service, c = built.axes.needs.index("service"), at(built, "what if")
    found = built.choice.coefficient[c, :, 0, 0, service]
    assert found == pytest.approx(0.8 * delivered(built)[c, :, 0, service], rel=1e-6)


def test_a_gap_makes_our_customers_reconsider_and_nobody_else() -> None:
    built = tables(gap_sensitivity=0.7, review_cap=3)
    table, c = stated(built), at(built, "what if")
    mean_weight = built.features[:120, built.axes.needs.index("service")].astype(float).mean()
    short = np.maximum(0, table.promised[c, :, 0, 1] - delivered(built)[c, :, 0, 1])
    assert (short[:3] == 0).all()
    assert (short[3:] > 2).all()
    hazard = 0.6 * np.minimum(3, np.exp(0.7 * mean_weight * short))
    assert built.choice.review[c, :, 0, 0] == pytest.approx(1 - np.exp(-hazard / 4))
    assert built.choice.review[c, :, 0, 1:] == pytest.approx(1 - np.exp(-0.6 / 4))
    assert built.choice.review[c, :, 1] == pytest.approx(1 - np.exp(-0.8 / 4))
    assert built.choice.review[at(built, "baseline"), :, 0] == pytest.approx(1 - np.exp(-0.6 / 4))


def test_the_cap_of_reviews_holds_for_gaps() -> None:
    built = tables(gap_sensitivity=20, review_cap=2)
    assert built.choice.review[at(built, "what if"), 3:, 0, 0] == pytest.approx(1 - np.exp(-2 * 0.6 / 4))


def test_in_a_run_off_touchpoints_stay_as_they_are_at_the_horizon() -> None:
    world = document()
    world["company"]["residual"] = {"method": "run_off"}
    built = opened(world)[2]
    assert built.run_off is not None
    service, c = built.axes.needs.index("service"), at(built, "what if")
    wanted = (7 - 2) * WORSE / TODAY  # advisers who are not paid take two points away
    assert built.run_off.choice.coefficient[c, 0, 0, 0, service] == pytest.approx(wanted, rel=1e-6)


def test_money_that_is_spread_leaves_touchpoints_as_they_are_stated() -> None:
    world = document()
    world["allocations"]["what if"]["spread"] = {"budget": 1000, "lever": "club", "by": "equal"}
    built = opened(world)[2]
    assert stated(built).owners[at(built, "what if")].tolist() == [1, 1, 2, 2, 2, 2, 2, 2]
