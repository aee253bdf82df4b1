"""Figures so far from what companies have that a sign or a unit was probably meant otherwise: a warning each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.problems import Problem, listed
from simengine.scenario.segment import AnySegment, ChoiceSegment, ContractSegment
from simengine.scenario.suppliers import COMPANY
from simengine.scenario.units import percent

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario
    from simengine.scenario.yaml_source import Path

# Below these a percentage was probably divided by a hundred twice: 9% written as 0.09%.
SMALLEST = {
    "discount_rate": 0.005,
    "tax_rate": 0.01,
    "margin": 0.01,
    "churn": 0.002,
    "review": 0.005,
    "constant": 0.002,
}


def warn_if_a_percentage_is_tiny(scenario: Scenario) -> Iterator[Problem]:
    for path, figure in _rates(scenario):
        if isinstance(figure, float) and 0 < abs(figure) < SMALLEST[str(path[-1])]:
            what = "hazard" if path[-1] == "constant" else path[-1]
            yield scenario.problem(
                path,
                percent(figure),
                f"a {what} of the usual size",
                f"did you mean {percent(figure * 100)}?",
            )


def _rates(scenario: Scenario) -> Iterator[tuple[Path, object]]:
    yield ("company", "discount_rate"), scenario.company.discount_rate
    yield ("company", "tax_rate"), scenario.company.tax_rate
    for name, segment in scenario.segments.items():
        path = ("segments", name)
        yield (*path, "margin"), segment.margin
        if isinstance(segment, ChoiceSegment):
            yield (*path, "churn"), segment.churn
            yield (*path, "review"), segment.review
        elif isinstance(segment, ContractSegment):
            yield (*path, "hazard", "constant"), segment.hazard.constant
    for name, rival in scenario.rivals.items():
        yield ("rivals", name, "margin"), rival.margin


def warn_if_serving_costs_more_than_revenue(scenario: Scenario) -> Iterator[Problem]:
    for name, segment in scenario.segments.items():
        cost = sum(touchpoint.uses * touchpoint.cost for touchpoint in segment.cost_to_serve.values())
        revenue = segment.mean_revenue
        if revenue is not None and cost > revenue:
            yield scenario.problem(
                ("segments", name, "cost_to_serve"),
                f"{cost:,.2f} a year to serve a customer who brings {revenue:,.2f}",
                "a cost below the revenue",
                "uses and revenue are a year, cost is money per use",
            )


def warn_if_spend_exceeds_revenue(scenario: Scenario) -> Iterator[Problem]:
    """More is spent on customers than all of ours bring: thousands for millions, or the reverse."""
    ours = {name: _ours(segment) for name, segment in scenario.segments.items()}
    for path, names, money in dict.fromkeys(_spends(scenario)):
        known = [each for name in names if (each := ours[name]) is not None]
        revenue = sum(count * each for count, each in known)
        if len(known) == len(names) and money > revenue:
            count = sum(count for count, _ in known)
            of_each = f"; each customer of ours brings {revenue / count:,.2f} a year" if count else ""
            yield scenario.problem(
                path,
                f"{money:,.0f} a year, where our customers in {listed(map('`{}`'.format, names), 'and')} bring "
                f"{revenue:,.0f}",
                "spend below the revenue of those it is spent on",
                f"k is thousand, M is million{of_each}",
            )


def _ours(segment: AnySegment) -> tuple[float, float] | None:
    """How many customers of a segment are ours and what each brings, money a year; None where the file says it."""
    share = (segment.shares or {}).get(COMPANY) if isinstance(segment, ChoiceSegment) else 1.0
    if segment.mean_revenue is None or segment.size is None or share is None:
        return None
    return segment.size * share, segment.mean_revenue


def _spends(scenario: Scenario) -> Iterator[tuple[Path, tuple[str, ...], float]]:
    """(path, segments, money a year) wherever money is stated."""
    for lever, each in scenario.levers.items():
        for segment, money in each.today.items():
            yield ("levers", lever, "today", segment), (segment,), money
    for allocation in scenario.allocations.values():
        for outlay in allocation.outlays():
            yield outlay.path, outlay.segments, outlay.money
