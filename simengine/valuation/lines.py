"""From who the customers are to money: the lines of the profit and loss, and capital."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.engine.ledger import Ledger, in_units
from simengine.model import acquisition, economic_profit, spend
from simengine.model.capital import capital
from simengine.tables.layout import STAGES, Axes, Economics, Floats

_US = slice(0, len(STAGES))  # our customers' states come first, by stage
_NEW = 0


class Lines(NamedTuple):
    """Money of our customers; currency in the period.

    Axes [C, R, T, S, 2]: cell, replication, period, segment, presence (ours at the opening, or not).
    """

    revenue: Floats
    cost_of_goods: Floats
    cost_to_serve: Floats
    acquisition: Floats
    tax: Floats
    nopat: Floats
    capital: Floats  # [C, R, T + 1, S, 2] currency; index t at the opening of t, T at the horizon
    economic_profit: Floats


class OtherLines(NamedTuple):
    """Money that belongs to no customer, after tax; it ties up no capital, so NOPAT is economic profit."""

    programmes_nopat: Floats  # [C, R1, T, S] currency in the period: spend on levers
    unallocated_nopat: Floats  # [C, R1, T] currency in the period: overhead, and spend without a segment
    programmes_once: Floats  # the part of the first that is spent once; without axes: nothing
    unallocated_once: Floats  # that of the second


def _revenue_today(ledger: Ledger, economics: Economics) -> Floats:
    """[C, R, T + 1, S, 2] our customers' yearly revenue at today's price and wallet, in the stages they are in."""
    total = np.zeros(())
    for stage in range(len(STAGES)):
        base = in_units(ledger.revenue[..., stage, :], ledger.money_scale)
        total = total + spend.revenue_today(base, economics.stage_revenue[:, stage, None])
    return total


def _acquisition(ledger: Ledger, economics: Economics) -> Floats:
    """[C, R, T, S, 2] acquisition expensed: on joining or, if capitalised, on no longer being new."""
    cost = economics.acquisition_cost[:, None]
    joins = in_units(ledger.joins[..., 0, :], ledger.count_scale)
    new = in_units(ledger.count[..., _NEW, :], ledger.count_scale)
    return np.where(
        economics.acquisition_capitalised[:, None],
        acquisition.expense_if_capitalised(joins, new[:, :, :-1], new[:, :, 1:], cost),
        acquisition.expense(joins, cost),
    )


def customer_lines(ledger: Ledger, economics: Economics, axes: Axes) -> Lines:
    """All lines of our customers, each a linear map of the ledger's counts and revenue."""
    years = axes.years_per_period
    price, wallet, unit_cost = (
        table[..., None] for table in (economics.price_ratio, economics.wallet, economics.cost_to_serve)
    )
    volume = wallet * economics.demand[..., None, None]
    today = _revenue_today(ledger, economics)
    customers = in_units(ledger.count[..., _US, :].sum(axis=-2), ledger.count_scale)
    new = in_units(ledger.count[..., _NEW, :], ledger.count_scale)

    revenue = spend.revenue(today[:, :, 1:], price, volume, years)
    cost_of_goods = spend.cost_of_goods(today[:, :, 1:], volume, economics.margin[:, None], years)
    cost_to_serve = spend.cost_to_serve(customers[:, :, 1:], unit_cost, years)
    acquired = _acquisition(ledger, economics)
    contribution = economic_profit.contribution(revenue, cost_of_goods, cost_to_serve, acquired)

    per_year = np.concatenate((today[:, :, :1], spend.revenue(today[:, :, 1:], price, wallet, 1.0)), axis=2)
    tied_up = capital(
        per_year,
        economics.capital_of_revenue[:, None],
        customers,
        economics.capital_per_customer[:, None],
        new,
        np.where(economics.acquisition_capitalised, economics.acquisition_cost, 0.0)[:, None],
    )
    nopat = economic_profit.nopat(contribution, economics.tax_rate)
    return Lines(
        revenue=revenue,
        cost_of_goods=cost_of_goods,
        cost_to_serve=cost_to_serve,
        acquisition=acquired,
        tax=economic_profit.tax(contribution, economics.tax_rate),
        nopat=nopat,
        capital=tied_up,
        economic_profit=economic_profit.economic_profit(nopat, tied_up[:, :, :-1], economics.discount_rate_per_period),
    )


def other_lines(economics: Economics, axes: Axes) -> OtherLines:
    """Programmes of each segment, and what is unallocated, as NOPAT: costs are negative."""
    years, unallocated = axes.years_per_period, economics.overhead + economics.unallocated
    return OtherLines(
        programmes_nopat=economic_profit.nopat(-economics.programmes * years, economics.tax_rate),
        unallocated_nopat=economic_profit.nopat(-unallocated * years, economics.tax_rate),
        programmes_once=economic_profit.nopat(-economics.programmes_once * years, economics.tax_rate),
        unallocated_once=economic_profit.nopat(-economics.unallocated_once * years, economics.tax_rate),
    )
