"""What suppliers offer after levers and moves: on their scales, and in the order in which moves are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario.move import Change
from simengine.tables.propositions import active, factor, our_proposition, rival_proposition
from tests.properties.worlds import market, opened

SCENARIO, _, _ = opened(market() | {"rivals": {"atlas": {"knowledge": 0.2}}})
HERE = "affluent"


def change(who: str | None = "atlas", start: int = 0, end: int = 8, **amounts: Any) -> Change:
    settled, segments = amounts.pop("settled", {}), amounts.pop("segments", (HERE,))
    return Change(who=who, start=start, end=end, change=amounts, set=settled, segments=segments)


def rival(*changes: Change, period: int = 0, segment: str = HERE) -> Any:
    return rival_proposition(SCENARIO, "atlas", changes, {}, segment, period)


def test_without_moves_rivals_offer_what_they_offer_today() -> None:
    assert rival() == (98, (6, 5), 0.2)
    assert rival_proposition(SCENARIO, "neo", (), {}, "mass", 0).price == 90
    assert our_proposition(SCENARIO, {}, HERE, 3) == (100, (5, 7), 0.3)


def test_a_move_holds_in_its_periods_and_segments_for_its_rival() -> None:
    moves = (change(start=2, end=4, rate=1), change("neo", rate=2), change(segments=("mass",), rate=3))
    assert [rival(*moves, period=t).levels[0] for t in range(6)] == [6, 6, 7, 7, 6, 6]
    assert rival(*moves, segment="mass").levels[0] == 9
    assert active(moves, "neo", HERE, 0) == [moves[1]]


def test_changes_of_price_multiply_and_changes_of_levels_add() -> None:
    offer = rival(change(price=-0.1, rate=1), change(price=0.2, rate=0.5))
    assert offer.price == pytest.approx(98 * 0.9 * 1.2)
    assert offer.levels[0] == 7.5


def test_what_is_set_comes_before_what_is_changed_and_the_last_counts() -> None:
    first, last = change(settled={"price": 50, "service": 3}), change(settled={"price": 40})
    offer = rival(change(price=-0.5, service=1), first, last)
    assert offer.price == pytest.approx(40 * 0.5)
    assert offer.levels[1] == 4


@given(st.floats(-1e3, 1e3), st.floats(-50, 50))
def test_levels_and_knowledge_stay_on_their_scales(points: float, knowledge: float) -> None:
    offer = rival(change(rate=points, knowledge=knowledge))
    assert offer.levels[0] == min(max(6 + points, 0), 10)
    assert offer.knowledge == min(max(0.2 + knowledge, 0), 1)
    ours = our_proposition(SCENARIO, {(HERE, "rate"): [points]}, HERE, 0)
    assert ours.levels == (min(max(5 + points, 0), 10), 7)


def test_a_level_that_was_cut_off_is_not_remembered() -> None:
    """Ten is the top of what customers perceive; taking one point away again leaves nine from what is promised."""
    assert rival(change(rate=9)).levels[0] == 10
    assert rival(change(rate=9), change(rate=-3)).levels[0] == 10
    assert rival(change(rate=9), change(rate=-6)).levels[0] == 9


def test_levers_act_on_our_price_and_levels() -> None:
    effects = {(HERE, "price"): [0.0, -0.1], (HERE, "service"): [1.0, 2.0], ("mass", "price"): [0.5, 0.5]}
    assert our_proposition(SCENARIO, effects, HERE, 0) == (100, (5, 8), 0.3)
    assert our_proposition(SCENARIO, effects, HERE, 1) == (90, (5, 9), 0.3)


def test_what_a_rival_s_programme_adds_comes_on_top_of_what_its_moves_make() -> None:
    effects = {(HERE, "price"): [-0.1, -2.0], (HERE, "service"): [1.0, 9.0], ("mass", "rate"): [1.0, 1.0]}
    moves = (change(settled={"price": 90}, service=0.5),)
    first, second = (rival_proposition(SCENARIO, "atlas", moves, effects, HERE, t) for t in (0, 1))
    assert first == (pytest.approx(90 * 0.9), (6, 6.5), 0.2)
    assert (second.price, second.levels) == (0, (6, 10))


def test_changes_of_the_market_multiply() -> None:
    moves = (change(None, review=0.5), change(None, start=2, review=-0.2, cost=0.1), change(review=9))
    assert [factor(moves, "review", HERE, t) for t in (0, 2)] == pytest.approx([1.5, 1.2])
    assert [factor(moves, "cost", HERE, t) for t in (0, 2)] == pytest.approx([1, 1.1])
    assert factor(moves, "hazard", HERE, 0) == factor(moves, "review", "mass", 0) == 1
