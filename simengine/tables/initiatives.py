"""What initiatives do in a period, on top of levers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from simengine.scenario.knowledge import KNOWLEDGE
from simengine.scenario.model import Scenario
from simengine.tables.effects import Effects, sum_of
from simengine.tables.layout import Floats
from simengine.tables.worlds import Indices, Worlds

KNOWN = "known"  # a target: what is added to what we know, where levers teach
# (segment, target) -> [A, R1, T] of every allocation, in the unit of the target
Initiatives = Mapping[tuple[str, str], Floats]
InitiativesOf = Callable[[int, int], Initiatives]  # of the replications from the first on, so many


def no_initiatives(first: int, replications: int) -> Initiatives:
    """No allocation has any."""
    return {}


def together(one: InitiativesOf, other: InitiativesOf) -> InitiativesOf:
    """What both do, added up."""

    def of(first: int, replications: int) -> Initiatives:
        found, more = dict(one(first, replications)), other(first, replications)
        for key, paths in more.items():
            found[key] = found[key] + paths if key in found else paths
        return found

    return of


def with_initiatives(
    effects: Effects, initiatives: Initiatives, scenario: Scenario, worlds: Worlds, period: int | Indices
) -> Effects:
    """Effects by target with those of initiatives, which are of the replications of these worlds."""
    segments, more = list(scenario.segments), dict[str, Floats]()
    for (segment, target), paths in initiatives.items():
        row = (worlds.replication - worlds.replication[0]) % paths.shape[1]
        whole = more.setdefault(
            KNOWN if target == KNOWLEDGE else target, np.zeros((len(worlds.allocation), len(segments)))
        )
        whole[:, segments.index(segment)] += paths[worlds.allocation, row, period]
    return sum_of(effects, more)
