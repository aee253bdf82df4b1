"""Which changes of a move hold in a period, in which worlds and segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.tables.layout import Floats
from simengine.tables.move_states import MoveStates, State
from simengine.tables.worlds import Indices, Worlds

MARKET = -1  # who acts, where it is no rival


class Holding(NamedTuple):
    """A change that holds in a period."""

    number: int  # of the change, among all moves'
    change: Change
    who: int  # of the rivals in name order; MARKET
    place: tuple[Any, ...]  # the worlds and the segments where it holds, as an index of arrays [W, S]
    size: Floats  # [worlds there, 1] by which its amounts are multiplied


class Moves:
    """The changes of all moves, in the order in which each move states them."""

    def __init__(self, scenario: Scenario, worlds: Worlds, states: MoveStates | None = None) -> None:
        """`states` of the changes whose dates or sizes only show as the market unfolds."""
        rivals, segments = list(scenario.rivals), list(scenario.segments)
        self._scheduled: list[Holding] = []
        self._unfolding: list[tuple[int, Change, State, int, Indices, Indices]] = []
        number = 0
        for m, (move, changes) in enumerate(scenario.moves.items()):
            rows = np.flatnonzero(worlds.move == m)
            for i, change in enumerate(changes):
                who = MARKET if change.who is None else rivals.index(change.who)
                where = np.array([segments.index(name) for name in change.segments], np.int64)
                if states is not None and change.unfolds:
                    self._unfolding.append((number, change, states.of[move, i], who, rows, where))
                else:
                    whole = np.ones((len(rows), 1))
                    self._scheduled.append(Holding(number, change, who, np.ix_(rows, where), whole))
                number += 1

    def holding(self, period: int | Indices) -> list[Holding]:
        """What holds in a period; an array [W]: of each world its own."""
        if isinstance(period, np.ndarray):
            return [held for each in self._scheduled if len((held := _in_its_periods(each, period)).size)]
        found = [held for held in self._scheduled if held.change.start <= period < held.change.end]
        for number, change, state, who, rows, where in self._unfolding:
            there = rows[state.active(period)[rows]]
            found.append(Holding(number, change, who, np.ix_(there, where), state.size[there, None]))
        return sorted(found, key=lambda held: held.number)


def _in_its_periods(held: Holding, period: Indices) -> Holding:
    """A change in those of its worlds whose period [W] it holds in."""
    rows, where = (each.ravel() for each in held.place)
    there = rows[(held.change.start <= period[rows]) & (period[rows] < held.change.end)]
    return held._replace(place=np.ix_(there, where), size=np.ones((len(there), 1)))


def market_factor(holding: Sequence[Holding], key: str, shape: tuple[int, ...]) -> Floats:
    """[W, S] product of (1 + change) of the market's changes of `key`: review, hazard, cost."""
    product = np.ones(shape)
    for held in holding:
        if held.who == MARKET and key in held.change.change:
            product[held.place] *= 1.0 + held.size * held.change.change[key]
    return product
