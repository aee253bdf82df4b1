"""What rivals offer when they imitate: late by a period, in the stated time, and nothing where we add nothing."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest

from simengine.scenario.model import Scenario
from simengine.tables.layout import Tables
from tests.properties.worlds import market, opened
from tests.tables.unfolding import Paths, market_of, unfold

HERE, PERIODS = "affluent", 8
LEADS: Paths = {(HERE, "service"): [1.0] * PERIODS, (HERE, "price"): [-0.1] * PERIODS}


def world(move: Any = (), **blocks: Any) -> tuple[Scenario, Tables]:
    """The market with a move `moved` and other blocks."""
    document = market() | blocks
    document["moves"] = {"quiet": {}, "moved": list(move)}
    scenario, _, tables = opened(document)
    return scenario, tables


def offers(
    speeds: dict[str, float], effects: Paths = LEADS, move: Any = (), rivals: Any = None
) -> dict[str, list[Any]]:
    """Offers of atlas (today 98, rate 6, service 5) to the affluent."""
    scenario, _ = world(move, imitation=speeds, rivals=rivals or {})
    found = [period.theirs for period in unfold(market_of(scenario, scenario.moves["moved"], effects))]
    s, atlas = list(scenario.segments).index(HERE), 0
    return {
        "price": [float(offer.price[0, s, atlas]) for offer in found],
        "rate": [float(offer.level[0, s, atlas, 0]) for offer in found],
        "service": [float(offer.level[0, s, atlas, 1]) for offer in found],
    }


def test_a_lead_is_seen_at_the_end_of_a_period_and_wears_away_from_the_next_on() -> None:
    found = offers({"service": 0.6, "price": 2.0})
    left = [exp(-0.6 * t / 4) for t in range(PERIODS)]
    assert found["service"] == pytest.approx([5 + 1 - lead for lead in left], rel=1e-12)
    left = [exp(-2.0 * t / 4) for t in range(PERIODS)]
    assert found["price"] == pytest.approx([98 * (1 - 0.1 * (1 - lead)) for lead in left], rel=1e-12)
    assert found["rate"] == [6.0] * PERIODS


def test_each_rival_at_its_own_speed() -> None:
    own = {"atlas": {"imitation": {"service": 2.0, "price": 0}}}
    found = offers({"service": 0.1, "price": 1.0, "rate": 1.0}, rivals=own)
    assert found["service"][4] == pytest.approx(6 - exp(-2.0))
    assert found["price"] == [98.0] * PERIODS
    assert offers({}, rivals=own) | {"rate": found["rate"]} == found


def test_nothing_moves_where_we_add_nothing_even_where_rivals_give_up_something() -> None:
    back = [{"who": "atlas", "at": "2026-Q2", "change": {"service": -2, "price": 0.05}}]
    fast = {"price": 12, "rate": 12, "service": 12}
    worse: Paths = {(HERE, "service"): [-1.0] * PERIODS, (HERE, "price"): [0.2] * PERIODS}
    for effects in ({}, worse):
        assert offers(fast, effects) == offers({}, effects)
        assert offers(fast, effects, back) == offers({}, effects, back)


def test_what_a_move_adds_is_no_lead_of_ours_and_what_it_takes_away_is_not_given_back() -> None:
    speeds = {"service": 1.0}
    most = [{"who": "atlas", "at": "2026-Q1", "change": {"service": 0.75}}]
    assert offers(speeds, move=most)["service"][4] == pytest.approx(5.75 + 0.25 * (1 - exp(-1.0)))
    more = [{"who": "atlas", "at": "2026-Q1", "change": {"service": 1.5}}]
    assert offers(speeds, move=more)["service"] == [6.5] * PERIODS
    less = [{"who": "atlas", "at": "2026-Q1", "change": {"service": -1}}]
    assert offers(speeds, move=less)["service"][4] == pytest.approx(4 + 1 - exp(-1.0))


def test_a_rival_whose_own_cut_ends_follows_ours_from_then_on() -> None:
    war = [{"who": "atlas", "at": "2026-Q1", "until": "2026-Q4", "change": {"price": -0.12}}]
    found = offers({"price": 2.0}, move=war)["price"]
    assert found[:5] == pytest.approx([98 * 0.88] * 4 + [98])
    assert found[5] == pytest.approx(98 * (1 - 0.1 * (1 - exp(-0.5))))


def test_a_move_that_sets_a_level_starts_anew_from_there() -> None:
    move = [{"who": "atlas", "at": "2026-Q3", "until": "2027-Q1", "set": {"service": 5.25}}]
    found = offers({"service": 4.0}, move=move)["service"]
    assert found[1] == pytest.approx(6 - exp(-1.0))
    assert found[2] == 5.25
    assert found[3] == pytest.approx(5.25 + 0.75 * (1 - exp(-1.0)))
    assert found[5] - 5 == pytest.approx(found[4] - 5.25 + (1 - 0.25 - (found[4] - 5.25)) * (1 - exp(-1.0)))


def test_what_we_take_back_rivals_keep() -> None:
    effects: Paths = {(HERE, "service"): [1.0] * 4 + [0.0] * 4}
    found = offers({"service": 2.0}, effects)["service"]
    assert found[4:] == [found[4]] * 4
    assert found[4] == pytest.approx(6 - exp(-2.0))


def test_levels_end_at_ten_and_prices_at_nothing() -> None:
    effects: Paths = {(HERE, "rate"): [5.0] * PERIODS, (HERE, "price"): [-0.95] * PERIODS}
    move = [{"who": "atlas", "at": "2027-Q1", "change": {"price": -0.9}}]
    found = offers({"rate": 12, "price": 12}, effects, move)
    assert found["rate"][-1] == 10
    assert found["price"][-1] == 0
    dear: Paths = {(HERE, "service"): [9.0] * PERIODS}  # ours goes from 7 to 10 only: that is the lead
    assert offers({"service": 12}, dear)["service"][-1] == pytest.approx(8, abs=1e-3)


def test_leads_are_of_a_segment_and_of_an_allocation() -> None:
    scenario, tables = world(imitation={"service": 0.6, "price": 2.0})
    cells, axes = tables.axes.cells, tables.axes
    service = axes.needs.index("service")
    level = tables.choice.coefficient[..., 1, service]  # [C, T, S] of atlas
    for allocation, moving in (("baseline", []), ("grow", ["affluent"]), ("keep", [])):
        of_cell = level[cells.index((allocation, "quiet"))]
        assert [axes.segments[s] for s in range(2) if (of_cell[:, s] != of_cell[0, s]).any()] == moving
    ratio = tables.rivals.price_ratio[cells.index(("grow", "quiet")), 0]  # only the mass are given a discount
    assert (ratio[:3, 1, 0] == 0.98).all()
    assert (np.diff(ratio[2:, 1, 0]) < 0).all()
    assert (ratio[:, 0, 0] == 0.98).all()
    assert scenario.imitates("neo")


def test_rivals_keep_what_they_imitated_when_our_programmes_end_with_the_horizon() -> None:
    company = market()["company"] | {"residual": {"method": "run_off"}}
    _, tables = world(imitation={"service": 2.0}, company=company)
    assert tables.run_off is not None
    for c in range(len(tables.axes.cells)):
        assert (tables.run_off.choice.coefficient[c, 0, :, 1:] == tables.choice.coefficient[c, -1, :, 1:]).all()


def test_rivals_imitate_what_is_delivered_and_not_what_is_promised() -> None:
    """Twice as good an experience lifts service from 7 to 10; a promise of a point more that is not kept is no lead."""
    desk = {"touchpoints": {"desk": {"weight": 1, "quality": 0.4, "owner": "one"}}, "delivers": ["service"]}
    allocations = {
        "baseline": {},
        "better": {"experience": {"quality": {"desk": 0.8}}},
        "unkept": {"advisers": {"affluent": 20000}, "experience": {"quality": {"desk": 0.3}}},
    }
    _, tables = world(imitation={"service": 2.0}, experience=desk, allocations=allocations)
    axes = tables.axes
    s, service = axes.segments.index(HERE), axes.needs.index("service")
    level = {name: tables.offers.level[axes.cells.index((name, "quiet")), :, s, :, service] for name in allocations}
    assert (level["better"][:, 0] == 10).all()
    assert level["better"][:, 1] == pytest.approx([5 + 3 * (1 - exp(-2.0 * t / 4)) for t in range(PERIODS)])
    assert (level["unkept"][:, 0] < 7).all()
    assert (level["unkept"][:, 1] == 5).all()
