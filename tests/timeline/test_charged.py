"""The cost of initiatives in the tables of money."""

from __future__ import annotations

import numpy as np

from simengine.timeline.charged import charged
from simengine.timeline.timeline import Timeline
from tests.properties.worlds import market, opened


def test_spend_grows_by_what_is_spent_building_once_and_nothing_else_changes() -> None:
    scenario, _, tables = opened(market())
    economics, cells = tables.economics, tables.axes.cells
    allocations = list(scenario.allocations)
    shape = (2, len(allocations), 3, len(tables.axes.periods), len(tables.axes.segments) + 1)
    building, running = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    timeline = Timeline({}, building, running, {name: {} for name in allocations})
    found = charged(economics, timeline, cells)
    for c, (allocation, _) in enumerate(cells):
        a = allocations.index(allocation)
        spent = building[a] + running[a]
        assert np.array_equal(found.programmes[c], economics.programmes[c] + spent[..., :-1])
        assert np.array_equal(found.unallocated[c], economics.unallocated[c] + spent[..., -1])
        assert np.array_equal(found.programmes_once[c], building[a, ..., :-1])
        assert np.array_equal(found.unallocated_once[c], building[a, ..., -1])
    assert charged(economics, None, cells) is economics
    changed = {name for name in economics._fields if getattr(found, name) is not getattr(economics, name)}
    assert changed == {"programmes", "unallocated", "programmes_once", "unallocated_once"}
