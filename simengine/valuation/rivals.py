"""What every rival earns and is worth: the same profit and loss, capital and discounting, on the rival's customers.

Customers under contract have no rivals: nothing of theirs is in any of these figures.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.engine.ledger import Ledger, in_units
from simengine.model import acquisition, economic_profit, spend
from simengine.model.capital import capital
from simengine.tables.layout import STAGES, Axes, Economics, Floats, Rivals
from simengine.valuation.enterprise_value import Terms, both_forms, without_capital

_SERVED = slice(len(STAGES), -1)  # the states of rivals' customers


class RivalLines(NamedTuple):
    """Money of rivals' customers; currency in the period.

    Axes [C, R, T, S, K]: cell, replication, period, segment, rival in name order.
    """

    revenue: Floats
    contribution: Floats
    nopat: Floats
    capital: Floats  # [C, R, T + 1, S, K] currency; index t at the opening of t, T at the horizon
    economic_profit: Floats


class RivalValuation(NamedTuple):
    """What rivals are worth, currency; [C, R, K]. Parts add up to within rounding. What depends on the residual is nan
    where that is run_off: how long a rival's customers stay is not evaluated."""

    explicit: Floats
    residual: Floats
    from_economic_profit: Floats  # the other form of `value`
    customers: Floats  # [C, R, S, K] the part of `value` that each segment's customers are
    programmes: Floats  # [C, R1, S, K] the part that programmes of ours are that a rival runs
    unallocated: Floats  # [K] and the part that overhead is, negative

    @property
    def value(self) -> Floats:
        """Enterprise value: what a rival owes or owns besides is not known."""
        return self.explicit + self.residual


def rival_lines(ledger: Ledger, economics: Economics, rivals: Rivals, axes: Axes) -> RivalLines:
    """All lines of rivals' customers, before programmes and overhead.

    Revenue is the customer's at our price list times the rival's price over ours; a rival has no stages. What its
    goods cost does not follow its price. Winning a customer is expensed at once, also where ours is capitalised. Tax
    and discount rate are ours.
    """
    years = axes.years_per_period
    customers = in_units(ledger.count[..., _SERVED, :].sum(axis=-1), ledger.count_scale)  # [C, R, T + 1, S, K]
    listed = in_units(ledger.revenue[..., _SERVED, :].sum(axis=-1), ledger.money_scale)
    joins = in_units(ledger.joins[..., 1:-1, :].sum(axis=-1), ledger.count_scale)
    at_today = listed * rivals.price_ratio_today
    demand = economics.demand[..., None, None]
    undisturbed = spend.revenue(listed[:, :, 1:], rivals.price_ratio, rivals.wallet, years)
    revenue = undisturbed * demand
    contribution = economic_profit.contribution(
        revenue,
        spend.cost_of_goods(at_today[:, :, 1:], rivals.wallet * demand, rivals.margin, years),
        spend.cost_to_serve(customers[:, :, 1:], rivals.cost_to_serve, years),
        acquisition.expense(joins, rivals.acquisition_cost),
    )
    per_year = np.concatenate((at_today[:, :, :1], undisturbed / years), axis=2)
    nothing = np.zeros(())  # of what it costs to win customers is capital
    tied_up = capital(per_year, rivals.capital_of_revenue, customers, rivals.capital_per_customer, nothing, nothing)
    nopat = economic_profit.nopat(contribution, economics.tax_rate)
    return RivalLines(
        revenue=revenue,
        contribution=contribution,
        nopat=nopat,
        capital=tied_up,
        economic_profit=economic_profit.economic_profit(nopat, tied_up[:, :, :-1], economics.discount_rate_per_period),
    )


def rival_valuation(ledger: Ledger, economics: Economics, rivals: Rivals, axes: Axes) -> RivalValuation:
    """Value of every rival in every cell and replication, by our discount rate, timing and residual method."""
    lines, terms = rival_lines(ledger, economics, rivals, axes), Terms.of(economics, axes)
    overhead = rivals.overhead[:, None] * axes.years_per_period
    programmes = rivals.programmes * axes.years_per_period  # [C, R1, T, S, K]
    contribution, tied_up = _over_segments(lines.contribution), _over_segments(lines.capital)
    contribution -= _over_segments(programmes) + overhead
    whole, other = both_forms(economic_profit.nopat(contribution, economics.tax_rate), tied_up, terms)
    customers, _ = both_forms(np.moveaxis(lines.nopat, 2, -1), np.moveaxis(lines.capital, 2, -1), terms)
    spent = np.broadcast_to(economic_profit.nopat(-overhead, economics.tax_rate), (len(overhead), len(axes.periods)))
    unallocated, _ = without_capital(spent, terms)
    programme, _ = without_capital(np.moveaxis(economic_profit.nopat(-programmes, economics.tax_rate), 2, -1), terms)
    known = np.nan if economics.residual.method == "run_off" else 1.0  # 1 leaves every bit as it is
    return RivalValuation(
        explicit=whole.explicit,
        residual=whole.residual * known,
        from_economic_profit=other * known,
        customers=(customers.explicit + customers.residual) * known,
        programmes=(programme.explicit + programme.residual) * known,
        unallocated=(unallocated.explicit + unallocated.residual) * known,
    )


def _over_segments(money: Floats) -> Floats:
    """[C, R, K, T] from [C, R, T, S, K], added up in order."""
    total = np.zeros(())
    for s in range(money.shape[3]):
        total = total + money[:, :, :, s]
    return np.asarray(np.moveaxis(total, 2, -1))
