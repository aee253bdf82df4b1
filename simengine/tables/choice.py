"""From propositions and levers to what the kernels weigh: coefficients, review probabilities, inertia, hazards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simengine.arithmetic import exp
from simengine.model.review import promise_gap, review_hazard
from simengine.model.time import probability_from_hazard
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import COMPANY
from simengine.tables.cell import Cell
from simengine.tables.conversion import conversion_probabilities
from simengine.tables.layout import Axes, Choice, Floats
from simengine.tables.ours import Ours, perceived_offer
from simengine.tables.programmes import Effects, effect_path
from simengine.tables.propositions import Proposition, factor, our_proposition
from simengine.tables.rival_offers import RivalOffers


def choice_of(
    scenario: Scenario, axes: Axes, centres: Floats, cells: Sequence[Cell], periods: int, designs: int = 0
) -> Choice:
    """Tables of cells; see `layout.Choice`.

    `centres` [S, K] are the mean needs of the customers of each segment today. `designs` is the number of misfits of
    a customer besides today's.
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
    offers = {id(ours): our_coefficients(scenario, axes, ours, periods, width) for ours, _, _ in cells}
    gaps = {id(ours): our_gaps(scenario, axes, centres, ours, periods) for ours, _, _ in cells}
    rivals = {id(theirs): rival_coefficients(scenario, axes, theirs, periods) for _, _, theirs in cells}
    for c, (ours, changes, theirs) in enumerate(cells):
        effects = ours.effects
        table.coefficient[c, ..., : len(axes.needs) + 2] = rivals[id(theirs)]
        table.coefficient[c, :, :, 0] = offers[id(ours)]
        for s, (name, segment) in enumerate(scenario.segments.items()):
            if isinstance(segment, ChoiceSegment):
                gap = gaps[id(ours)][:, s].tolist()
                table.review[c, :, s] = review_probabilities(name, segment, axes, effects, gap, changes, periods)
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


def our_coefficients(scenario: Scenario, axes: Axes, ours: Ours, periods: int, width: int) -> Floats:
    """[T, S, F] of our own offer; F is `width`, of which one misfit counts."""
    table = np.zeros((periods, len(axes.segments), width))
    for s, (name, segment) in enumerate(scenario.segments.items()):
        if isinstance(segment, ChoiceSegment):
            reference = scenario.price(COMPANY, name)
            for t in range(periods):
                *offered, fit = coefficients(perceived_offer(scenario, ours, name, t), segment, reference)
                table[t, s, : len(offered)] = offered
                table[t, s, len(offered) + (ours.misfit[name][t] if ours.misfit else 0)] = fit
    return table


def our_gaps(scenario: Scenario, axes: Axes, centres: Floats, ours: Ours, periods: int) -> Floats:
    """[T, S] points by which we deliver less than we promise, weighed by each segment's mean needs."""
    table = np.zeros((periods, len(axes.segments)))
    for s, (name, segment) in enumerate(scenario.segments.items()):
        if isinstance(segment, ChoiceSegment) and ours.delivery is not None:
            for t in range(periods):
                promised = our_proposition(scenario, ours.effects, name, t).levels
                delivered = perceived_offer(scenario, ours, name, t).levels
                table[t, s] = promise_gap(centres[s].tolist(), promised, delivered)
    return table


def rival_coefficients(scenario: Scenario, axes: Axes, offers: RivalOffers, periods: int) -> Floats:
    """[T, S, J, F] of the rivals' offers; 0 for us, for the outside option and where a rival does not serve."""
    table = np.zeros((periods, len(axes.segments), len(axes.suppliers), len(axes.needs) + 2))
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for j, rival in enumerate(axes.suppliers[1:-1], start=1):
            if isinstance(segment, ChoiceSegment) and (rival, name) in offers:
                reference = scenario.price(COMPANY, name)
                for t, offer in enumerate(offers[rival, name]):
                    table[t, s, j] = coefficients(offer, segment, reference)
    return table


def review_probabilities(
    name: str,
    segment: ChoiceSegment,
    axes: Axes,
    effects: Effects,
    gap: Sequence[float],
    changes: tuple[Change, ...],
    periods: int,
) -> Floats:
    """[T, J] by current supplier: our customers review more often where there is a `gap` [T] between what we promise
    and deliver, those who are not ours where `acquisition` makes them."""
    table = np.ones((periods, len(axes.suppliers)))
    if segment.review == "always":
        return table
    acquisition = effect_path(effects, name, "acquisition", periods)
    for t in range(periods):
        market = factor(changes, "review", name, t)
        short = segment.gap_sensitivity * gap[t]
        for who, lever, dissatisfaction in ((slice(0, 1), 0.0, short), (slice(1, None), acquisition[t], 0.0)):
            hazard = review_hazard(segment.review, market * (1.0 + lever) - 1.0, segment.review_cap, dissatisfaction)
            table[t, who] = probability_from_hazard(hazard, axes.years_per_period)
    return table
