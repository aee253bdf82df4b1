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


def leaving_probabilities(
    terms: Terms, market: Market, customer: Customer, period: int, months_per_period: int
) -> tuple[float, float, float]:
    """The probability that a customer who is still ours leaves in a period: not converted, converting in it, converted.

    Who converts in a period has, over it, the mean of the hazards before and after.
    """
    start = max(0, customer.tenure_months) + (period - customer.arrival) * months_per_period

    def hazard(hazards: Any) -> float:
        return cumulative_hazard(hazards, start + months_per_period) - cumulative_hazard(hazards, start)

    before = hazard(terms.own) * market.leaving
    after = (1 - terms.causal) * before + terms.causal * hazard(terms.other) * market.leaving_after
    return 1 - math.exp(-before), 1 - math.exp(-(before + after) / 2), 1 - math.exp(-after)


def converting_probability(market: Market, years: float) -> float:
    """The probability that a customer converts in a period, if it does not leave."""
    return 1 - math.exp(-market.converting * years)


def transition(state: str, leaving: tuple[float, float, float], converting: float) -> dict[str, float]:
    """Probabilities of the state at the end of a period: some convert, for good; some of all leave."""
    if state == NOBODY:
        return {ESTABLISHED: 0.0, CONVERTED: 0.0, NOBODY: 1.0}
    before, meanwhile, after = leaving
    if state == CONVERTED:
        return {ESTABLISHED: 0.0, CONVERTED: 1 - after, NOBODY: after}
    unmoved, moved = (1 - converting) * (1 - before), converting * (1 - meanwhile)
    return {ESTABLISHED: unmoved, CONVERTED: moved, NOBODY: 1 - unmoved - moved}


def live(
    position: Position, period: int, leaving: tuple[float, float, float], converting: float, luck: PeriodLuck
) -> Position:
    """A period of a customer, drawn."""
    if position.supplier != US:
        return position
    before, meanwhile, after = leaving
    if position.loyal <= period:
        return Position(NOBODY) if happens(luck.review, after) else position
    if happens(luck.conversion, converting):
        stays = Position(US, position.established, period + 1)
        return Position(NOBODY) if happens(luck.review, meanwhile) else stays
    return Position(NOBODY) if happens(luck.review, before) else position
