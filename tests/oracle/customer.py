"""One customer's period: does it reconsider, whom does it choose, how does the relationship mature."""

from __future__ import annotations

import math
from typing import NamedTuple

from .luck import OpeningLuck, PeriodLuck, happens, stage_length
from .market import NOBODY, US, Market

ABSENT = "not yet in the market"
NEW, ESTABLISHED, LOYAL = STAGES = ("us new", "us established", "us loyal")


class Customer(NamedTuple):
    """A row of the population."""

    row: int
    id: int
    segment: str
    weight: float
    revenue: float  # currency a year, as the population has it
    needs: dict[str, float]
    price_sensitivity: float
    misfit: dict[int, float]  # distance from the nearest centre, by how many groups are designed for
    supplier: int  # fixed opening supplier, or drawn, or not ours: `Population`'s codes
    tenure_months: int
    arrival: int = 0  # periods completed on entering the market; 0: there at the opening
    moved: float = 0.0  # distance by which its need state is away from the mean of all


class ChoiceRules(NamedTuple):
    """How a segment's customers choose. `constants` has the segment's options, in tie-breaking order."""

    constants: dict[str, float]  # utility, by supplier
    inertia: float  # utility
    stage_inertia: tuple[float, ...]  # by stage of ours, multiplies inertia
    outside_inertia: float  # multiplies inertia
    points_worth: float  # utility per point
    tailoring: float  # utility per unit of misfit
    reference_price: float  # our price today
    promotion: tuple[float, float]  # probability a period of becoming established, loyal
    slots: dict[str, int]  # where a supplier's error is
    years: float  # length of a period


def states(options: tuple[str, ...]) -> tuple[str, ...]:
    """The states of a customer who chooses among `options`."""
    return STAGES + tuple(name for name in options if name != US)


def supplier_in(state: str) -> str:
    """Whose customer is in this state."""
    return US if state in STAGES else state


def utility(customer: Customer, market: Market, rules: ChoiceRules, state: str, option: str) -> float:
    """V: what an option is worth, before the error, to a customer who is in `state`."""
    beside = market.shift[option] + (inertia(market, rules, state) if option == supplier_in(state) else 0.0)
    if option == NOBODY:
        return rules.constants[option] + beside
    levels = sum(weight * market.level[option, need] for need, weight in customer.needs.items())
    price = customer.price_sensitivity * (market.price[option] / rules.reference_price - 1)
    groups = market.groups if option == US else market.rival_groups[option]
    unknown = 1 - market.knowledge[option]
    unfit = rules.tailoring * unknown * (customer.misfit[groups] + unknown * customer.moved)
    return rules.constants[option] + rules.points_worth * levels - price - unfit + beside


def inertia(market: Market, rules: ChoiceRules, state: str) -> float:
    """What staying is worth."""
    if state in STAGES:
        return (rules.inertia + market.extra_inertia) * rules.stage_inertia[STAGES.index(state)]
    if state == NOBODY:
        return rules.inertia * rules.outside_inertia
    return rules.inertia


def utilities(customer: Customer, market: Market, rules: ChoiceRules, state: str) -> dict[str, float]:
    """V of every option."""
    return {option: utility(customer, market, rules, state, option) for option in rules.constants}


def logit(worth: dict[str, float]) -> dict[str, float]:
    """Probabilities of the best option under extreme-value errors (McFadden 1974)."""
    highest = max(worth.values())
    powers = {option: math.exp(value - highest) for option, value in worth.items()}
    total = sum(powers.values())
    return {option: power / total for option, power in powers.items()}


def best(worth: dict[str, float], errors: tuple[float, ...], slots: dict[str, int]) -> str:
    """The option with the highest utility and error; the earlier one wins a tie."""
    return max(worth, key=lambda option: worth[option] + errors[slots[option]])


def review_probability(market: Market, rules: ChoiceRules, state: str) -> float:
    """The probability of reconsidering within a period."""
    return 1 - math.exp(-market.review[supplier_in(state)] * rules.years)


def transition(customer: Customer, market: Market, rules: ChoiceRules, state: str) -> dict[str, float]:
    """Probabilities of the state at the end of a period, given the one at its opening."""
    row = dict.fromkeys(states(tuple(rules.constants)), 0.0)
    reviews = review_probability(market, rules, state)
    stays = 1 - reviews
    for option, chance in logit(utilities(customer, market, rules, state)).items():
        if option == supplier_in(state):
            stays += reviews * chance
        else:
            row[NEW if option == US else option] += reviews * chance
    if state in (NEW, ESTABLISHED):
        stage = STAGES.index(state)
        row[STAGES[stage + 1]] += stays * rules.promotion[stage]
        row[state] += stays * (1 - rules.promotion[stage])
    else:
        row[state] += stays
    return row


class Position(NamedTuple):
    """A drawn customer. The dates are one more than the period whose promotion step makes it so."""

    supplier: str
    established: int = 0
    loyal: int = 0


def state_at(position: Position, period: int) -> str:
    """The state at the end of a period; -1 is the opening."""
    if position.supplier != US:
        return position.supplier
    if period + 1 < position.established:
        return NEW
    return ESTABLISHED if period + 1 < position.loyal else LOYAL


def open_position(
    chances: dict[str, float], luck: OpeningLuck, promotion: tuple[float, float], arrival: int
) -> Position:
    """Where a customer starts, by cumulative probability in the order of the states."""
    reached, drawn = 0.0, ""
    for state, chance in chances.items():
        if chance > 0:
            reached, drawn = reached + chance, state
            if luck.state < reached:
                break
    first = stage_length(luck.established, promotion[0])
    second = stage_length(luck.loyal, promotion[1])
    if drawn == NEW:
        return Position(US, arrival + first, arrival + first + second)
    if drawn == ESTABLISHED:
        return Position(US, 0, arrival + second)
    return Position(supplier_in(drawn))


class Step(NamedTuple):
    """What happened to a drawn customer in a period."""

    position: Position
    reviewed: bool
    worth: dict[str, float]  # utilities compared, empty without a review


def live(
    customer: Customer,
    market: Market,
    rules: ChoiceRules,
    position: Position,
    period: int,
    luck: PeriodLuck,
) -> Step:
    """A period of a customer, drawn."""
    state = state_at(position, period - 1)
    if not happens(luck.review, review_probability(market, rules, state)):
        return Step(position, False, {})
    worth = utilities(customer, market, rules, state)
    chosen = best(worth, luck.errors, rules.slots)
    if chosen == position.supplier:
        return Step(position, True, worth)
    if chosen != US:
        return Step(Position(chosen), True, worth)
    established = period + stage_length(luck.established, rules.promotion[0]) + 1
    loyal = established + stage_length(luck.loyal, rules.promotion[1])
    return Step(Position(US, established, loyal), True, worth)
