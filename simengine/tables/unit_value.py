"""What one unit of revenue, one customer and one joining in each period add to enterprise value.

Enterprise value is linear in the flows, so a customer's value is the sum, over the periods in which it was ours,
of these unit values: the engine values single customers without a profit and loss of each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.model.value_weights import value_weights
from simengine.tables.layout import Axes, Economics, Floats


class UnitValues(NamedTuple):
    """Currency of enterprise value, explicit and residual together, per unit in the state at the end of a period."""

    revenue: Floats  # [C, S, 3 stages, T] per unit of yearly revenue at today's price
    customer: Floats  # [C, S, 3 stages, T] per customer
    join: Floats  # [C, S, T] per customer joining
    opening_revenue: Floats  # [S, 3] per unit of yearly revenue of a customer who is ours at the opening
    opening_customer: Floats  # [S, 3] per such customer


def unit_values(economics: Economics, axes: Axes) -> UnitValues:
    """Unit values of every cell, segment, stage and period, from the lines of `valuation.lines`."""
    explicit, residual = value_weights(
        len(axes.periods),
        axes.periods_per_year,
        economics.discount_rate_per_period,
        economics.residual,
        economics.timing,
    )
    of_nopat, of_capital = np.add(explicit.nopat, residual.nopat), np.add(explicit.capital, residual.capital)
    e = economics
    kept = (1.0 - e.tax_rate) * axes.years_per_period

    price = e.price_ratio.transpose(0, 2, 1)  # [C, S, T]
    volume = e.wallet.transpose(0, 2, 1)
    margin = volume * (price - (1.0 - e.margin)[None, :, None]) * kept
    capital = volume * price * e.capital_of_revenue[None, :, None]
    flow = of_nopat * margin + of_capital[1:] * capital
    revenue = flow[:, :, None, :] * e.stage_revenue[None, :, :, None]

    serve = -kept * e.cost_to_serve.transpose(0, 2, 1)
    head = of_nopat * serve + of_capital[1:] * e.capital_per_customer[None, :, None]
    customer = np.repeat(head[:, :, None, :], 3, axis=2)
    # Capitalised acquisition: capital while the customer is new, an expense when it stops being new.
    held = np.where(e.acquisition_capitalised, e.acquisition_cost, 0.0)
    expense = (1.0 - e.tax_rate) * e.acquisition_cost
    expensed = np.where(e.acquisition_capitalised, expense, 0.0)
    next_nopat = np.append(of_nopat[1:], 0.0)
    customer[:, :, 0, :] += held[:, None] * of_capital[1:] + expensed[:, None] * (of_nopat - next_nopat)
    join = np.broadcast_to(-expense[:, None] * of_nopat, head.shape).copy()

    opening_revenue = of_capital[0] * e.capital_of_revenue[:, None] * e.stage_revenue
    opening_customer = np.repeat((of_capital[0] * e.capital_per_customer)[:, None], 3, axis=1)
    opening_customer[:, 0] += of_capital[0] * held - expensed * of_nopat[0]
    return UnitValues(revenue, customer, join, opening_revenue, opening_customer)
