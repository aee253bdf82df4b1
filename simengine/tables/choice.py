"""From propositions and levers to what the kernels weigh: coefficients, review probabilities, inertia, hazards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from simengine.tables.programmes import effect_path
from simengine.tables.propositions import Proposition, factor, our_proposition
from simengine.tables.rival_offers import RivalOffers
from simengine.tables.rival_programmes import NO_PROGRAMME, RivalProgramme


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
        np.zeros((*shape, len(axes.suppliers))),
    )
    width = table.coefficient.shape[-1]
    offers = {id(ours): our_coefficients(scenario, axes, ours, periods, width) for ours, *_ in cells}
    gaps = {id(ours): our_gaps(scenario, axes, centres, ours, periods) for ours, *_ in cells}
    rivals = {
        id(theirs): rival_coefficients(scenario, axes, run, theirs, periods, width) for _, _, run, theirs in cells
    }
    for c, (ours, changes, run, theirs) in enumerate(cells):
        effects = ours.effects
        table.coefficient[c] = rivals[id(theirs)]
        table.coefficient[c, :, :, 0] = offers[id(ours)]
        for s, (name, segment) in enumerate(scenario.segments.items()):
            if isinstance(segment, ChoiceSegment):
                gap = gaps[id(ours)][:, s].tolist()
                levers = [effects, *(run.get(rival, NO_PROGRAMME).effects for rival in axes.suppliers[1:-1])]
                won = [effect_path(each, name, "acquisition", periods) for each in levers]
                table.review[c, :, s] = review_probabilities(name, segment, axes, won, gap, changes, periods)
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


def rival_coefficients(
    scenario: Scenario,
    axes: Axes,
    programmes: Mapping[str, RivalProgramme],
    offers: RivalOffers,
    periods: int,
    width: int,
) -> Floats:
    """[T, S, J, F] of the rivals' offers; 0 for us, for the outside option and where a rival does not serve. F is
    `width`, as of our own."""
    table = np.zeros((periods, len(axes.segments), len(axes.suppliers), width))
    for s, (name, segment) in enumerate(scenario.segments.items()):
        for j, rival in enumerate(axes.suppliers[1:-1], start=1):
            if isinstance(segment, ChoiceSegment) and (rival, name) in offers:
                reference = scenario.price(COMPANY, name)
                misfit = programmes.get(rival, NO_PROGRAMME).misfit.get(name)
                for t, offer in enumerate(offers[rival, name]):
                    *offered, fit = coefficients(offer, segment, reference)
                    table[t, s, j, : len(offered)] = offered
                    table[t, s, j, len(offered) + (misfit[t] if misfit else 0)] = fit
    return table


def review_probabilities(
    name: str,
    segment: ChoiceSegment,
    axes: Axes,
    acquisition: Sequence[Sequence[float]],
    gap: Sequence[float],
    changes: tuple[Change, ...],
    periods: int,
) -> Floats:
    """[T, J] by current supplier: our customers review more often where there is a `gap` [T] between what we promise
    and deliver, those who are not a supplier's where its `acquisition` [J but the outside option, T] makes them."""
    table = np.ones((periods, len(axes.suppliers)))
    if segment.review == "always":
        return table
    for t in range(periods):
        market = factor(changes, "review", name, t)
        for current in range(len(axes.suppliers)):
            wooed = market
            for supplier, effect in enumerate(acquisition):
                if supplier != current:
                    wooed *= max(1.0 + effect[t], 0.0)
            short = 0.0 if current else segment.gap_sensitivity * gap[t]
            hazard = review_hazard(segment.review, wooed - 1.0, segment.review_cap, short)
            table[t, current] = probability_from_hazard(hazard, axes.years_per_period)
    return table
