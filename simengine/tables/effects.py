"""What money does in a period, by target: to our own offer and customers, and to those of rivals who run programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.tables.design import Designs
from simengine.tables.layout import Floats
from simengine.tables.programmes import Paths, effects_without_spend, misfit_path, programmes
from simengine.tables.rival_programmes import rival_programmes
from simengine.tables.worlds import Indices, Worlds

# target -> [W, S] of ours, [W, S, rivals] of theirs; targets that nothing acts on are absent
Effects = Mapping[str, Floats]


class Running(NamedTuple):
    """What programmes do in a period: [W, S] of ours, [W, S, rivals] of theirs."""

    effects: Effects
    spend: Floats  # currency a year; of a rival, beyond what corresponds to our spend of today
    misfit: Indices  # which of the misfits of customers is the supplier's; 0: today's


class Programmes(NamedTuple):
    """What is spent and what that does, in every period. Axis 0: allocations of ours, or moves."""

    effects: Mapping[str, Floats]  # target -> [A, T, S] or [M, T, S, rivals]
    spend: Floats  # as in `Running`, likewise
    misfit: Indices  # likewise

    def at(self, period: int | Indices, rows: Indices) -> Running:
        """`rows` [W] are the allocation or the move of every world, which may have a period each."""
        effects = {target: paths[rows, period] for target, paths in self.effects.items()}
        return Running(effects, self.spend[rows, period], self.misfit[rows, period])


def our_programmes(scenario: Scenario, designs: Designs) -> Programmes:
    """Of every allocation."""
    segments, periods = list(scenario.segments), scenario.calendar.periods
    found = [programmes(scenario, allocation) for allocation in scenario.allocations.values()]
    misfits = [misfit_path(allocation, designs, periods) for allocation in scenario.allocations.values()]
    shape = (len(found), periods, len(segments))
    misfit = np.zeros(shape, np.int64)
    for a, paths in enumerate(misfits):
        for segment, path in paths.items():
            misfit[a, :, segments.index(segment)] = path
    spend = np.array([[spend[segment] for segment in segments] for spend, _ in found]).swapaxes(1, 2)
    return Programmes(_by_target([effects for _, effects in found], segments, periods), spend, misfit)


def rivals_programmes(scenario: Scenario, moves: Mapping[str, Sequence[Change]], designs: Designs) -> Programmes:
    """Of every one of the `moves`: what rivals do that run programmes of ours on dates that are known."""
    segments, periods = list(scenario.segments), scenario.calendar.periods
    shape = (len(moves), periods, len(segments), len(scenario.rivals))
    effects: dict[str, Floats] = {}
    spend, misfit = np.zeros(shape), np.zeros(shape, np.int64)
    for m, changes in enumerate(moves.values()):
        for rival, programme in rival_programmes(scenario, changes, designs).items():
            k = list(scenario.rivals).index(rival)
            for (segment, target), path in programme.effects.items():
                effects.setdefault(target, np.zeros(shape))[m, :, segments.index(segment), k] = path
            for segment, money in programme.spend.items():
                spend[m, :, segments.index(segment), k] = money
            for segment, design in programme.misfit.items():
                misfit[m, :, segments.index(segment), k] = design
    return Programmes(effects, spend, misfit)


def without_spend(scenario: Scenario, worlds: Worlds) -> Effects:
    """What it does to spend nothing where something is spent today."""
    by_target = _by_target([effects_without_spend(scenario)], list(scenario.segments), 1)
    return {target: np.repeat(paths[0], len(worlds.allocation), axis=0) for target, paths in by_target.items()}


def _by_target(found: Sequence[Paths], segments: list[str], periods: int) -> dict[str, Floats]:
    table: dict[str, Floats] = {}
    for a, paths in enumerate(found):
        for (segment, target), path in paths.items():
            blank = table.setdefault(target, np.zeros((len(found), periods, len(segments))))
            blank[a, :, segments.index(segment)] = path[:periods]
    return table


def multiplier(effects: Effects, target: str) -> Floats:
    """1 + effect on a target, at least 0: levers that were cut may not turn a wallet into a debt."""
    return np.maximum(1.0 + np.asarray(effects.get(target, 0.0)), 0.0)


def sum_of(effects: Effects, more: Effects) -> Effects:
    """Both, added up target by target."""
    return dict(effects) | {
        target: effects[target] + added if target in effects else added for target, added in more.items()
    }
