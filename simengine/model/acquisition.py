"""What winning a customer costs, and when it becomes an expense."""

from __future__ import annotations

from simengine.model.quantity import Quantity


def expense(joins: Quantity, cost_per_join: Quantity | float) -> Quantity:
    """Acquisition expensed on joining; currency in the period."""
    return joins * cost_per_join


def expense_if_capitalised(
    joins: Quantity, new_before: Quantity, new_after: Quantity, cost_per_join: Quantity | float
) -> Quantity:
    """Acquisition expensed when a new customer becomes established or leaves; currency in the period.

    Who joined and is not among the additional new customers at the end of the period has left that stage.
    Until then the cost is capital (`model.capital`).
    """
    return (joins - (new_after - new_before)) * cost_per_join
