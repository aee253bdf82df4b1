"""What of the cost of initiatives is spent once, in the tables of money."""

from __future__ import annotations

from collections.abc import Sequence

from simengine.tables.layout import Economics
from simengine.timeline.timeline import Timeline


def told_apart(economics: Economics, timeline: Timeline | None, cells: Sequence[tuple[str, str]]) -> Economics:
    """The economics, which hold all that initiatives cost, with the part told apart that is spent on building; `cells`
    are (allocation, move)."""
    if timeline is None:
        return economics
    allocations = list(timeline.times)
    place = [allocations.index(allocation) for allocation, _ in cells]
    return economics._replace(
        programmes_once=timeline.cost_once[place], unallocated_once=timeline.unallocated_once[place]
    )
