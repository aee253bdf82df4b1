"""When moves hold that no calendar knows ahead: triggered by the market, come of themselves, of random size.

The luck of a change is addressed by its name: it is the same in every allocation, and does not depend on which
replications are simulated together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.luck import ARRIVAL, address, uniforms
from simengine.model.arrival import periods_until_arrival
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.tables.condition import Booleans, MarketView, Observer
from simengine.tables.layout import Floats
from simengine.tables.uncertain import quantiles
from simengine.tables.worlds import Indices, worlds_of


class State(NamedTuple):
    """Of one change that unfolds, in every world; start and end are the number of periods where it never holds."""

    change: Change
    worlds: Indices  # in which its move is played
    start: Indices  # [W] it holds in the periods start <= t < end
    end: Indices  # [W]
    times: Indices  # [W] how often it has been booked
    size: Floats  # [W] by which its amounts are multiplied

    def active(self, period: int) -> Booleans:
        """[W] whether it holds in a period."""
        return (self.start <= period) & (period < self.end)


class MoveStates:
    """The changes of all moves that unfold, by (move, place in its list). `advance` through the periods in order."""

    def __init__(self, scenario: Scenario, first: int, replications: int) -> None:
        """For the replications from `first` on."""
        self._observer = Observer(scenario)
        self._seed, self._first, self._replications = scenario.simulation.seed, first, replications
        self._years, self._periods = scenario.calendar.years_per_period, scenario.calendar.periods
        self.of: dict[tuple[str, int], State] = {}
        played = worlds_of(scenario, first, replications).move
        for m, (move, changes) in enumerate(scenario.moves.items()):
            worlds = np.flatnonzero(played == m)
            for i, change in enumerate(changes):
                if change.unfolds:
                    self.of[move, i] = self._at_rest(change, worlds, len(played))

    def _at_rest(self, change: Change, worlds: Indices, count: int) -> State:
        never = np.full(count, self._periods)
        state = State(change, worlds, never, never.copy(), np.zeros(count, np.int64), np.ones(count))
        if change.arrival is not None:
            self._book(state, worlds, self._arrivals(state, worlds, 0))
        elif change.trigger is None:
            self._book(state, worlds, np.full(len(worlds), change.start))
        return state

    def advance(self, period: int, view: MarketView | None = None) -> None:
        """Book what begins in a period or later. `view` is what the market shows at the end of the period before; in
        the first there is none: nobody answers to what is so today before a period has passed."""
        for state in self.of.values():
            change = state.change
            again = state.times[state.worlds] == 0
            if change.repeatedly:
                again |= state.end[state.worlds] <= period
            worlds = state.worlds[again]
            if not len(worlds):
                continue
            if change.arrival is not None:
                self._book(state, worlds, self._arrivals(state, worlds, state.end[worlds]))
            elif change.trigger is not None and view is not None:
                fired = worlds[self._observer.holds(change.trigger.condition, view, worlds)]
                self._book(state, fired, np.full(len(fired), period + change.trigger.lag))

    def _book(self, state: State, worlds: Indices, start: Indices) -> None:
        change, periods = state.change, self._periods
        if change.size is not None:
            for time in np.unique(state.times[worlds]).tolist():
                some = worlds[state.times[worlds] == time]
                drawn = quantiles(change.size, self._luck("size", change, time))
                state.size[some] = drawn[some % self._replications]
        state.start[worlds] = np.minimum(start, periods)
        end = np.full(len(worlds), periods if change.waits else change.end)
        state.end[worlds] = end if change.lasts is None else np.minimum(state.start[worlds] + change.lasts, periods)
        state.times[worlds] += 1

    def _arrivals(self, state: State, worlds: Indices, since: Indices | int) -> Indices:
        """The periods in which a change comes next; it may from `since` on."""
        probability = state.change.arrival or 0.0
        wait = np.empty(len(worlds), np.int64)
        for time in np.unique(state.times[worlds]).tolist():
            some = state.times[worlds] == time
            luck = self._luck("arrival", state.change, time).tolist()
            drawn = np.array([periods_until_arrival(u, probability, self._years, self._periods) for u in luck])
            wait[some] = drawn[worlds[some] % self._replications]
        return since + wait

    def _luck(self, kind: str, change: Change, time: int) -> Floats:
        """[R] uniforms."""
        identity = address(f"{kind} {change.name}")
        return uniforms(self._seed, identity, ARRIVAL, time, self._first, self._replications)
