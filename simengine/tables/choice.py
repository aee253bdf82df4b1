"""From propositions and levers to what the kernels weigh: coefficients, review probabilities, inertia, hazards.

What we do depends on the allocation alone, what others do on the move alone: each is worked out once and the cells
are put together from both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simengine.arithmetic import exp
from simengine.model.review import review_hazard
from simengine.model.time import probability_from_hazard
from simengine.scenario.allocation import Allocation
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import COMPANY
from simengine.tables.conversion import conversion_probabilities
from simengine.tables.design import Designs
from simengine.tables.layout import Axes, Choice, Floats
from simengine.tables.programmes import Effects, effect_path
from simengine.tables.propositions import Proposition, factor, our_proposition, rival_proposition

Misfit = dict[str, list[int]]  # by segment: which of the misfits of its customers is ours, in each period; 0: today's


def misfit_path(allocation: Allocation, designs: Designs, periods: int) -> Misfit:
    """Our misfit in each period: 0 under today's design, n under the n-th of the segment's finer `designs`."""

    def at(segment: str, period: int) -> int:
        design = allocation.design(segment, period)
        return 0 if design is None or design.groups == 1 else 1 + designs[segment].index(design.groups)

    return {segment: [at(segment, t) for t in range(periods)] for segment in designs}


def choice_of(
    scenario: Scenario,
    axes: Axes,
    cells: Sequence[tuple[Effects, Misfit, tuple[Change, ...]]],
    periods: int,
    designs: int = 0,
) -> Choice:
    """Tables of cells that each join an allocation's effects and designs with a move's changes; see `layout.Choice`.

    `designs` is the number of misfits of a customer besides today's.
    """
    shape = (len(cells), periods, len(axes.segments))
    table = Choice(
        np.zeros((*shape, len(axes.suppliers), len(axes.needs) + 2 + designs), np.float32),
        np.zeros((*shape, len(axes.suppliers))),
        np.zeros(shape),
        np.ones(shape),
        np.zeros(shape),
    )
    width = table.coefficient.shape[-1]
    ours = {
        id(effects): our_coefficients(scenario, axes, effects, misfit, periods, width) for effects, misfit, _ in cells
    }
    rivals = {id(changes): rival_coefficients(scenario, axes, changes, periods) for _, _, changes in cells}
    for c, (effects, _, changes) in enumerate(cells):
        table.coefficient[c, ..., : len(axes.needs) + 2] = rivals[id(changes)]
        table.coefficient[c, :, :, 0] = ours[id(effects)]
        for s, (name, segment) in enumerate(scenario.segments.items()):
            if isinstance(segment, ChoiceSegment):
                table.review[c, :, s] = review_probabilities(name, segment, axes, effects, changes, periods)
                table.inertia[c, :, s] = effect_path(effects, name, "inertia", periods)
            else:
                retention = effect_path(effects, name, "retention", periods)
                market = [max(factor(changes, "hazard", name, t), 0.0) for t in range(periods)]
                table.hazard_factor[c, :, s] = [m * exp(-r) for m, r in zip(market, retention, strict=True)]
                table.conversion[c, :, s] = conversion_probabilities(effects, name, periods, axes.years_per_period)
    return table


def coefficients(offer: Proposition, segment: ChoiceSegment, reference_price: float) -> list[float]:
    """Utility per unit of each feature: needs weights, price sensitivity, misfit.

    theta x level, -(price / our price today - 1), -tailoring (1 - knowledge).
    """
    worth = [segment.points_worth * level for level in offer.levels]
    return [*worth, 1.0 - offer.price / reference_price, -segment.tailoring * (1.0 - offer.knowledge)]


def our_coefficients(
    scenario: Scenario, axes: Axes, effects: Effects, misfit: Misfit, periods: int, width: int
) -> Floats:
    """[T, S, F] of our own offer; F is `width`, of which one misfit counts."""
    table = np.zeros((periods, len(axes.segments), width))
    for s, (name, segment) in enumerate(scenario.segments.items()):
        if isinstance(segment, ChoiceSegment):
            reference = scenario.price(COMPANY, name)
            for t in range(periods):
                *offered, fit = coefficients(our_proposition(scenario, effects, name, t), segment, reference)
                table[t, s, : len(offered)] = offered
                table[t, s, len(offered) + (misfit[name][t] if misfit else 0)] = fit
    return table


def rival_coefficients(scenario: Scenario, axes: Axes, changes: tuple[Change, ...], periods: int) -> Floats:
    """[T, S, J, F] of the rivals' offers; 0 for us, for the outside option and where a rival does not serve."""
    table = np.zeros((periods, len(axes.segments), len(axes.suppliers), len(axes.needs) + 2))
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for j, rival in enumerate(axes.suppliers[1:-1], start=1):
            if isinstance(segment, ChoiceSegment) and rival in segment.available:
                reference = scenario.price(COMPANY, name)
                for t in range(periods):
                    offer = rival_proposition(scenario, rival, changes, name, t)
                    table[t, s, j] = coefficients(offer, segment, reference)
    return table


def review_probabilities(
    name: str, segment: ChoiceSegment, axes: Axes, effects: Effects, changes: tuple[Change, ...], periods: int
) -> Floats:
    """[T, J] by current supplier: `acquisition` makes those who are not ours review more often."""
    table = np.ones((periods, len(axes.suppliers)))
    if segment.review == "always":
        return table
    acquisition = effect_path(effects, name, "acquisition", periods)
    for t in range(periods):
        market = factor(changes, "review", name, t)
        for who, lever in ((slice(0, 1), 0.0), (slice(1, None), acquisition[t])):
            hazard = review_hazard(segment.review, market * (1.0 + lever) - 1.0, segment.review_cap)
            table[t, who] = probability_from_hazard(hazard, axes.years_per_period)
    return table
