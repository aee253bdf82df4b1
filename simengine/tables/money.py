"""What turns customers into money in a period: prices, wallets, costs, programmes; ours, and rivals'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from simengine.model.spend import cost_to_serve_per_year
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment, Touchpoint
from simengine.tables.effects import Running, multiplier
from simengine.tables.holding import Holding, market_factor
from simengine.tables.layout import Floats
from simengine.tables.today import Today


class Money(NamedTuple):
    """[W, T, S] of us; [W, T, S, rivals] of them, 0 where one does not serve. Money is a year."""

    price_ratio: Floats  # price over our price today
    wallet: Floats  # multiplier on revenue
    cost_to_serve: Floats  # currency per customer
    programmes: Floats  # currency spent on levers and designs; of a rival's, beyond what corresponds to ours of today


def empty_money(shape: tuple[int, ...]) -> Money:
    """Nothing is stated yet."""
    return Money(*np.zeros((len(Money._fields), *shape)))


def cost_of_touchpoints(touchpoints: Mapping[str, Touchpoint]) -> float:
    """Cost of serving one customer, currency a year."""
    return cost_to_serve_per_year((touch.uses, touch.cost) for touch in touchpoints.values())


def costs_today(scenario: Scenario) -> tuple[Floats, Floats]:
    """[S] and [S, rivals] cost of serving one customer today, currency a year; a rival's is ours unless stated."""
    segments = scenario.segments.values()
    ours = [cost_of_touchpoints(segment.cost_to_serve) for segment in segments]
    theirs = [
        [
            cost_of_touchpoints(segment.cost_to_serve if rival.cost_to_serve is None else rival.cost_to_serve)
            for rival in scenario.rivals.values()
        ]
        for segment in segments
    ]
    return np.array(ours, np.float64), np.array(theirs, np.float64).reshape(len(ours), len(scenario.rivals))


def stage_revenue_of(scenario: Scenario) -> Floats:
    """[S, 3] multiplier on the revenue of our customers by stage; those under contract have no stages."""
    segments = scenario.segments.values()
    return np.array([s.stages.revenue if isinstance(s, ChoiceSegment) else (1.0, 1.0, 1.0) for s in segments])


def fill_our_money(table: Money, period: int, cost: Floats, running: Running, holding: Sequence[Holding]) -> None:
    """State what a period brings us: `cost` [S] of serving a customer today."""
    table.price_ratio[:, period] = multiplier(running.effects, "price")
    table.wallet[:, period] = multiplier(running.effects, "wallet")
    market = market_factor(holding, "cost", running.spend.shape)
    table.cost_to_serve[:, period] = cost * multiplier(running.effects, "cost_to_serve") * market
    table.programmes[:, period] = running.spend


def fill_rival_money(
    table: Money,
    period: int,
    today: Today,
    cost: Floats,
    price: Floats,
    running: Running,
    holding: Sequence[Holding],
) -> None:
    """State what a period brings the rivals: `cost` [S, rivals], `price` [W, S, rivals]."""
    served = today.offers[:, 1:]
    market = market_factor(holding, "cost", running.spend.shape[:2])[..., None]
    table.price_ratio[:, period] = np.where(served, price / today.price[:, :1], 0.0)
    table.cost_to_serve[:, period] = np.where(served, cost * multiplier(running.effects, "cost_to_serve") * market, 0.0)
    table.wallet[:, period] = np.where(served, multiplier(running.effects, "wallet"), 0.0)
    table.programmes[:, period] = running.spend
