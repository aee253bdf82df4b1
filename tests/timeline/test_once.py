"""What of the cost of initiatives is spent once."""

from __future__ import annotations

import numpy as np

from simengine.timeline.once import told_apart
from simengine.timeline.timeline import Timeline
from tests.properties.worlds import market, opened


def test_what_is_spent_on_building_is_told_apart_and_nothing_else_changes() -> None:
    scenario, _, tables = opened(market())
    economics, cells = tables.economics, tables.axes.cells
    allocations = list(scenario.allocations)
    shape = (len(allocations), 3, len(tables.axes.periods), len(tables.axes.segments))
    once = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    timeline = Timeline({}, once + 1, once[..., 0], once, once[..., 1], {name: {} for name in allocations})
    found = told_apart(economics, timeline, cells)
    for c, (allocation, _) in enumerate(cells):
        assert np.array_equal(found.programmes_once[c], once[allocations.index(allocation)])
        assert np.array_equal(found.unallocated_once[c], once[allocations.index(allocation), ..., 1])
    assert told_apart(economics, None, cells) is economics
    changed = {name for name in economics._fields if getattr(found, name) is not getattr(economics, name)}
    assert changed == {"programmes_once", "unallocated_once"}
