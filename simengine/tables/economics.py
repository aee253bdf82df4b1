"""The economics of valuation: the money of every cell, what its segments have in common, the company's finance."""

from __future__ import annotations

import numpy as np

from simengine.model.time import rate_per_period
from simengine.scenario.model import Scenario
from simengine.scenario.segment import AcquisitionCost, AnySegment
from simengine.tables.layout import Axes, Economics, Floats, Residual
from simengine.tables.market import Beyond
from simengine.tables.money import Money, stage_revenue_of
from simengine.tables.worlds import by_cell


def residual_of(scenario: Scenario) -> Residual:
    """The residual method with its horizon in periods and its growth per period."""
    stated = scenario.company.residual
    calendar = scenario.calendar
    return Residual(
        stated.method,
        round((stated.years or 0.0) * calendar.periods_per_year),
        rate_per_period(stated.growth or 0.0, calendar.years_per_period),
    )


def acquisition_of(segment: AnySegment) -> AcquisitionCost:
    """What it costs when a customer joins; where customers do not choose it states the money alone."""
    stated = segment.acquisition_cost
    return stated if isinstance(stated, AcquisitionCost) else AcquisitionCost(money=stated)


def economics_of(scenario: Scenario, axes: Axes, money: Money, demand: Floats, beyond: Beyond | None) -> Economics:
    """Money tables of every cell; see `layout.Economics`. `money` and `demand` [W, T] are of all worlds."""
    segments = list(scenario.segments.values())
    company = scenario.company

    price_ratio, wallet, cost_to_serve, programmes = (by_cell(table, len(axes.cells)) for table in money)
    nothing = np.zeros(wallet[:, :, 0].shape)
    capital = [segment.capital for segment in segments]
    acquisition = [acquisition_of(segment) for segment in segments]
    return Economics(
        price_ratio=price_ratio,
        wallet=wallet,
        demand=by_cell(demand, len(axes.cells)),
        cost_to_serve=cost_to_serve,
        programmes=programmes,
        unallocated=np.zeros((len(axes.cells), 1, len(axes.periods))),
        run_off_wallet=nothing if beyond is None else by_cell(beyond.wallet, len(axes.cells)),
        run_off_cost_to_serve=nothing if beyond is None else by_cell(beyond.cost_to_serve, len(axes.cells)),
        stage_revenue=stage_revenue_of(scenario),
        margin=np.array([segment.margin for segment in segments]),
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
