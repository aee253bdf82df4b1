"""What customers bring the rivals, cell by cell: their prices and costs, ours where the scenario does not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from simengine.scenario.model import Scenario
from simengine.scenario.suppliers import COMPANY
from simengine.tables.cell import Cell, today_of
from simengine.tables.economics import acquisition_of, cost_of_touchpoints, multiplier
from simengine.tables.layout import Axes, Floats, Rivals
from simengine.tables.propositions import factor
from simengine.tables.rival_programmes import NO_PROGRAMME

Value = TypeVar("Value")


def rivals_of(scenario: Scenario, axes: Axes, cells: Sequence[Cell]) -> Rivals:
    """Money tables of every rival; 0 where it does not serve a segment."""
    rivals = list(scenario.rivals.items())
    shape = (len(axes.segments), len(rivals))
    paths = [_paths(scenario, axes, cell, len(axes.periods)) for cell in cells]
    price, serve, wallet, spend = (np.array(each)[:, None] for each in zip(*paths, strict=True))
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
        price_ratio_today=_paths(scenario, axes, today_of(scenario), 1).price_ratio[0],
        cost_to_serve=serve,
        wallet=wallet,
        programmes=spend,
        margin=margin,
        capital_of_revenue=of_revenue,
        capital_per_customer=per_customer,
        acquisition_cost=per_joiner,
        overhead=np.array([_or(rival.overhead, scenario.company.overhead) for _, rival in rivals]),
    )


class _Paths(NamedTuple):
    """[T, S, K] of one cell, as in `layout.Rivals`."""

    price_ratio: Floats
    cost_to_serve: Floats
    wallet: Floats
    programmes: Floats


def _paths(scenario: Scenario, axes: Axes, cell: Cell, periods: int) -> _Paths:
    paths = _Paths(*np.zeros((4, periods, len(axes.segments), len(scenario.rivals))))
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for k, (rival, stated) in enumerate(scenario.rivals.items()):
            if (rival, name) not in cell.rivals:
                continue
            run = cell.programmes.get(rival, NO_PROGRAMME)
            today = cost_of_touchpoints(_or(stated.cost_to_serve, segment.cost_to_serve))
            lever = multiplier(run.effects, name, "cost_to_serve", periods)
            for t, offer in enumerate(cell.rivals[rival, name]):
                paths.price_ratio[t, s, k] = offer.price / scenario.price(COMPANY, name)
                paths.cost_to_serve[t, s, k] = today * lever[t] * factor(cell.changes, "cost", name, t)
            paths.wallet[:, s, k] = multiplier(run.effects, name, "wallet", periods)
            paths.programmes[:, s, k] = run.spend.get(name, 0.0)
    return paths


def _or(stated: Value | None, ours: Value) -> Value:
    return ours if stated is None else stated
