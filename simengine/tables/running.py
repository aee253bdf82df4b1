"""Programmes of ours that rivals run from when they answer, or of themselves: from a date that each world has its own.

What a rival's programmes do and cost is the same in every world in which they begin in the same periods.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simengine.scenario.model import Scenario
from simengine.tables.design import Designs
from simengine.tables.effects import Programmes, Running, rivals_programmes
from simengine.tables.move_states import MoveStates, State

Runner = tuple[str, str]  # a move, and a rival that runs programmes in it


class RunningProgrammes:
    """Of all rivals that run some programme from a date that only shows as the market unfolds."""

    def __init__(self, scenario: Scenario, states: MoveStates, designs: Designs) -> None:
        self._scenario, self._designs = scenario, designs
        self._waiting: dict[Runner, dict[int, State]] = {}  # by place in the move's list
        for (move, i), state in states.of.items():
            if state.change.who is not None and state.change.like is not None:
                self._waiting.setdefault((move, state.change.who), {})[i] = state
        self._known: dict[tuple[Runner, tuple[int, ...]], Programmes] = {}  # by the periods in which they begin

    def at(self, period: int, scheduled: Running) -> Running:
        """What rivals run in a period, or did and still works, where `scheduled` is what they do on dates that are
        known: of two programmes at a time the one that is written last, whenever either began."""
        effects = {target: table.copy() for target, table in scheduled.effects.items()}
        spend, misfit = scheduled.spend.copy(), scheduled.misfit.copy()
        never = self._scenario.calendar.periods
        for runner, waiting in self._waiting.items():
            k = list(self._scenario.rivals).index(runner[1])
            worlds = next(iter(waiting.values())).worlds
            starts = np.stack([state.start[worlds] for state in waiting.values()], axis=1)  # [worlds, changes]
            starts = np.where(starts > period, never, starts)
            for begun in np.unique(starts, axis=0).tolist():
                if min(begun) == never:
                    continue
                rows = worlds[(starts == begun).all(axis=1)]
                programmes = self._from(runner, tuple(begun))
                for target in programmes.effects:
                    effects.setdefault(target, np.zeros(spend.shape))
                for target, table in effects.items():
                    paths = programmes.effects.get(target)
                    table[rows, :, k] = 0.0 if paths is None else paths[0, period, :, k]
                spend[rows, :, k] = programmes.spend[0, period, :, k]
                misfit[rows, :, k] = programmes.misfit[0, period, :, k]
        return Running(effects, spend, misfit)

    def _from(self, runner: Runner, begun: tuple[int, ...]) -> Programmes:
        if (runner, begun) not in self._known:
            (move, who), periods = runner, self._scenario.calendar.periods
            changes = list(self._scenario.moves[move])
            for i, start in zip(self._waiting[runner], begun, strict=True):
                lasts = changes[i].lasts
                end = periods if lasts is None else min(start + lasts, periods)
                changes[i] = replace(changes[i], start=start, end=end)
            run = {move: tuple(change for change in changes if change.who == who)}
            self._known[runner, begun] = rivals_programmes(self._scenario, run, self._designs)
        return self._known[runner, begun]
