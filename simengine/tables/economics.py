"""What turns customers into money, per cell and period: prices, wallets, costs, programmes, the company's finance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simengine.model.spend import cost_to_serve_per_year
from simengine.model.time import rate_per_period
from simengine.scenario.model import Scenario
from simengine.scenario.segment import AcquisitionCost, ChoiceSegment, ContractSegment, Touchpoint
from simengine.tables.cell import Cell
from simengine.tables.layout import Axes, Economics, Floats, Residual
from simengine.tables.programmes import Effects, effect_path, effects_without_spend
from simengine.tables.propositions import factor


def residual_of(scenario: Scenario) -> Residual:
    """The residual method with its horizon in periods and its growth per period."""
    stated = scenario.company.residual
    calendar = scenario.calendar
    return Residual(
        stated.method,
        round((stated.years or 0.0) * calendar.periods_per_year),
        rate_per_period(stated.growth or 0.0, calendar.years_per_period),
    )


def multiplier(effects: Effects, segment: str, target: str, periods: int) -> Floats:
    """[T] 1 + effect on a target, at least 0: levers that were cut may not turn a wallet into a debt."""
    return np.maximum(1.0 + np.asarray(effect_path(effects, segment, target, periods)), 0.0)


def cost_of_touchpoints(touchpoints: Mapping[str, Touchpoint]) -> float:
    """Cost of serving one customer, currency a year."""
    return cost_to_serve_per_year((touch.uses, touch.cost) for touch in touchpoints.values())


def acquisition_of(segment: ChoiceSegment | ContractSegment) -> AcquisitionCost:
    """What it costs when a customer joins; a contract segment states the money alone."""
    stated = segment.acquisition_cost
    return stated if isinstance(stated, AcquisitionCost) else AcquisitionCost(money=stated)


def economics_of(scenario: Scenario, axes: Axes, cells: Sequence[Cell]) -> Economics:
    """Money tables of every cell; see `layout.Economics` for axes and units."""
    segments = list(scenario.segments.items())
    company = scenario.company
    shape = (len(cells), len(axes.periods), len(segments))
    price_ratio, wallet, programmes = np.ones(shape), np.ones(shape), np.zeros(shape)
    serve = np.empty(shape)
    run_off_wallet, run_off_serve = np.empty((2, len(cells), len(segments)))
    ended = effects_without_spend(scenario)
    for c, ((spend, effects, *_), changes, *_) in enumerate(cells):
        for s, (name, segment) in enumerate(segments):
            price_ratio[c, :, s] = multiplier(effects, name, "price", len(axes.periods))
            wallet[c, :, s] = multiplier(effects, name, "wallet", len(axes.periods))
            programmes[c, :, s] = spend[name]
            lever = multiplier(effects, name, "cost_to_serve", len(axes.periods))
            market = np.array([factor(changes, "cost", name, t) for t in range(len(axes.periods))])
            today = cost_of_touchpoints(segment.cost_to_serve)
            serve[c, :, s] = today * lever * market
            run_off_wallet[c, s] = multiplier(ended, name, "wallet", len(axes.periods))[-1]
            run_off_serve[c, s] = today * multiplier(ended, name, "cost_to_serve", len(axes.periods))[-1] * market[-1]
    stages = [s.stages.revenue if isinstance(s, ChoiceSegment) else (1.0, 1.0, 1.0) for _, s in segments]
    capital = [segment.capital for _, segment in segments]
    acquisition = [acquisition_of(segment) for _, segment in segments]
    of_market = (len(cells), 1, len(axes.periods))
    return Economics(
        price_ratio=price_ratio[:, None],
        wallet=wallet[:, None],
        demand=np.ones(of_market),
        cost_to_serve=serve[:, None],
        programmes=programmes[:, None],
        unallocated=np.zeros(of_market),
        run_off_wallet=run_off_wallet[:, None],
        run_off_cost_to_serve=run_off_serve[:, None],
        stage_revenue=np.array(stages),
        margin=np.array([segment.margin for _, segment in segments]),
        capital_of_revenue=np.array([k.fraction for k in capital]),
        capital_per_customer=np.array([k.money for k in capital]),
        acquisition_cost=np.array([a.money for a in acquisition]),
        acquisition_capitalised=np.array([a.capitalised for a in acquisition]),
        overhead=company.overhead,
        tax_rate=company.tax_rate,
        discount_rate_per_period=rate_per_period(company.discount_rate, axes.years_per_period),
        timing=company.timing,
        residual=residual_of(scenario),
        shares=company.shares,
        net_debt=company.net_debt,
        other_assets=company.other_assets,
    )
