"""Budgets spread over segments, worked out customer by customer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .opening import mean_revenue

FILE_KIND, OURS, DRAWN = 0, 0, -1


def with_spreads(scenario: Any, portfolio: Any) -> Any:
    """The scenario with money by segment in place of spreads."""
    allocations = {}
    for name, allocation in scenario.allocations.items():
        fundings = dict(allocation.fundings)
        for spread in allocation.spreads:
            money = amounts(scenario, portfolio, spread)
            funding = _Funding(spread.start, spread.end, money)
            fundings[spread.lever] = (*fundings.get(spread.lever, ()), funding)
        allocations[name] = replace(allocation, fundings=fundings, spreads=())
    return replace(scenario, allocations=allocations)


class _Funding:
    def __init__(self, start: int, end: int, amounts: dict[str, float]) -> None:
        self.start, self.end, self.amounts = start, end, amounts


def amounts(scenario: Any, portfolio: Any, spread: Any) -> dict[str, float]:
    """Currency a year by segment."""
    if spread.by == "equal":
        return {segment: spread.budget / len(spread.segments) for segment in spread.segments}
    if spread.by.startswith("column "):
        return by_column(scenario, portfolio, spread, spread.by.split(maxsplit=1)[1])
    basis = {"customers": our_customers, "revenue": our_revenue, "profit": our_profit}[spread.by]
    parts = {segment: max(0.0, basis(scenario, portfolio, segment)) for segment in spread.segments}
    return {segment: spread.budget * part / sum(parts.values()) for segment, part in parts.items()}


def by_column(scenario: Any, portfolio: Any, spread: Any, column: str) -> dict[str, float]:
    """Evenly over the values that our customers have, then over who has them."""
    codes, _ = portfolio.column(column)
    people = [
        row for segment in spread.segments for row in _rows(scenario, portfolio, segment) if _ours(portfolio, row)
    ]
    holders: dict[int, float] = {}
    for row in people:
        holders[int(codes[row])] = holders.get(int(codes[row]), 0.0) + float(portfolio.population.weight[row])
    money = dict.fromkeys(spread.segments, 0.0)
    for row in people:
        each = spread.budget / len(holders) / holders[int(codes[row])]
        segment = sorted(scenario.segments)[portfolio.population.segment[row]]
        money[segment] += each * float(portfolio.population.weight[row])
    return money


def our_customers(scenario: Any, portfolio: Any, segment: str) -> float:
    """How many of a segment's market are ours today."""
    rows = _rows(scenario, portfolio, segment)
    population = portfolio.population
    if all(population.supplier[row] == DRAWN for row in rows):
        return float(sum(population.weight[row] for row in rows) * scenario.segments[segment].shares["us"])
    return float(sum(population.weight[row] for row in rows if _ours(portfolio, row)))


def our_revenue(scenario: Any, portfolio: Any, segment: str) -> float:
    """What they bring a year."""
    rows, population = _rows(scenario, portfolio, segment), portfolio.population
    in_file = any(int(population.ids[row]) >> 62 == FILE_KIND for row in rows)
    if in_file and scenario.portfolio.columns.revenue is not None:
        return float(sum(population.weight[row] * population.revenue[row] for row in rows if _ours(portfolio, row)))
    return our_customers(scenario, portfolio, segment) * mean_revenue(scenario.segments[segment].revenue)


def our_profit(scenario: Any, portfolio: Any, segment: str) -> float:
    """Their profit after tax, less what their capital must earn."""
    stated, company = scenario.segments[segment], scenario.company
    people, revenue = our_customers(scenario, portfolio, segment), our_revenue(scenario, portfolio, segment)
    served = people * sum(touch.uses * touch.cost for touch in stated.cost_to_serve.values())
    tied_up = getattr(stated.capital, "fraction", 0.0) * revenue + getattr(stated.capital, "money", 0.0) * people
    return float((revenue * stated.margin - served) * (1 - company.tax_rate) - company.discount_rate * tied_up)


def _rows(scenario: Any, portfolio: Any, segment: str) -> list[int]:
    index = sorted(scenario.segments).index(segment)
    arrival = portfolio.population.arrival
    return [row for row, s in enumerate(portfolio.population.segment) if s == index and arrival[row] == 0]


def _ours(portfolio: Any, row: int) -> bool:
    return bool(portfolio.population.supplier[row] == OURS and portfolio.population.arrival[row] == 0)
