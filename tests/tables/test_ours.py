"""What we offer after levers: on its scales."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.worlds import market, opened
from tests.tables.unfolding import Paths, market_of, unfold

SCENARIO, _, _ = opened(market())
HERE = "affluent"


def ours(effects: Paths) -> list[tuple[float, list[float]]]:
    """Price and promised levels in every period."""
    s = list(SCENARIO.segments).index(HERE)
    periods = [period.ours for period in unfold(market_of(SCENARIO, effects=effects))]
    return [(float(offer.price[0, s]), offer.promised[0, s].tolist()) for offer in periods]


def test_levers_act_on_our_price_and_levels() -> None:
    assert ours({})[3] == (100, [5, 7])
    effects = {(HERE, "price"): [0.0, -0.1], (HERE, "service"): [1.0, 2.0], ("mass", "price"): [0.5, 0.5]}
    assert ours(effects)[:2] == [(100, [5, 8]), (90, [5, 9])]


@given(st.floats(-1e3, 1e3))
def test_levels_stay_between_nothing_and_ten(points: float) -> None:
    assert ours({(HERE, "rate"): [points]})[0][1] == [min(max(5 + points, 0), 10), 7]
