"""From a period's contribution to what is left for shareholders; currency in the period.

Every step is linear, so that the parts of the company add up to the company.
"""

from __future__ import annotations

from simengine.model.quantity import Quantity


def contribution(
    revenue: Quantity, cost_of_goods: Quantity, cost_to_serve: Quantity, acquisition: Quantity
) -> Quantity:
    """What customers leave after everything spent on them."""
    return revenue - cost_of_goods - cost_to_serve - acquisition


def tax(profit: Quantity, tax_rate: float) -> Quantity:
    """Linear tax: a loss saves tax at once, as it does in a company whose other parts are profitable."""
    return profit * tax_rate


def nopat(profit: Quantity, tax_rate: float) -> Quantity:
    """Net operating profit after tax."""
    return profit - tax(profit, tax_rate)


def economic_profit(nopat: Quantity, opening_capital: Quantity, discount_rate_per_period: float) -> Quantity:
    """NOPAT less a charge for the capital tied up at the opening of the period.

    Source: Preinreich 1938, Econometrica 6(3), 219-241, doi:10.2307/1907053 ('excess earnings').
    """
    return nopat - opening_capital * discount_rate_per_period


def free_cash_flow(nopat: Quantity, opening_capital: Quantity, closing_capital: Quantity) -> Quantity:
    """NOPAT less what was added to capital."""
    return nopat - (closing_capital - opening_capital)
