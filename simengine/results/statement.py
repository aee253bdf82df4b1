"""The profit and loss of single customers as they are today, down to economic profit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.model import economic_profit, spend
from simengine.model.capital import capital
from simengine.tables.layout import OUR_STATES, Floats
from simengine.tables.money import costs_today

if TYPE_CHECKING:
    from simengine.results.run import Run


class Statement(NamedTuple):
    """A year of customers as they are today, before anything changes; [N] currency a year, capital currency.

    Acquisition is what is expensed of who is ours already: of a capitalised cost an equal part in each year of the mean
    length of being new; nothing where joining was the expense.
    """

    revenue: Floats
    cost_of_goods: Floats
    cost_to_serve: Floats
    acquisition: Floats
    contribution: Floats
    tax: Floats
    nopat: Floats
    capital: Floats
    capital_charge: Floats
    economic_profit: Floats


def statement_of(run: Run, start: int = 0, end: int | None = None) -> Statement:
    """The statement of each of the customers start..end, per customer that the row stands for, given that it is ours
    today; nan of who never is. Order is that of the portfolio's population."""
    population, economics = run.portfolio.population, run.tables.economics
    rows = slice(start, len(population.ids) if end is None else end)
    segment = population.segment[rows]
    stages = _stages(run, rows)  # [n, 3]
    revenue = spend.revenue_today(run.base_revenue[rows], (stages * economics.stage_revenue[segment]).sum(axis=1))
    cost_to_serve, _ = costs_today(run.scenario)
    held = np.where(economics.acquisition_capitalised, economics.acquisition_cost, 0.0)[segment]
    one = np.ones(len(segment))
    tied_up = capital(
        revenue, economics.capital_of_revenue[segment], one, economics.capital_per_customer[segment], stages[:, 0], held
    )
    return statement(
        revenue,
        spend.cost_of_goods(revenue, one, economics.margin[segment], 1.0),
        np.where(np.isnan(revenue), np.nan, cost_to_serve[segment]),
        stages[:, 0] * held / run.tables.segments.stage_years[segment, 0],
        tied_up,
        run.scenario.company.tax_rate,
        run.scenario.company.discount_rate,
    )


def statement(
    revenue: Floats,
    cost_of_goods: Floats,
    cost_to_serve: Floats,
    acquisition: Floats,
    tied_up: Floats,
    tax_rate: float,
    discount_rate: float,
) -> Statement:
    """The whole statement from its first lines and the capital `tied_up`; rates are a year."""
    contribution = economic_profit.contribution(revenue, cost_of_goods, cost_to_serve, acquisition)
    nopat = economic_profit.nopat(contribution, tax_rate)
    return Statement(
        revenue, cost_of_goods, cost_to_serve, acquisition, contribution, economic_profit.tax(contribution, tax_rate),
        nopat, tied_up, tied_up * discount_rate, economic_profit.economic_profit(nopat, tied_up, discount_rate),
    )  # fmt: skip


def _stages(run: Run, rows: slice) -> NDArray[np.float64]:
    """[n, 3] probability of each stage today, given that the customer is ours; nan where it never is."""
    simulated = rows if run.profile is None else run.profile[rows]
    ours = run.opening.states[simulated, OUR_STATES]
    total = ours.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(ours, total, out=np.full(ours.shape, np.nan), where=total > 0.0))
