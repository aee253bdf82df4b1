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
    run_off_revenue: Floats  # [C, S, 3] per unit of yearly revenue at a discounted period end of a run-off
    run_off_customer: Floats  # [C, S, 3] per customer at such an end


class RunOffUnits(NamedTuple):
    """Currency at the horizon per unit of discounted presence (ends of all periods from the horizon on), and of what
    is present at the horizon itself: the value of a run-off beyond `residual_coefficients` is their difference."""

    revenue: Floats  # [C, S, 3 stages] per unit of yearly revenue at today's price, of both
    lasting_customer: Floats  # [C, S, 3] per customer
    present_customer: Floats  # [C, S, 3]


def run_off_units(economics: Economics, axes: Axes) -> RunOffUnits:
    """From v p' (I - v Q)^-1 (Q N - k C) with M = (I - v Q)^-1: the ends of later periods are p' (M - I), and a charge
    at each of their closing capital is the charge at the next one's opening. Capitalised acquisition is expensed on
    no longer being new: v p' M at openings less p' (M - I) at ends."""
    e, k = economics, economics.discount_rate_per_period
    charge = k / (1.0 + k)
    kept = (1.0 - e.tax_rate) * axes.years_per_period
    price = e.price_ratio[:, -1]  # [C, S]
    revenue = e.run_off_wallet * ((price - (1.0 - e.margin)) * kept - charge * e.capital_of_revenue * price)
    head = -kept * e.run_off_cost_to_serve - charge * e.capital_per_customer
    lasting = np.repeat(head[:, :, None], 3, axis=2)
    held = np.where(e.acquisition_capitalised, e.acquisition_cost, 0.0)
    lasting[:, :, 0] -= charge * held
    present = lasting.copy()
    lasting[:, :, 0] += charge * (1.0 - e.tax_rate) * held
    present[:, :, 0] += (1.0 - e.tax_rate) * held
    return RunOffUnits(revenue[:, :, None] * e.stage_revenue, lasting, present)


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
    run_off_revenue, run_off_customer = np.zeros((2, *customer.shape[:3]))
    if e.residual.method == "run_off":
        beyond = run_off_units(e, axes)
        at_horizon = -explicit.capital[-1]  # capital that is left there is worth nothing within it
        run_off_revenue, run_off_customer = at_horizon * beyond.revenue, at_horizon * beyond.lasting_customer
        revenue[..., -1] -= run_off_revenue
        customer[..., -1] -= at_horizon * beyond.present_customer
    return UnitValues(revenue, customer, join, opening_revenue, opening_customer, run_off_revenue, run_off_customer)
