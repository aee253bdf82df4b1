"""What initiatives cost, in the tables of money."""

from __future__ import annotations

from collections.abc import Sequence

from simengine.tables.layout import Economics
from simengine.timeline.timeline import Timeline


def charged(economics: Economics, timeline: Timeline | None, cells: Sequence[tuple[str, str]]) -> Economics:
    """The economics with the cost of initiatives among the programmes of the segments that bear it, else unallocated;
    `cells` are (allocation, move). What is spent on building is spent once."""
    if timeline is None:
        return economics
    allocations = list(timeline.times)
    place = [allocations.index(allocation) for allocation, _ in cells]
    building, running = timeline.building[place], timeline.running[place]
    spent = building + running
    return economics._replace(
        programmes=economics.programmes + spent[..., :-1],
        unallocated=economics.unallocated + spent[..., -1],
        programmes_once=economics.programmes_once + building[..., :-1],
        unallocated_once=economics.unallocated_once + building[..., -1],
    )
