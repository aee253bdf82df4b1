"""What customers bring the rivals, cell by cell: their prices and costs, ours where the scenario does not say."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from simengine.scenario.model import Scenario
from simengine.tables.economics import acquisition_of
from simengine.tables.layout import Axes, Rivals
from simengine.tables.money import Money
from simengine.tables.today import Today
from simengine.tables.worlds import by_cell

Value = TypeVar("Value")


def rivals_of(scenario: Scenario, axes: Axes, today: Today, money: Money) -> Rivals:
    """Money tables of every rival; 0 where it does not serve a segment. `money` is of all worlds."""
    rivals = list(scenario.rivals.items())
    shape = (len(axes.segments), len(rivals))
    price, wallet, serve, spend = (by_cell(table, len(axes.cells)) for table in money)
    margin, of_revenue, per_customer, per_joiner = (np.zeros(shape) for _ in range(4))
    for s, segment in enumerate(scenario.segments.values()):
        for k, (_, rival) in enumerate(rivals):
            margin[s, k] = _or(rival.margin, segment.margin)
            capital = _or(rival.capital, segment.capital)
            of_revenue[s, k] = capital.fraction
            per_customer[s, k] = capital.money
            per_joiner[s, k] = _or(rival.acquisition_cost, acquisition_of(segment).money)
    return Rivals(
        price_ratio=price,
        price_ratio_today=np.where(today.offers[:, 1:], today.price[:, 1:] / today.price[:, :1], 0.0),
        cost_to_serve=serve,
        wallet=wallet,
        programmes=spend,
        margin=margin,
        capital_of_revenue=of_revenue,
        capital_per_customer=per_customer,
        acquisition_cost=per_joiner,
        overhead=np.array([_or(rival.overhead, scenario.company.overhead) for _, rival in rivals]),
    )


def _or(stated: Value | None, ours: Value) -> Value:
    return ours if stated is None else stated
