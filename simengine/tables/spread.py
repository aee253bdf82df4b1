"""Budgets spread by a habit: what each segment gets, once it is known who the customers are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from simengine.model.capital import capital
from simengine.model.economic_profit import contribution, economic_profit, nopat
from simengine.model.spend import cost_of_goods
from simengine.portfolio.customers import OURS
from simengine.portfolio.population import DRAWN, Portfolio
from simengine.scenario.allocation import Allocation, Funding
from simengine.scenario.budgets import PROFIT, VALUE, Spreading
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError, in_order, listed
from simengine.tables.layout import Floats, Segments
from simengine.tables.money import cost_of_touchpoints


class Impossible(ValueError):
    """A basis that gives no segment anything: what was found, what would do."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found, self.expected = found, expected


class OurCustomers(NamedTuple):
    """Our customers at the opening, by segment; money is a year. nan where only the simulation can say."""

    customers: Floats  # [S]
    revenue: Floats  # [S] at today's price
    profit: Floats  # [S] economic profit before programmes, overhead and the cost of acquisition
    value: Floats | None  # [S] what they are worth in the status quo; None where nobody asks


def settle(scenario: Scenario, portfolio: Portfolio, segments: Segments, value: Floats | None) -> Scenario:
    """The scenario with money by segment in place of every spread; `value` [S] as in `OurCustomers`. Who costs more
    than they bring is named in a warning. Raises ScenarioError where there is no basis."""
    today = our_customers(scenario, portfolio, segments, value)
    problems: list[Problem] = []
    warnings: list[Problem] = []

    def settled(allocation: Allocation) -> Allocation:
        fundings = dict(allocation.fundings)
        for spread in allocation.spreads:
            try:
                amounts = amounts_of(spread, scenario, portfolio, today)
            except Impossible as basis:
                path = (*spread.path, "by")
                problems.append(scenario.problem(path, basis.found, basis.expected, "state the money per segment"))
                continue
            warnings.extend(_warn_if_a_segment_gets_nothing(scenario, spread, today))
            funding = Funding(start=spread.start, end=spread.end, amounts=amounts)
            fundings[spread.lever] = (*fundings.get(spread.lever, ()), funding)
        return replace(allocation, fundings=fundings, spreads=())

    allocations = {name: settled(allocation) for name, allocation in scenario.allocations.items()}
    if problems:
        raise ScenarioError(problems)
    return replace(scenario, allocations=allocations, warnings=in_order([*scenario.warnings, *warnings]))


def _warn_if_a_segment_gets_nothing(scenario: Scenario, spread: Spreading, today: OurCustomers) -> Iterator[Problem]:
    """Where it counts against a segment's customers that they cost more than they bring."""
    if spread.by not in (PROFIT, VALUE):
        return
    basis = dict(zip(scenario.segments, getattr(today, spread.by).tolist(), strict=True))
    nothing = [name for name in spread.segments if basis[name] < 0.0]
    if nothing:
        worst = listed([f"{basis[name]:,.4g} in {name}" for name in nothing], "and")
        yield scenario.problem(
            (*spread.path, "by"),
            f"{spread.by} below zero: {worst}",
            f"segments whose customers have {spread.by}: the others get nothing of the budget",
            "leave them out, or spread by customers or revenue",
        )


def amounts_of(spread: Spreading, scenario: Scenario, portfolio: Portfolio, today: OurCustomers) -> dict[str, float]:
    """Money a year by segment, in name order; together the budget. Raises Impossible."""
    at = [list(scenario.segments).index(name) for name in spread.segments]
    if spread.column is not None:
        parts = _parts_by_column(spread.column, portfolio, at)
    elif spread.by == "equal":
        parts = np.full(len(at), 1.0 / len(at))
    else:
        basis = np.maximum(getattr(today, spread.by)[at], 0.0)
        unknown = [f"`{name}`" for name, part in zip(spread.segments, basis.tolist(), strict=True) if np.isnan(part)]
        if unknown:
            raise Impossible(
                f"{spread.by}, over {listed(unknown, 'and')} with constants in place of shares",
                "segments whose shares are stated, or a spread by value or equal",
            )
        if basis.sum() <= 0.0:
            raise Impossible(
                f"no {spread.by} in {listed(spread.segments, 'or')}", "a basis that is not nothing everywhere"
            )
        parts = basis / basis.sum()
    return dict(zip(spread.segments, (spread.budget * parts).tolist(), strict=True))


def _parts_by_column(column: str, portfolio: Portfolio, at: list[int]) -> Floats:
    """The fraction of a budget for each of the segments `at`: split evenly over the values that our customers there
    have, then evenly over the customers with each value."""
    population = portfolio.population
    code, values = portfolio.column(column)
    ours = (population.supplier == OURS) & (population.arrival == 0) & np.isin(population.segment, at) & (code >= 0)
    if not ours.any():
        raise Impossible(f"no customers of ours with a {column}", "customers of ours in the customer file")
    place = population.segment[ours].astype(np.int64) * len(values) + code[ours]
    count = np.bincount(place, population.weight[ours], minlength=(max(at) + 1) * len(values))
    count = count.reshape(-1, len(values))[at]  # [segment, value] customers
    if "" in values and (without := count[:, values.index("")].sum()):
        raise Impossible(f"{without:,.10g} of our customers without a {column}", f"a {column} for each of them")
    count = count[:, count.sum(axis=0) > 0.0]
    return np.asarray((count / count.sum(axis=0)).sum(axis=1) / count.shape[1])


def our_customers(
    scenario: Scenario, portfolio: Portfolio, segments: Segments, value: Floats | None = None
) -> OurCustomers:
    """Our customers today: those of the file, or the stated share of the market; `value` as it is given."""
    population = portfolio.population
    customers, revenue = np.empty(len(segments.contract)), np.empty(len(segments.contract))
    for s in range(len(customers)):
        rows = slice(segments.rows[s], segments.rows[s + 1])
        supplier = population.supplier[rows]
        there = population.weight[rows] * (population.arrival[rows] == 0)
        ours = there * (supplier == OURS)
        drawn = bool(((supplier == DRAWN) & (there > 0.0)).any())  # newcomers to a market known from a file are, too
        customers[s] = there.sum() * segments.shares[s, OURS] if drawn else ours.sum()
        stated = segments.stated_revenue[s]
        revenue[s] = (ours * population.revenue[rows]).sum() if np.isnan(stated) else customers[s] * stated
    return OurCustomers(customers, revenue, np.array(list(_profits(scenario, customers, revenue))), value)


def _profits(scenario: Scenario, customers: Floats, revenue: Floats) -> Iterator[float]:
    """Economic profit a year of each segment's customers, none of whom joins or leaves."""
    company = scenario.company
    for segment, count, sales in zip(scenario.segments.values(), customers.tolist(), revenue.tolist(), strict=True):
        serve = count * cost_of_touchpoints(segment.cost_to_serve)
        profit = contribution(sales, cost_of_goods(sales, 1.0, segment.margin, 1.0), serve, 0.0)
        tied_up = capital(sales, segment.capital.fraction, count, segment.capital.money, 0.0, 0.0)
        yield economic_profit(nopat(profit, company.tax_rate), tied_up, company.discount_rate)
