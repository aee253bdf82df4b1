"""An allocation under a move, before any customer.

What we do depends on the allocation alone, what a move changes on the move alone: each is worked out once and the cells
are put together from both. What rivals imitate depends on both.
"""

from __future__ import annotations

from typing import NamedTuple

from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.tables.design import Designs
from simengine.tables.ours import TODAY, Ours
from simengine.tables.rival_offers import RivalOffers, rival_offers
from simengine.tables.rival_programmes import RivalProgramme, rival_programmes


class Cell(NamedTuple):
    """What an allocation and a move come to."""

    ours: Ours
    changes: tuple[Change, ...]  # the move's
    programmes: dict[str, RivalProgramme]  # by rival that runs one
    rivals: RivalOffers


def cells_of(scenario: Scenario, by_allocation: dict[str, Ours], designs: Designs) -> list[Cell]:
    """Every cell of a scenario."""
    imitating = any(map(scenario.imitates, scenario.rivals))
    programmes = {name: rival_programmes(scenario, changes, designs) for name, changes in scenario.moves.items()}
    offers: dict[tuple[str, str], RivalOffers] = {}
    cells = []
    for allocation, move in scenario.cells:
        ours, changes = by_allocation[allocation], scenario.moves[move]
        seen = (allocation if imitating else "", move)
        if seen not in offers:
            offers[seen] = rival_offers(scenario, ours, changes, programmes[move], scenario.calendar.periods)
        cells.append(Cell(ours, changes, programmes[move], offers[seen]))
    return cells


def today_of(scenario: Scenario) -> Cell:
    """One period of today: today's spend, no move, no finer design."""
    return Cell(TODAY, (), {}, rival_offers(scenario, TODAY, (), {}, 1))
