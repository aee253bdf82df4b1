"""Programmes of ours that rivals run from when they answer, or of themselves: from a date that each world has its own.

What a programme does and costs from a date on is the same in every world in which it begins then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from simengine.scenario.model import Scenario
from simengine.tables.design import Designs
from simengine.tables.effects import Programmes, rivals_programmes
from simengine.tables.layout import Floats
from simengine.tables.move_states import MoveStates
from simengine.tables.worlds import Indices


class Running(NamedTuple):
    """What rivals run in a period; [W, S, rivals]."""

    effects: dict[str, Floats]  # by target
    spend: Floats
    misfit: Indices


class RunningProgrammes:
    """Of all changes that let a rival run a programme from a date that only shows as the market unfolds."""

    def __init__(self, scenario: Scenario, states: MoveStates, designs: Designs) -> None:
        self._scenario, self._states, self._designs = scenario, states, designs
        self._known: dict[tuple[str, int, int], Programmes] = {}  # by move, change and the period in which it begins

    def at(self, period: int, worlds: int) -> Running:
        """What is run in a period, or was and still works."""
        shape = (worlds, len(self._scenario.segments), len(self._scenario.rivals))
        running = Running({}, np.zeros(shape), np.zeros(shape, np.int64))
        for (move, i), state in self._states.of.items():
            if state.change.like is None:
                continue
            for start in np.unique(state.start[state.worlds]).tolist():
                if start > period:
                    continue
                rows = state.worlds[state.start[state.worlds] == start]
                programme = self._from(move, i, start)
                for target, paths in programme.effects.items():
                    running.effects.setdefault(target, np.zeros(shape))[rows] += paths[0, period]
                running.spend[rows] += programme.spend[0, period]
                running.misfit[rows] = np.maximum(running.misfit[rows], programme.misfit[0, period])
        return running

    def _from(self, move: str, i: int, start: int) -> Programmes:
        key = (move, i, start)
        if key not in self._known:
            change, periods = self._states.of[move, i].change, self._scenario.calendar.periods
            end = periods if change.lasts is None else min(start + change.lasts, periods)
            from_then = replace(change, start=start, end=end, trigger=None, arrival=None)
            self._known[key] = rivals_programmes(self._scenario, {move: (from_then,)}, self._designs)
        return self._known[key]
