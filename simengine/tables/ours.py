"""What we promise in a period, and what customers perceive of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.model.experience import TOP_LEVEL, delivered_level
from simengine.model.review import promise_gap
from simengine.scenario.model import Scenario
from simengine.tables.effects import Effects, multiplier
from simengine.tables.layout import Floats
from simengine.tables.today import Today


class OurOffer(NamedTuple):
    """Ours in a period of W worlds."""

    price: Floats  # [W, S]
    promised: Floats  # [W, S, K] 0 to 10: what we offer today, with what levers add since
    level: Floats  # [W, S, K] as customers perceive it
    gap: Floats  # [W, S] points by which that falls short of the promise, weighed by the segment's mean needs


def our_offer(
    scenario: Scenario, today: Today, effects: Effects, delivered: Floats | None, weights: Floats, worlds: int
) -> OurOffer:
    """`delivered` [W, S]: D over D today; None where nothing is said of touchpoints: as is promised. `weights`
    [W, S, K] or [S, K]: mean needs of customers."""
    shape = (worlds, len(today.price))
    price = np.broadcast_to(today.price[:, 0] * multiplier(effects, "price"), shape)
    promised = np.empty((*shape, len(scenario.needs)))
    for k, need in enumerate(scenario.needs):
        added = today.level[:, 0, k] + effects.get(need, 0.0)
        promised[:, :, k] = np.minimum(np.maximum(added, 0.0), TOP_LEVEL)
    if delivered is None or scenario.experience is None:
        return OurOffer(price, promised, promised, np.zeros(shape))
    level = promised.copy()
    for k, need in enumerate(scenario.needs):
        if need in (scenario.experience.delivers or ()):
            level[:, :, k] = delivered_level(promised[:, :, k], delivered)
    by_need = (np.moveaxis(table, -1, 0) for table in (weights, promised, level))
    return OurOffer(price, promised, level, promise_gap(*by_need))
