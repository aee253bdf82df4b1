"""What one unit of revenue, one customer and one joining in each period add to enterprise value.

Enterprise value is linear in the flows, so a customer's value is the sum, over the periods in which it was ours,
of these unit values: the engine values single customers without a profit and loss of each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.model.value_weights import value_weights
from simengine.tables.layout import Axes, Economics, Floats

EVERY = slice(None)


class UnitValues(NamedTuple):
    """Currency of enterprise value, explicit and residual together, per unit in the state at the end of a period."""

    revenue: Floats  # [C, R1, S, 3 stages, T] per unit of yearly revenue at today's price
    customer: Floats  # [C, R1, S, 3 stages, T] per customer
    join: Floats  # [C, R1, S, T] per customer joining
    opening_revenue: Floats  # [S, 3] per unit of yearly revenue of a customer who is ours at the opening
    opening_customer: Floats  # [S, 3] per such customer
    run_off_revenue: Floats  # [C, R1, S, 3] per unit of yearly revenue at a discounted period end of a run-off
    run_off_customer: Floats  # [C, R1, S, 3] per customer at such an end


class RunOffUnits(NamedTuple):
    """Currency at the horizon per unit of discounted presence (ends of all periods from the horizon on), and of what
    is present at the horizon itself: the value of a run-off beyond `residual_coefficients` is their difference."""

    revenue: Floats  # [C, R1, S, 3 stages] per unit of yearly revenue at today's price, of both
    lasting_customer: Floats  # [C, R1, S, 3] per customer
    present_customer: Floats  # [C, R1, S, 3]


def run_off_units(economics: Economics, axes: Axes) -> RunOffUnits:
    """From v p' (I - v Q)^-1 (Q N - k C) with M = (I - v Q)^-1: the ends of later periods are p' (M - I), and a charge
    at each of their closing capital is the charge at the next one's opening. Capitalised acquisition is expensed on
    no longer being new: v p' M at openings less p' (M - I) at ends."""
    e, k = economics, economics.discount_rate_per_period
    charge = k / (1.0 + k)
    kept = (1.0 - e.tax_rate) * axes.years_per_period
    price = e.price_ratio[:, :, -1]  # [C, R1, S]
    revenue = e.run_off_wallet * ((price - (1.0 - e.margin)) * kept - charge * e.capital_of_revenue * price)
    head = -kept * e.run_off_cost_to_serve - charge * e.capital_per_customer
    lasting = np.repeat(head[..., None], 3, axis=-1)
    held = np.where(e.acquisition_capitalised, e.acquisition_cost, 0.0)
    lasting[..., 0] -= charge * held
    present = lasting.copy()
    lasting[..., 0] += charge * (1.0 - e.tax_rate) * held
    present[..., 0] += (1.0 - e.tax_rate) * held
    return RunOffUnits(revenue[..., None] * e.stage_revenue, lasting, present)


def unit_values(economics: Economics, axes: Axes, periods: slice = EVERY) -> UnitValues:
    """Unit values of every cell, segment, stage and period, from the lines of `valuation.lines`.

    Of a part of the `periods`, with the bits of the whole; those of a run-off are 0 unless the last one is among them.
    """
    explicit, residual = value_weights(
        len(axes.periods),
        axes.periods_per_year,
        economics.discount_rate_per_period,
        economics.residual,
        economics.timing,
    )
    of_nopat, of_capital = np.add(explicit.nopat, residual.nopat), np.add(explicit.capital, residual.capital)
    at_end, next_nopat = of_capital[1:][periods], np.append(of_nopat[1:], 0.0)[periods]
    now_nopat = of_nopat[periods]
    e = economics
    kept = (1.0 - e.tax_rate) * axes.years_per_period

    price, volume, unit_cost = (
        table[:, :, periods].swapaxes(2, 3) for table in (e.price_ratio, e.wallet, e.cost_to_serve)
    )  # [C, R1, S, T]
    margin = volume * e.demand[:, :, None, periods] * (price - (1.0 - e.margin)[:, None]) * kept
    capital = volume * price * e.capital_of_revenue[:, None]
    flow = now_nopat * margin + at_end * capital
    revenue = flow[:, :, :, None] * e.stage_revenue[:, :, None]

    head = now_nopat * (-kept * unit_cost) + at_end * e.capital_per_customer[:, None]
    customer = np.repeat(head[:, :, :, None], 3, axis=3)
    # Capitalised acquisition: capital while the customer is new, an expense when it stops being new.
    held = np.where(e.acquisition_capitalised, e.acquisition_cost, 0.0)
    expense = (1.0 - e.tax_rate) * e.acquisition_cost
    expensed = np.where(e.acquisition_capitalised, expense, 0.0)
    customer[:, :, :, 0] += held[:, None] * at_end + expensed[:, None] * (now_nopat - next_nopat)
    join = np.broadcast_to(-expense[:, None] * now_nopat, head.shape).copy()

    opening_revenue = of_capital[0] * e.capital_of_revenue[:, None] * e.stage_revenue
    opening_customer = np.repeat((of_capital[0] * e.capital_per_customer)[:, None], 3, axis=1)
    opening_customer[:, 0] += of_capital[0] * held - expensed * of_nopat[0]
    run_off_revenue, run_off_customer = np.zeros((2, *customer.shape[:-1]))
    last = len(axes.periods) - 1
    if e.residual.method == "run_off" and last in range(len(axes.periods))[periods]:
        beyond = run_off_units(e, axes)
        at_horizon = -explicit.capital[-1]  # capital that is left there is worth nothing within it
        run_off_revenue, run_off_customer = at_horizon * beyond.revenue, at_horizon * beyond.lasting_customer
        revenue[..., -1] -= run_off_revenue
        customer[..., -1] -= at_horizon * beyond.present_customer
    return UnitValues(revenue, customer, join, opening_revenue, opening_customer, run_off_revenue, run_off_customer)
