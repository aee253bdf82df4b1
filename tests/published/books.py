"""Books of customers that published results are about, as the engine would hand them to valuation."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.tables.layout import Residual
from simengine.valuation.valuation import Valuation
from simengine.valuation.value import value
from tests.valuation.ledgers import axes_of, economics_of, loyal_book

FINE = {"count_scale": float(1 << 40), "money_scale": float(1 << 40)}


def value_of_book(
    customers: np.ndarray, margin_each: float, discount_rate: float, *, growth: float = 0.0, **stated: Any
) -> Valuation:
    """Value of `customers` [R, T + 1], ours at the opening and each year's end, without capital or tax."""
    years = customers.shape[1] - 1
    axes = axes_of(years)
    price = np.cumprod(np.full(years, 1.0 + growth)) / (1.0 + growth)
    economics = economics_of(
        axes, price_ratio=price.reshape(1, 1, years, 1), discount_rate_per_period=discount_rate, **stated
    )
    return value(loyal_book(axes, customers, margin_each, **FINE), economics, axes)


def per_customer(valuation: Valuation) -> float:
    """Currency, of a book of one customer in one replication."""
    return float(valuation.enterprise_value[0, 0] / valuation.money_scale)


def surviving(retention: float, years: int, *, first: float) -> np.ndarray:
    """[1, years + 1] survivors: 1 at the opening, `first` at the end of the first year, then geometric."""
    return np.concatenate(([1.0], first * np.cumprod(np.full(years, retention)) / retention))[None]


def perpetuity(growth: float) -> Residual:
    return Residual("perpetuity", 0, growth)
