"""From propositions and levers to what the kernels weigh: coefficients, review probabilities, inertia, hazards."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import exp
from simengine.model.review import review_hazard
from simengine.model.time import probability_from_hazard
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.segment import ChoiceSegment
from simengine.tables.layout import Axes, Choice
from simengine.tables.programmes import Effects
from simengine.tables.propositions import Proposition, factor, our_proposition, rival_proposition


def coefficients(offer: Proposition, segment: ChoiceSegment, reference_price: float) -> list[float]:
    """Utility per unit of each feature: needs weights, price sensitivity, misfit.

    theta x level, -(price / our price today - 1), -tailoring (1 - knowledge).
    """
    worth = [segment.points_worth * level for level in offer.levels]
    return [*worth, 1.0 - offer.price / reference_price, -segment.tailoring * (1.0 - offer.knowledge)]


def empty_choice(axes: Axes, cells: int, periods: int) -> Choice:
    """Tables in which nothing is offered, nobody reviews and hazards are as stated."""
    shape = (cells, periods, len(axes.segments))
    suppliers = len(axes.suppliers)
    return Choice(
        np.zeros((*shape, suppliers, len(axes.needs) + 2), np.float32),
        np.zeros((*shape, suppliers)),
        np.zeros(shape),
        np.ones(shape),
    )


def fill_cell(
    table: Choice, cell: int, scenario: Scenario, axes: Axes, effects: Effects, changes: tuple[Change, ...]
) -> None:
    """Fill one cell of `table` for every period it has, from an allocation's effects and a move's changes."""
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for t in range(table.inertia.shape[1]):

            def effect(target: str, name: str = name, t: int = t) -> float:
                return effects[name, target][t] if (name, target) in effects else 0.0

            if not isinstance(segment, ChoiceSegment):
                market = factor(changes, "hazard", name, t)
                table.hazard_factor[cell, t, s] = max(market, 0.0) * exp(-effect("retention"))
                continue
            market = factor(changes, "review", name, t)
            for j, supplier in enumerate(axes.suppliers):
                acquisition = 0.0 if j == 0 else effect("acquisition")
                table.review[cell, t, s, j] = (
                    1.0
                    if segment.review == "always"
                    else probability_from_hazard(
                        review_hazard(segment.review, market * (1.0 + acquisition) - 1.0, segment.review_cap),
                        axes.years_per_period,
                    )
                )
                if supplier == "none" or supplier not in segment.available:
                    continue
                offer = (
                    our_proposition(scenario, effects, name, t)
                    if j == 0
                    else rival_proposition(scenario, supplier, changes, name, t)
                )
                table.coefficient[cell, t, s, j] = coefficients(offer, segment, scenario.price("us", name))
            table.inertia[cell, t, s] = effect("inertia")
