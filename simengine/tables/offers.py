"""What every supplier offers in every period of every cell, as customers perceive it: for people to read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.tables.cell import Cell
from simengine.tables.layout import Axes, Offers
from simengine.tables.ours import perceived_offer
from simengine.tables.propositions import Proposition


def offers_of(scenario: Scenario, axes: Axes, cells: Sequence[Cell]) -> Offers:
    """Prices and levels of all suppliers; nan where they do not serve, and of the outside option."""
    shape = (len(cells), len(axes.periods), len(axes.segments), len(axes.suppliers))
    price, level = np.full(shape, np.nan), np.full((*shape, len(axes.needs)), np.nan)

    def fill(c: int, s: int, j: int, offers: Sequence[Proposition]) -> None:
        price[c, :, s, j] = [offer.price for offer in offers]
        level[c, :, s, j] = [offer.levels for offer in offers]

    for c, cell in enumerate(cells):
        for s, (name, segment) in enumerate(scenario.segments.items()):
            if isinstance(segment, ChoiceSegment):
                fill(c, s, 0, [perceived_offer(scenario, cell.ours, name, t) for t in range(len(axes.periods))])
        for (rival, name), offers in cell.rivals.items():
            fill(c, axes.segments.index(name), axes.suppliers.index(rival), offers)
    return Offers(price, level)
