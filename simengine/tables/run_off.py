"""What customers choose among beyond the horizon, for the residual method run_off."""

from __future__ import annotations

from collections.abc import Sequence

from simengine.scenario.allocation import Allocation
from simengine.scenario.model import Scenario
from simengine.tables.cell import Cell
from simengine.tables.choice import choice_of
from simengine.tables.experience import delivery_of
from simengine.tables.layout import Axes, Choice, Floats
from simengine.tables.ours import Ours
from simengine.tables.programmes import Effects

FROZEN = "price"  # a target: what levers did to it stays


def run_off_effects(without_spend: Effects, effects: Effects) -> Effects:
    """What levers do beyond the horizon in a cell: the price stays as they left it; all else is as without any spend,
    today's included, at once: what is not paid for does not last."""
    gone = {key: path for key, path in without_spend.items() if key[1] != FROZEN}
    return gone | {key: path for key, path in effects.items() if key[1] == FROZEN}


def run_off_of(scenario: Scenario, allocation: Allocation, ours: Ours, without_spend: Effects) -> Ours:
    """What we do beyond the horizon: touchpoints stay in the hands in which they are then, employees are at once as
    they would be for good without any spend, and there is one design a segment."""
    delivery = delivery_of(scenario, allocation, without_spend, at_rest=True)
    return ours._replace(effects=run_off_effects(without_spend, ours.effects), misfit={}, delivery=delivery)


def run_off_choice(
    scenario: Scenario, axes: Axes, centres: Floats, cells: Sequence[Cell], without_spend: Effects
) -> Choice:
    """The last period for ever: rivals' offers and the market as they are then, but for finer designs; `run_off_of`
    what we do. `centres` as in `choice_of`."""
    ours = {allocation: cell.ours for (allocation, _), cell in zip(axes.cells, cells, strict=True)}
    then = {name: run_off_of(scenario, scenario.allocations[name], each, without_spend) for name, each in ours.items()}
    frozen = [
        Cell(then[name], changes, {rival: each._replace(misfit={}) for rival, each in programmes.items()}, rivals)
        for (name, _), (_, changes, programmes, rivals) in zip(axes.cells, cells, strict=True)
    ]
    return Choice._make(table[:, -1:] for table in choice_of(scenario, axes, centres, frozen, len(axes.periods)))
