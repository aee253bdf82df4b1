"""Changes of the market multiply, each where and while it holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simengine.tables.holding import Moves, market_factor
from simengine.tables.worlds import worlds_of
from tests.properties.worlds import market, opened
from tests.tables.test_theirs import change

SCENARIO, _, _ = opened(market())


def test_changes_of_the_market_multiply() -> None:
    stated = (change(None, review=0.5), change(None, start=2, review=-0.2, cost=0.1), change(review=9))
    scenario = replace(SCENARIO, moves={"quiet": (), "moved": stated})
    worlds, shape = worlds_of(scenario, replications=2), (4 * len(SCENARIO.allocations), 3)
    moves, moved = Moves(scenario, worlds), worlds.move == 1
    for period, review, cost in ((0, 1.5, 1.0), (2, 1.2, 1.1)):
        factors = {key: market_factor(moves.holding(period), key, shape) for key in ("review", "cost", "hazard")}
        assert factors["review"][moved, 0] == pytest.approx(review)
        assert factors["cost"][moved, 0] == pytest.approx(cost)
        assert (factors["hazard"] == 1).all()
        for key in ("review", "cost"):
            assert np.delete(factors[key], 0, axis=1).tolist() == np.ones((shape[0], 2)).tolist()
            assert (factors[key][~moved] == 1).all()
