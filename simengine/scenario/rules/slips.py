"""Figures so far from what companies have that a sign or a unit was probably meant otherwise: a warning each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.problems import Problem
from simengine.scenario.segment import ChoiceSegment, ContractSegment, Lognormal, Segment
from simengine.scenario.suppliers import COMPANY

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
                f"{figure * 100:.4g}%",
                f"a {what} of the usual size",
                f"did you mean {figure * 10_000:.4g}%?",
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
        else:
            yield (*path, "hazard", "constant"), segment.hazard.constant


def _revenue(segment: Segment) -> float | None:
    """Mean revenue of a customer of ours, money a year; None where it is the customer file's."""
    return segment.revenue.mean if isinstance(segment.revenue, Lognormal) else segment.revenue


def warn_if_serving_costs_more_than_revenue(scenario: Scenario) -> Iterator[Problem]:
    for name, segment in scenario.segments.items():
        cost = sum(touchpoint.uses * touchpoint.cost for touchpoint in segment.cost_to_serve.values())
        revenue = _revenue(segment)
        if revenue is not None and cost > revenue:
            yield scenario.problem(
                ("segments", name, "cost_to_serve"),
                f"{cost:,.2f} a year to serve a customer who brings {revenue:,.2f}",
                "a cost below the revenue",
                "uses and revenue are a year, cost is money per use",
            )


def warn_if_spend_exceeds_revenue(scenario: Scenario) -> Iterator[Problem]:
    """More is spent on the customers of a segment than all of ours bring: thousands for millions, or the reverse."""
    for name, segment in scenario.segments.items():
        share = 1.0 if isinstance(segment, ContractSegment) else (segment.shares or {}).get(COMPANY)
        revenue = _revenue(segment)
        if revenue is None or segment.size is None or share is None:
            continue
        ours = segment.size * share * revenue
        for path, spend in _spends(scenario, name):
            if spend > ours:
                yield scenario.problem(
                    path,
                    f"{spend:,.0f} a year, where our customers in `{name}` bring {ours:,.0f}",
                    "spend below the revenue of those it is spent on",
                    f"k is thousand, M is million; each customer of ours brings {revenue:,.2f} a year",
                )


def _spends(scenario: Scenario, segment: str) -> Iterator[tuple[Path, float]]:
    """Money a year for a segment wherever it is stated, with its place."""
    for lever, each in scenario.levers.items():
        yield ("levers", lever, "today", segment), each.today.get(segment, 0.0)
    for name, allocation in scenario.allocations.items():
        for lever, phases in allocation.fundings.items():
            for i, phase in enumerate(phases):
                yield ("allocations", name, lever, i, segment), phase.amounts.get(segment, 0.0)
