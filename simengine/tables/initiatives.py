"""What initiatives do and cost in a period, on top of levers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from simengine.scenario.model import Scenario
from simengine.tables.effects import Effects, sum_of
from simengine.tables.layout import Floats
from simengine.tables.worlds import Worlds


class Initiatives(Protocol):
    """Of every allocation, in some replications; R is 1 where they are alike in all."""

    @property
    def effects(self) -> Mapping[tuple[str, str], Floats]:
        """(segment, target) -> [A, R, T], in the unit of the target."""

    @property
    def cost(self) -> Floats:
        """[A, R, T, S] currency a year."""

    @property
    def unallocated(self) -> Floats:
        """[A, R, T] currency a year that no segment bears."""


InitiativesOf = Callable[[int, int], Initiatives | None]  # of the replications from the first on, so many


def no_initiatives(first: int, replications: int) -> None:
    """No allocation has any."""


def with_initiatives(
    effects: Effects, spend: Floats, initiatives: Initiatives, scenario: Scenario, worlds: Worlds, period: int
) -> tuple[Effects, Floats, Floats]:
    """Effects by target and spend [W, S] with those of initiatives, and what is spent without a segment [W]."""
    of = initiatives.cost.shape[1]
    place = worlds.allocation, (worlds.replication - worlds.replication[0]) % of, period
    more: dict[str, Floats] = {}
    for (segment, target), paths in initiatives.effects.items():
        s = list(scenario.segments).index(segment)
        more.setdefault(target, np.zeros(spend.shape))[:, s] += paths[place]
    return sum_of(effects, more), spend + initiatives.cost[place], initiatives.unallocated[place]
