"""Customers under contract: ours until they leave, at a hazard that depends on their tenure."""

from __future__ import annotations

import math
from typing import Any

from .customer import ESTABLISHED, Customer, Position
from .luck import PeriodLuck, happens
from .market import NOBODY, US, Market


def cumulative_hazard(hazards: Any, months: int) -> float:
    """The integrated hazard at so many months: the table, then a constant rate."""
    last = len(hazards.cumulative) - 1
    if months <= last:
        return float(hazards.cumulative[months])
    return float(hazards.cumulative[last] + (months - last) * hazards.monthly_beyond)


def leaving_probability(hazards: Any, market: Market, customer: Customer, period: int, months_per_period: int) -> float:
    """The probability that a customer who is still ours leaves in a period."""
    tenure = max(0, customer.tenure_months) + period * months_per_period
    hazard = cumulative_hazard(hazards, tenure + months_per_period) - cumulative_hazard(hazards, tenure)
    return 1 - math.exp(-hazard * market.leaving)


def transition(state: str, leaving: float) -> dict[str, float]:
    """Probabilities of the state at the end of a period: who has left does not come back."""
    if state == NOBODY:
        return {ESTABLISHED: 0.0, NOBODY: 1.0}
    return {ESTABLISHED: 1 - leaving, NOBODY: leaving}


def live(position: Position, leaving: float, luck: PeriodLuck) -> Position:
    """A period of a customer, drawn."""
    if position.supplier == US and happens(luck.review, leaving):
        return Position(NOBODY)
    return position
