"""What every rival is worth: the same profit and loss, capital and discounting, on the rival's customers."""

from __future__ import annotations

import numpy as np

from simengine.engine.ledger import Ledger
from simengine.model import economic_profit, spend
from simengine.model.capital import capital
from simengine.tables.layout import STAGES, Axes, Economics, Floats, Rivals
from simengine.valuation.enterprise_value import Terms, from_free_cash_flow


def rival_values(ledger: Ledger, economics: Economics, rivals: Rivals, axes: Axes) -> Floats | None:
    """[C, R, K] enterprise value of each rival in name order, currency; None where the residual method is run_off
    (how long a rival's customers stay is not evaluated).

    Revenue is the customer's at our price list times the rival's price over ours; a rival has no stages. What its
    goods cost does not follow its price. Joining costs it what it costs us, expensed at once; tax, discount rate,
    timing and residual method are ours; it spends nothing on levers.
    """
    if economics.residual.method == "run_off":
        return None
    years, served = axes.years_per_period, slice(len(STAGES), -1)
    customers = ledger.count[..., served, :].sum(axis=-1) / ledger.count_scale  # [C, R, T + 1, S, K]
    listed = ledger.revenue[..., served, :].sum(axis=-1) / ledger.money_scale
    joins = ledger.joins[..., 1:-1, :].sum(axis=-1) / ledger.count_scale
    at_today = listed * rivals.price_ratio_today
    revenue = listed[:, :, 1:] * rivals.price_ratio[:, None] * years
    goods = spend.cost_of_goods(at_today[:, :, 1:], 1.0, rivals.margin, years)
    serve = spend.cost_to_serve(customers[:, :, 1:], rivals.cost_to_serve[:, None], years)
    acquired = joins * economics.acquisition_cost[:, None]
    contribution = economic_profit.contribution(revenue, goods, serve, acquired)
    per_year = np.concatenate((at_today[:, :, :1], revenue / years), axis=2)
    tied_up = capital(per_year, rivals.capital_of_revenue, customers, rivals.capital_per_customer, 0.0, 0.0)
    contribution, tied_up = (_over_segments(each) for each in (contribution, tied_up))
    nopat = economic_profit.nopat(contribution - rivals.overhead[:, None] * years, economics.tax_rate)
    parts = from_free_cash_flow(nopat, tied_up, Terms.of(economics, axes))
    return parts.explicit + parts.residual


def _over_segments(money: Floats) -> Floats:
    """[C, R, K, T] from [C, R, T, S, K], added up in order."""
    total = np.zeros(())
    for s in range(money.shape[3]):
        total = total + money[:, :, :, s]
    return np.asarray(np.moveaxis(total, 2, -1))
