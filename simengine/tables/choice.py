"""What a review weighs in a period: coefficients of the customers' features, review probabilities, inertia, hazards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simengine.arithmetic.elementwise import exp
from simengine.model.review import review_hazard
from simengine.model.time import probability_from_hazard
from simengine.scenario.lever import CONVERT
from simengine.tables.effects import Effects, multiplier
from simengine.tables.holding import Holding, market_factor
from simengine.tables.layout import Choice, Floats
from simengine.tables.today import Today
from simengine.tables.worlds import Indices


class Offered(NamedTuple):
    """What all N suppliers with an offer, us first, offer in a period of W worlds, as customers perceive it."""

    price: Floats  # [W, S, N]
    level: Floats  # [W, S, N, K]
    knowledge: Floats  # [W, S, N]
    misfit: Indices  # [W, S, N] which of the misfits of a customer is the supplier's; 0: that of today's design


def empty_choice(worlds: int, periods: int, today: Today, designs: int) -> Choice:
    """Tables in which nothing is stated yet; `designs` is the number of misfits of a customer besides today's."""
    segments, offers, needs = today.level.shape
    shape = (worlds, periods, segments)
    return Choice(
        coefficient=np.zeros((*shape, offers + 1, needs + 2 + today.moving + designs), np.float32),
        review=np.zeros((*shape, offers + 1)),
        inertia=np.zeros(shape),
        hazard_factor=np.ones(shape),
        conversion=np.zeros(shape),
        shift=np.zeros((*shape, offers + 1)),
    )


def fill_choice(
    table: Choice,
    period: int,
    today: Today,
    offered: Offered,
    gap: Floats,
    ours: Effects,
    theirs: Effects,
    holding: Sequence[Holding],
    years: float,
) -> None:
    """State what is weighed in a period; `gap` as in `OurOffer`, effects by target of us and of rivals."""
    choice = today.choice
    table.coefficient[:, period, :, :-1] = coefficients(today, offered, table.coefficient.shape[-1])
    review = review_probabilities(today, gap, ours, theirs, holding, years)
    table.review[:, period] = np.where(choice[:, None], review, 0.0)
    table.inertia[:, period] = np.where(choice, ours.get("inertia", 0.0), 0.0)
    market = np.maximum(market_factor(holding, "hazard", gap.shape), 0.0)
    kept = exp(-np.asarray(ours.get("retention", 0.0)))
    table.hazard_factor[:, period] = np.where(choice, 1.0, market * kept)
    converting = probability_from_hazard(np.maximum(np.asarray(ours.get(CONVERT, 0.0)), 0.0), years)
    table.conversion[:, period] = np.where(choice, 0.0, converting)


def coefficients(today: Today, offered: Offered, width: int) -> Floats:
    """[W, S, N, F] utility per unit of each feature: needs weights, price sensitivity, misfits, of which the supplier's
    counts: theta x level, -(price / our price today - 1), -tailoring (1 - knowledge); of how far a customer has moved
    on, which knowledge anticipates, once more (1 - knowledge): see `model.needs_drift`. 0 of who does not serve."""
    needs = offered.level.shape[-1]
    table = np.zeros((*offered.price.shape, width))
    table[..., :needs] = today.points_worth[:, None, None] * offered.level
    table[..., needs] = 1.0 - offered.price / today.price[:, :1]
    fit = -today.tailoring[:, None] * (1.0 - offered.knowledge)
    place = needs + 1 + np.where(offered.misfit > 0, offered.misfit + today.moving, 0)
    np.put_along_axis(table, place[..., None], fit[..., None], axis=-1)
    if today.moving:
        table[..., needs + 2] = fit * (1.0 - offered.knowledge)
    return np.where(today.offers[..., None], table, 0.0)


def review_probabilities(
    today: Today, gap: Floats, ours: Effects, theirs: Effects, holding: Sequence[Holding], years: float
) -> Floats:
    """[W, S, J] by current supplier: our customers review more often where there is a gap between what we promise and
    deliver, those who are not a supplier's where its acquisition makes them."""
    suppliers = today.price.shape[1] + 1
    wooed, short = np.ones((*gap.shape, suppliers)), np.zeros((*gap.shape, suppliers))
    short[..., 0] = today.gap_sensitivity * gap
    market = market_factor(holding, "review", gap.shape)
    rivals = np.asarray(multiplier(theirs, "acquisition"))
    woos = [multiplier(ours, "acquisition"), *(rivals[..., k] if rivals.ndim else rivals for k in range(suppliers - 2))]
    for current in range(suppliers):
        wooed[..., current] = market
        for supplier, effect in enumerate(woos):
            if supplier != current:
                wooed[..., current] *= effect
    hazard = review_hazard(today.review[:, None], wooed - 1.0, today.review_cap[:, None], short)
    return np.where(today.always[:, None], 1.0, probability_from_hazard(hazard, years))
