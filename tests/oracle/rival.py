"""What a rival earns on a customer: a company like ours, that has no stages and runs programmes of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from . import rival_programme
from .customer import ABSENT, supplier_in
from .market import US, Cell, Market, market_change
from .value import Account, Chances, segment_money


class RivalYear(NamedTuple):
    """A rival's account of a customer, and its revenue; currency a period."""

    revenue: list[float]
    account: Account


def served(markets: list[Market], name: str) -> bool:
    """Whether customers of a segment can choose a rival; under contract they can choose nobody."""
    return name in markets[0].price


def rival_account(
    scenario: Any,
    segment: str,
    cell: Cell,
    name: str,
    markets: list[Market],
    states: list[Chances],
    flows: Sequence[dict[tuple[str, str], float]],
    base_revenue: float,
    weight: float,
) -> RivalYear:
    """`states` [T + 1] and `flows` [T] as probabilities; `base_revenue` is for all of the customer's weight."""
    stated, ours = scenario.rivals[name], segment_money(scenario.segments[segment])
    years, tax = scenario.calendar.years_per_period, scenario.company.tax_rate
    margin = ours.margin if stated.margin is None else stated.margin
    joining = ours.acquisition_cost if stated.acquisition_cost is None else stated.acquisition_cost
    of_revenue = ours.capital_of_revenue if stated.capital is None else stated.capital.fraction
    each = ours.capital_per_customer if stated.capital is None else stated.capital.money
    points = scenario.segments[segment].cost_to_serve if stated.cost_to_serve is None else stated.cost_to_serve
    serving = sum(point.uses * point.cost for point in points.values())

    our_price = scenario.price(US, segment)
    at_today = base_revenue * scenario.price(name, segment) / our_price
    revenues, nopat = [], []
    capital = [states[0].get(name, 0.0) * (at_today * of_revenue + weight * each)]
    for period, market in enumerate(markets):
        chance = states[period + 1].get(name, 0.0)
        wallet, serve = (
            max(0.0, 1 + rival_programme.effect(scenario, cell[1], name, segment, period, target))
            for target in ("wallet", "cost_to_serve")
        )
        a_year = base_revenue * wallet * market.price[name] / our_price
        cost = serving * serve * market_change(scenario, segment, cell, period, "cost")
        joins = sum(
            probability
            for (before, after), probability in flows[period].items()
            if after == name and (before == ABSENT or supplier_in(before) != name)
        )
        revenues.append(chance * a_year * market.demand * years)
        contribution = revenues[-1] - chance * at_today * wallet * market.demand * (1 - margin) * years
        contribution -= chance * weight * cost * years + weight * joins * joining
        nopat.append(contribution * (1 - tax))
        capital.append(chance * (a_year * of_revenue + weight * each))
    return RivalYear(revenues, Account(nopat, capital))


def overhead(scenario: Any, name: str) -> float:
    """Currency a year."""
    stated = scenario.rivals[name].overhead
    return float(scenario.company.overhead if stated is None else stated)
