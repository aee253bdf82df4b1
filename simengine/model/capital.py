"""The capital that customers tie up: working capital, equipment lent, acquisition not yet expensed."""

from __future__ import annotations

from simengine.model.quantity import Quantity


def capital(
    revenue_per_year: Quantity,
    fraction_of_revenue: Quantity,
    customers: Quantity,
    per_customer: Quantity,
    new_customers: Quantity,
    capitalised_per_new: Quantity,
) -> Quantity:
    """Capital of customers at a point in time; currency.

    A fraction of their yearly revenue at the price and wallet of the period just ended, shocks to demand aside, plus
    an amount for each, plus the acquisition cost of those still new where it is capitalised (0 where it is expensed
    on joining).
    """
    return revenue_per_year * fraction_of_revenue + customers * per_customer + new_customers * capitalised_per_new
