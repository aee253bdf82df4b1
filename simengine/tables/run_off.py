"""What customers choose among beyond the horizon, for the residual method run_off."""

from __future__ import annotations

from collections.abc import Sequence

from simengine.scenario.model import Scenario
from simengine.tables.cell import Cell
from simengine.tables.choice import choice_of
from simengine.tables.layout import Axes, Choice, Floats
from simengine.tables.programmes import Effects

FROZEN = "price"  # a target: what levers did to it stays


def run_off_effects(without_spend: Effects, effects: Effects) -> Effects:
    """What levers do beyond the horizon in a cell: the price stays as they left it; all else is as without any spend,
    today's included, at once: what is not paid for does not last."""
    gone = {key: path for key, path in without_spend.items() if key[1] != FROZEN}
    return gone | {key: path for key, path in effects.items() if key[1] == FROZEN}


def run_off_choice(
    scenario: Scenario, axes: Axes, centres: Floats, cells: Sequence[Cell], without_spend: Effects
) -> Choice:
    """The last period for ever: rivals' offers, the market, our price and touchpoints as they are then, one design a
    segment. `centres` as in `choice_of`."""
    frozen = [
        cell._replace(ours=cell.ours._replace(effects=run_off_effects(without_spend, cell.ours.effects), misfit={}))
        for cell in cells
    ]
    return Choice._make(table[:, -1:] for table in choice_of(scenario, axes, centres, frozen, len(axes.periods)))
