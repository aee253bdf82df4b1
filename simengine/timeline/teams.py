"""Teams as a resource of SimPy: several at once or none, by priority."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import simpy
from simpy.resources.base import BaseResource, Get, Put
from simpy.resources.resource import SortedQueue

_LAST = 2  # of the events of one instant: SimPy's own have 0 and 1


class Request(Get["Teams"]):
    """Waits for `amount` teams; `key` says whose turn is first."""

    def __init__(self, teams: Teams, amount: int, key: tuple[Any, ...]) -> None:
        self.amount, self.key = amount, key
        super().__init__(teams)


class Return(Put["Teams"]):
    """Gives `amount` teams back."""

    def __init__(self, teams: Teams, amount: int) -> None:
        self.amount = amount
        super().__init__(teams)


class Teams(BaseResource[Return, Request]):
    """Teams, each of which does one thing at a time.

    Whoever waits is served in the order of keys, and lets others pass while fewer are free than it needs: the parallel
    scheme of project scheduling (Kolisch 1996, doi:10.1016/0377-2217(95)00357-6). Nobody holds some while waiting for
    more, so that nobody waits for ever. Teams are assigned when all else of an instant has happened: who comes last
    within it has the same chance.
    """

    GetQueue: ClassVar[type] = SortedQueue

    def __init__(self, environment: simpy.Environment, count: float = math.inf) -> None:
        super().__init__(environment, count)
        self.free = count
        self._assigning = False

    def request(self, amount: int, key: tuple[Any, ...]) -> Request:
        return Request(self, amount, key)

    def give_back(self, amount: int) -> Return:
        return Return(self, amount)

    def _do_put(self, event: Return) -> bool:
        self.free += event.amount
        event.succeed()
        return True

    def _do_get(self, event: Request) -> bool:
        if event.amount <= self.free:
            self.free -= event.amount
            event.succeed()
        return True  # the next one may need fewer

    def _trigger_get(self, put_event: Return | None) -> None:
        if not self._assigning:
            self._assigning = True
            turn = self._env.event()
            turn._ok, turn._value = True, None
            turn.callbacks.append(self._assign)
            self._env.schedule(turn, priority=_LAST)  # type: ignore[arg-type]

    def _assign(self, _: simpy.Event) -> None:
        self._assigning = False
        super()._trigger_get(None)
