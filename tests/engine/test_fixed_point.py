"""The grids: powers of two, as fine as they can be while no total overflows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.engine.fixed_point import HEADROOM, LARGEST, count_scale, money_scale

AMOUNTS = st.floats(1e-3, 1e15)


def power_of_two(scale: float) -> bool:
    return scale > 0 and np.frexp(scale)[0] == 0.5


@given(st.lists(st.tuples(st.floats(0, 1e6), AMOUNTS), min_size=1, max_size=5), st.floats(0.1, 60))
def test_money(rows: list[tuple[float, float]], years: float) -> None:
    weight, revenue = np.array(rows).T
    scale = money_scale(weight, revenue, years)
    assert power_of_two(scale)
    market = max(float((weight * revenue).sum()) * max(years, 1.0), 1.0)
    assert market * scale * HEADROOM <= LARGEST < 2 * market * scale * HEADROOM


@given(st.floats(0.5, 1e13))
def test_customers(market: float) -> None:
    weight = np.array([market / 2, market / 2])
    assert count_scale(weight, "sampled") == 1
    scale = count_scale(weight, "expected")
    assert power_of_two(scale)
    assert max(market, 1.0) * scale * HEADROOM <= LARGEST
    assert scale == 2.0**30 or 2 * market * scale * HEADROOM > LARGEST


@pytest.mark.parametrize("market", [1e20, 1e30])
def test_markets_of_any_size_have_a_scale(market: float) -> None:
    """Coarser than a unit of currency if it must be."""
    scale = money_scale(np.ones(1), np.array([market]), 10.0)
    assert power_of_two(scale)
    assert scale < 1
    assert market * 10 * scale * HEADROOM <= LARGEST


def test_an_empty_market_has_a_scale() -> None:
    assert money_scale(np.zeros(0), np.zeros(0), 1.0) == LARGEST / HEADROOM
    assert count_scale(np.zeros(0), "expected") == 2.0**30
