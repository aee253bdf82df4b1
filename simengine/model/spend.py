"""What customers bring in and what they cost, before tax and capital.

Each formula is linear in money and customers, so it holds for one customer and for the sum over many alike.
"""

from __future__ import annotations

from collections.abc import Iterable

from simengine.model.quantity import Quantity


def revenue_today(base_per_year: Quantity, stage_multiplier: Quantity | float) -> Quantity:
    """Yearly revenue at today's price in a relationship stage; currency a year."""
    return base_per_year * stage_multiplier


def revenue(revenue_today_per_year: Quantity, price_ratio: Quantity, wallet: Quantity, years: float) -> Quantity:
    """Revenue of a period of `years`; currency. `price_ratio` is our price over our price today."""
    return revenue_today_per_year * price_ratio * wallet * years


def cost_of_goods(revenue_today_per_year: Quantity, wallet: Quantity, margin: Quantity, years: float) -> Quantity:
    """Cost of what was sold in a period of `years`; currency.

    `margin` is the fraction of revenue at today's price. A unit costs the same whatever its price; a fuller
    wallet buys more units.
    """
    at_todays_price = revenue_today_per_year * wallet * years
    return at_todays_price - at_todays_price * margin


def cost_to_serve_per_year(uses_and_costs: Iterable[tuple[float, float]]) -> float:
    """Activity-based cost of serving one customer: sum over touchpoints of uses a year times cost of a use.

    Currency a year. Source: Cooper & Kaplan 1991, Harvard Business Review 69(3), 130-135.
    """
    total = 0.0
    for uses, cost in uses_and_costs:
        total += uses * cost
    return total


def cost_to_serve(customers: Quantity, cost_per_year: Quantity, years: float) -> Quantity:
    """Cost of serving so many customers for a period of `years`; currency."""
    return customers * cost_per_year * years
