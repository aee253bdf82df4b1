"""What customers bring the rivals, cell by cell: their prices and costs, ours where the scenario does not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from simengine.scenario.model import Scenario
from simengine.scenario.suppliers import COMPANY
from simengine.tables.cell import Cell, today_of
from simengine.tables.economics import acquisition_of, cost_of_touchpoints
from simengine.tables.layout import Axes, Floats, Rivals
from simengine.tables.propositions import factor

Value = TypeVar("Value")


def rivals_of(scenario: Scenario, axes: Axes, cells: Sequence[Cell]) -> Rivals:
    """Money tables of every rival; 0 where it does not serve a segment."""
    rivals = list(scenario.rivals.items())
    shape = (len(axes.segments), len(rivals))
    price, serve = zip(*(_paths(scenario, axes, cell, len(axes.periods)) for cell in cells), strict=True)
    margin, of_revenue, per_customer, per_joiner = (np.zeros(shape) for _ in range(4))
    for s, segment in enumerate(scenario.segments.values()):
        for k, (_, rival) in enumerate(rivals):
            margin[s, k] = _or(rival.margin, segment.margin)
            capital = _or(rival.capital, segment.capital)
            of_revenue[s, k] = capital.fraction
            per_customer[s, k] = capital.money
            per_joiner[s, k] = _or(rival.acquisition_cost, acquisition_of(segment).money)
    return Rivals(
        price_ratio=np.array(price),
        price_ratio_today=_paths(scenario, axes, today_of(scenario), 1)[0][0],
        cost_to_serve=np.array(serve),
        margin=margin,
        capital_of_revenue=of_revenue,
        capital_per_customer=per_customer,
        acquisition_cost=per_joiner,
        overhead=np.array([_or(rival.overhead, scenario.company.overhead) for _, rival in rivals]),
    )


def _paths(scenario: Scenario, axes: Axes, cell: Cell, periods: int) -> tuple[Floats, Floats]:
    """[T, S, K] price over our price today, and cost to serve a year, in a cell."""
    price, serve = np.zeros((2, periods, len(axes.segments), len(scenario.rivals)))
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for k, (rival, stated) in enumerate(scenario.rivals.items()):
            if (rival, name) not in cell.rivals:
                continue
            today = cost_of_touchpoints(_or(stated.cost_to_serve, segment.cost_to_serve))
            for t, offer in enumerate(cell.rivals[rival, name]):
                price[t, s, k] = offer.price / scenario.price(COMPANY, name)
                serve[t, s, k] = today * factor(cell.changes, "cost", name, t)
    return price, serve


def _or(stated: Value | None, ours: Value) -> Value:
    return ours if stated is None else stated
