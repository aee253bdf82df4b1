"""Customers and their rules, read from the portfolio and the scenario."""

from __future__ import annotations

import math
from typing import Any

from . import design
from .customer import ChoiceRules, Customer
from .market import NOBODY, US, suppliers


def customers(scenario: Any, portfolio: Any, segment: str) -> list[Customer]:
    """The rows of a segment, with their distance from its weighted mean needs."""
    population = portfolio.population
    index = sorted(scenario.segments).index(segment)
    rows = [row for row in range(len(population.ids)) if population.segment[row] == index]
    needs = {row: dict(zip(scenario.needs, map(float, population.needs[row]), strict=True)) for row in rows}
    weight = {row: float(population.weight[row]) for row in rows if population.arrival[row] == 0}
    centre = {
        need: sum(weight[row] * needs[row][need] for row in weight) / sum(weight.values()) for need in scenario.needs
    }
    finer = {
        groups: dict(
            zip(
                rows,
                design.misfits([list(needs[row].values()) for row in rows], list(weight.values()), groups),
                strict=True,
            )
        )
        for groups in design.designs(scenario, segment) - {1}
    }
    return [
        Customer(
            row=row,
            id=int(population.ids[row]),
            segment=segment,
            weight=float(population.weight[row]),
            revenue=float(population.revenue[row]),
            needs=needs[row],
            price_sensitivity=float(population.price_sensitivity[row]),
            misfit={1: sum(abs(needs[row][need] - centre[need]) for need in scenario.needs) / 2}
            | {groups: misfit[row] for groups, misfit in finer.items()},
            supplier=int(population.supplier[row]),
            tenure_months=int(population.tenure_months[row]),
            arrival=int(population.arrival[row]),
        )
        for row in rows
    ]


def choice_rules(scenario: Any, segment: str, constants: dict[str, float], inertia: float) -> ChoiceRules:
    """The rules of a segment for given constants and inertia."""
    stated = scenario.segments[segment]
    years = scenario.calendar.years_per_period
    names = suppliers(scenario)
    slots = {name: number + 1 for number, name in enumerate(names)} | {NOBODY: 0}
    return ChoiceRules(
        constants=constants,
        inertia=inertia,
        stage_inertia=tuple(stated.stages.inertia),
        outside_inertia=stated.outside_inertia,
        points_worth=stated.points_worth,
        tailoring=stated.tailoring,
        reference_price=scenario.price(US, segment),
        promotion=(
            promotion_probability(stated.stages.years[0], years),
            promotion_probability(stated.stages.years[1], years),
        ),
        slots=slots,
        years=years,
    )


def promotion_probability(years: float, years_per_period: float) -> float:
    """Probability a period of leaving a stage with a mean length in years."""
    return 1 - math.exp(-years_per_period / years) if years > 0 else 1.0
