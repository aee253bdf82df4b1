"""A market that unfolds in one world, with effects and changes put in by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.tables.effects import Programmes
from simengine.tables.market import Market, Period, Plans
from simengine.tables.today import today_of
from simengine.tables.worlds import Worlds

Paths = Mapping[tuple[str, str], Sequence[float]]  # (segment, target) -> effect in each period; the last one lasts


def market_of(
    scenario: Scenario, changes: Sequence[Change] = (), effects: Paths | None = None, theirs: Paths | None = None
) -> Market:
    """The market of `changes` in which levers of ours have `effects`, and programmes of the first rival `theirs`."""
    moved = replace(scenario, moves={"moved": tuple(changes)})
    today = today_of(moved, np.full((len(scenario.segments), len(scenario.needs)), 1.0 / len(scenario.needs)))
    world = Worlds(*np.zeros((3, 1), np.int64), 1)
    own, rivals = _programmes(scenario, effects or {}), _programmes(scenario, theirs or {}, len(scenario.rivals))
    return Market(moved, today, world, Plans(own, rivals, {}))


def unfold(market: Market) -> list[Period]:
    """All periods."""
    return [market.reveal(t) for t in range(market.scenario.calendar.periods)]


def _programmes(scenario: Scenario, paths: Paths, *rivals: int) -> Programmes:
    periods, segments = scenario.calendar.periods, list(scenario.segments)
    shape = (len(scenario.allocations), periods, len(segments), *rivals)
    effects: dict[str, np.ndarray] = {}
    for (segment, target), path in paths.items():
        whole = [*path, *[path[-1]] * periods][:periods]
        table = effects.setdefault(target, np.zeros(shape))
        table[:, :, segments.index(segment), *[0 for _ in rivals]] = whole
    return Programmes(effects, np.zeros(shape), np.zeros(shape, np.int64))
