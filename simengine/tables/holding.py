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
        self._stated: list[tuple[Change, State | None, int, Indices, Indices]] = []
        for m, (move, changes) in enumerate(scenario.moves.items()):
            rows = np.flatnonzero(worlds.move == m)
            for i, change in enumerate(changes):
                who = MARKET if change.who is None else rivals.index(change.who)
                where = np.array([segments.index(name) for name in change.segments], np.int64)
                state = states.of[move, i] if states is not None and change.unfolds else None
                self._stated.append((change, state, who, rows, where))

    def holding(self, period: int) -> list[Holding]:
        """What holds in a period."""
        found = []
        for n, (change, state, who, rows, where) in enumerate(self._stated):
            if state is not None:
                there = rows[state.active(period)[rows]]
                found.append(Holding(n, change, who, np.ix_(there, where), state.size[there, None]))
            elif change.start <= period < change.end:
                found.append(Holding(n, change, who, np.ix_(rows, where), np.ones((len(rows), 1))))
        return found


def market_factor(holding: Sequence[Holding], key: str, shape: tuple[int, ...]) -> Floats:
    """[W, S] product of (1 + change) of the market's changes of `key`: review, hazard, cost."""
    product = np.ones(shape)
    for held in holding:
        if held.who == MARKET and key in held.change.change:
            product[held.place] *= 1.0 + held.size * held.change.change[key]
    return product
