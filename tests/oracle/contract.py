"""Customers under contract: ours until they leave, at a hazard that depends on their tenure; some convert."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from .customer import ESTABLISHED, LOYAL, Customer, Position
from .luck import PeriodLuck, happens
from .market import NOBODY, US, Market

CONVERTED = LOYAL  # the same place in the totals: under contract nobody is loyal


class Terms(NamedTuple):
    """The hazards of a segment, and what converting does to them."""

    own: Any
    other: Any  # hazards of the segment that customers convert to; its own if they cannot
    causal: float


def terms(scenario: Any, portfolio: Any, segment: str) -> Terms:
    """What the scenario's levers say of a segment's contracts."""
    for lever in scenario.levers.values():
        if lever.target == "convert" and lever.from_segment == segment:
            return Terms(portfolio.hazards[segment], portfolio.hazards[lever.to], lever.causal)
    return Terms(portfolio.hazards[segment], portfolio.hazards[segment], 0.0)


def cumulative_hazard(hazards: Any, months: int) -> float:
    """The integrated hazard at so many months: of the beta distribution, or the table and then a constant rate."""
    if hazards.parameters is not None:
        alpha, beta, years = hazards.parameters.alpha, hazards.parameters.beta, months / 12
        at_first = math.lgamma(beta) - math.lgamma(alpha + beta)
        return at_first - (math.lgamma(beta + years) - math.lgamma(alpha + beta + years))
    last = len(hazards.cumulative) - 1
    if months <= last:
        return float(hazards.cumulative[months])
    return float(hazards.cumulative[last] + (months - last) * hazards.monthly_beyond)


def leaving_probability(
    terms: Terms, state: str, market: Market, customer: Customer, period: int, months_per_period: int
) -> float:
    """The probability that a customer who is still ours leaves in a period."""
    start = max(0, customer.tenure_months) + (period - customer.arrival) * months_per_period

    def hazard(hazards: Any) -> float:
        return cumulative_hazard(hazards, start + months_per_period) - cumulative_hazard(hazards, start)

    total = hazard(terms.own)
    if state == CONVERTED:
        total += terms.causal * (hazard(terms.other) - total)
    return 1 - math.exp(-total * market.leaving)


def converting_probability(market: Market, years: float) -> float:
    """The probability that a customer who has not left converts in a period."""
    return 1 - math.exp(-market.converting * years)


def transition(state: str, leaving: float, converting: float) -> dict[str, float]:
    """Probabilities of the state at the end of a period: some leave; of the others some convert, for good."""
    if state == NOBODY:
        return {ESTABLISHED: 0.0, CONVERTED: 0.0, NOBODY: 1.0}
    stays = 1 - leaving
    if state == CONVERTED:
        return {ESTABLISHED: 0.0, CONVERTED: stays, NOBODY: leaving}
    return {ESTABLISHED: stays * (1 - converting), CONVERTED: stays * converting, NOBODY: leaving}


def live(position: Position, period: int, leaving: float, converting: float, luck: PeriodLuck) -> Position:
    """A period of a customer, drawn."""
    if position.supplier != US:
        return position
    if happens(luck.review, leaving):
        return Position(NOBODY)
    if position.loyal > period and happens(luck.conversion, converting):
        return Position(US, position.established, period + 1)
    return position
