"""How customers choose beyond the horizon, for the residual method run_off."""

from __future__ import annotations

from collections.abc import Sequence

from simengine.scenario.model import Scenario
from simengine.tables.choice import Misfit, choice_of
from simengine.tables.economics import CellInput
from simengine.tables.layout import Axes, Choice

KEPT_TARGET = "price"  # what levers did to it stays: prices are frozen; the effect of programmes ends with them


def run_off_choice(scenario: Scenario, axes: Axes, cells: Sequence[CellInput]) -> Choice:
    """The last period for ever: rivals' offers, the market and our price as they are then, our levers and designs as
    today."""
    finer: Misfit = {}
    frozen = [
        ({key: path for key, path in effects.items() if key[1] == KEPT_TARGET}, finer, changes)
        for _, effects, changes in cells
    ]
    return Choice._make(table[:, -1:] for table in choice_of(scenario, axes, frozen, len(axes.periods)))
