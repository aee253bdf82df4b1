"""Amounts out of all proportion to the customers' revenue: which of them does not fit into fixed point."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from simengine.portfolio.population import Portfolio
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.units import percent
from simengine.valuation.grid import OutOfProportion

if TYPE_CHECKING:
    from simengine.scenario.yaml_source import Path


@contextmanager
def in_proportion(scenario: Scenario, portfolio: Portfolio) -> Iterator[None]:
    """An `OutOfProportion` of what is done within becomes a `ScenarioError` at the amount that is to blame."""
    try:
        yield
    except OutOfProportion:
        raise ScenarioError([_largest(scenario, portfolio)]) from None


def _largest(scenario: Scenario, portfolio: Portfolio) -> Problem:
    population = portfolio.population
    revenue = float((population.opening_weight * population.revenue).sum())
    customers = dict(
        zip(
            scenario.segments,
            np.bincount(population.segment, population.opening_weight, len(scenario.segments)),
            strict=True,
        )
    )
    path, _ = max(_amounts(scenario, customers, revenue), key=lambda amount: amount[1])
    if path[0] == "moves":
        return scenario.problem(
            path,
            "costs that rise on and on: each change multiplies those before it",
            "costs in proportion to revenue",
            "state the rise once; a change stays until its `until`",
        )
    growth = scenario.company.residual.growth
    if growth is not None and path == ("company", "residual", "growth"):
        return scenario.problem(
            path,
            f"a growth of {percent(growth, 8)}, next to the discount rate",
            f"a growth clearly below the discount rate of {percent(scenario.company.discount_rate, 8)}",
            "state less growth, or residual: {method: fade, years: 10}",
        )
    return scenario.problem(
        path,
        "",
        f"an amount in proportion to what all customers of the market bring, {revenue:,.0f} a year",
        "check the unit: k is thousand, M is million, billion a thousand million",
    )


def _amounts(scenario: Scenario, customers: dict[str, float], revenue: float) -> Iterator[tuple[Path, float]]:
    """Every amount that has no bound of its own, with about what it comes to a year, currency."""
    for name, segment in scenario.segments.items():
        path, count = ("segments", name), customers[name]
        for touchpoint, use in segment.cost_to_serve.items():
            yield (*path, "cost_to_serve", touchpoint, "cost"), count * use.uses * use.cost
        capital = segment.capital
        yield (*path, "capital"), count * capital.money + revenue * capital.fraction
        if isinstance(segment, ChoiceSegment):
            yield (*path, "acquisition_cost", "money"), count * segment.acquisition_cost.money
            spread = max(segment.stages.revenue) / min(segment.stages.revenue)
            yield (*path, "stages", "revenue"), revenue * spread
    for lever, each in scenario.levers.items():
        for name, money in each.today.items():
            yield ("levers", lever, "today", name), money
    for allocation in scenario.allocations.values():
        for outlay in allocation.outlays():
            yield outlay.path, outlay.money
        for initiative in allocation.initiatives.values():
            yield (*initiative.path, "cost"), initiative.build + initiative.run
    for move, changes in scenario.moves.items():
        factor = 1.0
        for i, change in enumerate(changes):
            factor *= 1.0 + change.change.get("cost", 0.0)
            yield ("moves", move, i, "change", "cost"), factor * revenue
    growth = scenario.company.residual.growth
    if growth is not None:
        yield ("company", "residual", "growth"), revenue / (scenario.company.discount_rate - growth)
