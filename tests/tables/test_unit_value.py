"""Unit values against `value`: one customer's flows, one at a time, through the whole of the valuation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.tables.layout import Residual
from simengine.tables.unit_value import unit_values
from simengine.valuation.value import value
from tests.valuation.ledgers import COUNT_SCALE, MONEY_SCALE, empty_ledger, random_book

CELL, REPLICATION, SEGMENT = 1, 2, 2  # of `random_book`, where every table differs from every other


@pytest.fixture(scope="module")
def book() -> Any:
    _, axes, economics = random_book(4, apart=True)
    return axes, economics._replace(timing="mid", overhead=0.0), unit_values(economics._replace(timing="mid"), axes)


def worth(axes: Any, economics: Any, **totals: tuple[tuple[int, ...], float]) -> float:
    """Value of a ledger with single entries: field -> (index after cell and replication, amount)."""
    ledger = empty_ledger(axes, economics.wallet.shape[1])
    for field, (place, amount) in totals.items():
        scale = MONEY_SCALE if field == "revenue" else COUNT_SCALE
        getattr(ledger, field)[(CELL, REPLICATION, *place)] = round(amount * scale)
    return float(value(ledger, economics, axes).customers[CELL, REPLICATION, SEGMENT].sum() / MONEY_SCALE)


@pytest.mark.parametrize("period", [0, 4, 8])
@pytest.mark.parametrize("stage", [0, 1, 2])
def test_a_unit_of_revenue_and_a_customer(book: Any, stage: int, period: int) -> None:
    axes, economics, unit = book
    place = (period + 1, SEGMENT, stage, 1)
    amount = 1e4
    of_revenue = worth(axes, economics, revenue=(place, amount)) / amount
    assert unit.revenue[CELL, REPLICATION, SEGMENT, stage, period] == pytest.approx(of_revenue, rel=1e-8)
    of_customers = worth(axes, economics, count=(place, amount)) / amount
    assert unit.customer[CELL, REPLICATION, SEGMENT, stage, period] == pytest.approx(of_customers, rel=1e-8, abs=1e-8)


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
    assert unit.join[CELL, REPLICATION, SEGMENT, period] == pytest.approx(found, rel=1e-8)


def test_shapes_follow_the_axes(book: Any) -> None:
    _, _, unit = book
    assert unit.revenue.shape == unit.customer.shape == (2, 3, 3, 3, 9)
    assert unit.join.shape == (2, 3, 3, 9)
    assert all(np.isfinite(each).all() for each in unit)


@pytest.mark.parametrize("method", ["none", "fade", "perpetuity", "run_off"])
def test_a_part_of_the_periods_has_the_bits_of_the_whole(method: str) -> None:
    _, axes, economics = random_book(8, apart=True)
    economics = economics._replace(residual=Residual(method, 40 if method == "fade" else 0, 0.0))
    whole = unit_values(economics, axes)
    assert whole.run_off_customer.any() == (method == "run_off")
    for periods in (slice(0, 1), slice(2, 5), slice(4, 9), slice(8, 9)):
        part = unit_values(economics, axes, periods)
        assert np.array_equal(part.revenue, whole.revenue[..., periods])
        assert np.array_equal(part.customer, whole.customer[..., periods])
        assert np.array_equal(part.join, whole.join[..., periods])
        assert np.array_equal(part.opening_customer, whole.opening_customer)
        beyond = whole.run_off_revenue * (periods.stop == 9), whole.run_off_customer * (periods.stop == 9)
        assert np.array_equal(part.run_off_revenue, beyond[0])
        assert np.array_equal(part.run_off_customer, beyond[1])


def test_a_part_needs_no_tables_of_later_periods() -> None:
    _, axes, economics = random_book(8)
    known = unit_values(economics, axes, slice(2, 5))
    for name in ("price_ratio", "wallet", "demand", "cost_to_serve", "programmes"):
        getattr(economics, name)[:, :, 5:] = np.nan
    for one, other in zip(known, unit_values(economics, axes, slice(2, 5)), strict=True):
        assert np.array_equal(one, other)
