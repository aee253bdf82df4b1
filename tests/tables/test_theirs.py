"""What rivals offer after moves and programmes: on their scales, and in the order in which moves are written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario.move import Change
from tests.properties.worlds import market, opened
from tests.tables.unfolding import Paths, market_of, unfold

SCENARIO, _, _ = opened(market() | {"rivals": {"atlas": {"knowledge": 0.2}}})
HERE = "affluent"
ATLAS, NEO = 0, 1
Offer = tuple[float, tuple[float, ...], float]  # price, levels, knowledge


def change(who: str | None = "atlas", start: int = 0, end: int = 8, **amounts: Any) -> Change:
    settled, segments = amounts.pop("settled", {}), amounts.pop("segments", (HERE,))
    return Change(who=who, start=start, end=end, change=amounts, set=settled, segments=segments)


def offers(*changes: Change, segment: str = HERE, rival: int = ATLAS, effects: Paths | None = None) -> list[Offer]:
    """In every period."""
    s = list(SCENARIO.segments).index(segment)
    periods = [period.theirs for period in unfold(market_of(SCENARIO, changes, theirs=effects))]
    return [
        (float(t.price[0, s, rival]), tuple(t.level[0, s, rival].tolist()), float(t.knowledge[0, s, rival]))
        for t in periods
    ]


def test_without_moves_rivals_offer_what_they_offer_today() -> None:
    assert offers() == [(98, (6, 5), 0.2)] * 8
    assert [price for price, *_ in offers(segment="mass", rival=NEO)] == [90] * 8


def test_a_move_holds_in_its_periods_and_segments_for_its_rival() -> None:
    moves = (change(start=2, end=4, rate=1), change("neo", rate=2), change(segments=("mass",), rate=3))
    assert [levels[0] for _, levels, _ in offers(*moves)] == [6, 6, 7, 7, 6, 6, 6, 6]
    assert offers(*moves, segment="mass")[0][1][0] == 9
    assert offers(*moves, rival=NEO)[0][1][0] == offers(rival=NEO)[0][1][0] + 2


def test_changes_of_price_multiply_and_changes_of_levels_add() -> None:
    price, levels, _ = offers(change(price=-0.1, rate=1), change(price=0.2, rate=0.5))[0]
    assert price == pytest.approx(98 * 0.9 * 1.2)
    assert levels[0] == 7.5


def test_what_is_set_comes_before_what_is_changed_and_the_last_counts() -> None:
    first, last = change(settled={"price": 50, "service": 3}), change(settled={"price": 40})
    price, levels, _ = offers(change(price=-0.5, service=1), first, last)[0]
    assert price == pytest.approx(40 * 0.5)
    assert levels[1] == 4


@given(st.floats(-1e3, 1e3), st.floats(-50, 50))
def test_levels_and_knowledge_stay_on_their_scales(points: float, knowledge: float) -> None:
    _, levels, known = offers(change(rate=points, knowledge=knowledge))[0]
    assert levels[0] == min(max(6 + points, 0), 10)
    assert known == min(max(0.2 + knowledge, 0), 1)


def test_a_level_that_was_cut_off_is_not_remembered() -> None:
    """Ten is the top of what customers perceive; taking one point away again leaves nine from what is promised."""
    assert offers(change(rate=9))[0][1][0] == 10
    assert offers(change(rate=9), change(rate=-3))[0][1][0] == 10
    assert offers(change(rate=9), change(rate=-6))[0][1][0] == 9


def test_what_a_rival_s_programme_adds_comes_on_top_of_what_its_moves_make() -> None:
    effects = {(HERE, "price"): [-0.1, -2.0], (HERE, "service"): [1.0, 9.0], ("mass", "rate"): [1.0, 1.0]}
    first, second, *_ = offers(change(settled={"price": 90}, service=0.5), effects=effects)
    assert first == (pytest.approx(90 * 0.9), (6, 6.5), 0.2)
    assert second[:2] == (0, (6, 10))
