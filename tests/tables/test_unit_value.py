"""Unit values against `value`: one customer's flows, one at a time, through the whole of the valuation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.tables.unit_value import unit_values
from simengine.valuation.value import value
from tests.valuation.ledgers import COUNT_SCALE, MONEY_SCALE, empty_ledger, random_book

CELL, SEGMENT = 1, 2  # of `random_book`, where every table differs from every other


@pytest.fixture(scope="module")
def book() -> Any:
    _, axes, economics = random_book(4)
    return axes, economics._replace(timing="mid", overhead=0.0), unit_values(economics._replace(timing="mid"), axes)


def worth(axes: Any, economics: Any, **totals: tuple[tuple[int, ...], float]) -> float:
    """Value of a ledger with single entries: field -> (index after cell and replication, amount)."""
    ledger = empty_ledger(axes)
    for field, (place, amount) in totals.items():
        scale = MONEY_SCALE if field == "revenue" else COUNT_SCALE
        getattr(ledger, field)[(CELL, 0, *place)] = round(amount * scale)
    return float(value(ledger, economics, axes).customers[CELL, 0, SEGMENT].sum() / MONEY_SCALE)


@pytest.mark.parametrize("period", [0, 4, 8])
@pytest.mark.parametrize("stage", [0, 1, 2])
def test_a_unit_of_revenue_and_a_customer(book: Any, stage: int, period: int) -> None:
    axes, economics, unit = book
    place = (period + 1, SEGMENT, stage, 1)
    amount = 1e4
    of_revenue = worth(axes, economics, revenue=(place, amount)) / amount
    assert unit.revenue[CELL, SEGMENT, stage, period] == pytest.approx(of_revenue, rel=1e-8)
    of_customers = worth(axes, economics, count=(place, amount)) / amount
    assert unit.customer[CELL, SEGMENT, stage, period] == pytest.approx(of_customers, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("stage", [0, 1, 2])
def test_an_opening_customer(book: Any, stage: int) -> None:
    axes, economics, unit = book
    place, amount = (0, SEGMENT, stage, 0), 1e4
    assert unit.opening_revenue[SEGMENT, stage] == pytest.approx(
        worth(axes, economics, revenue=(place, amount)) / amount, rel=1e-8
    )
    assert unit.opening_customer[SEGMENT, stage] == pytest.approx(
        worth(axes, economics, count=(place, amount)) / amount, rel=1e-8
    )


@pytest.mark.parametrize("period", [0, 4, 8])
def test_a_joining(book: Any, period: int) -> None:
    axes, economics, unit = book
    amount = 1e4
    found = worth(axes, economics, joins=((period, SEGMENT, 0, 1), amount)) / amount
    assert unit.join[CELL, SEGMENT, period] == pytest.approx(found, rel=1e-8)


def test_shapes_follow_the_axes(book: Any) -> None:
    _, _, unit = book
    assert unit.revenue.shape == unit.customer.shape == (2, 3, 3, 9)
    assert unit.join.shape == (2, 3, 9)
    assert all(np.isfinite(each).all() for each in unit)
