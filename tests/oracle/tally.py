"""Totals with the axes of the ledger, filled one customer at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .customer import ABSENT, STAGES, supplier_in
from .market import US

PRESENT, FUTURE = 0, 1
Floats = NDArray[np.float64]


class Tally(NamedTuple):
    """Customers, and currency a year at today's price; not scaled.

    Axes: C cells, R replications, T periods, S segments, states, J suppliers, presence.
    """

    count: Floats  # type: ignore[assignment]  # [C, R, T + 1, S, states, 2]
    revenue: Floats  # [C, R, T + 1, S, states, 2]
    joins: Floats  # [C, R, T, S, J, 2]
    leaves: Floats  # [C, R, T, S, J, 2]
    direction: Floats  # [C, R, 3] shared reviews, violations, consequences of an earlier difference


def empty_tally(cells: int, replications: int, periods: int, segments: int, names: tuple[str, ...]) -> Tally:
    """Nothing counted yet."""
    stock = (cells, replications, periods + 1, segments, len(state_axis(names)), 2)
    flow = (cells, replications, periods, segments, len(names), 2)
    return Tally(np.zeros(stock), np.zeros(stock), np.zeros(flow), np.zeros(flow), np.zeros((cells, replications, 3)))


def state_axis(names: tuple[str, ...]) -> tuple[str, ...]:
    """Us by stage, the rivals, nobody."""
    return STAGES + names[1:]


class Place(NamedTuple):
    """Where in the totals a customer belongs."""

    cell: int
    replication: int
    segment: int
    presence: int


def count_state(tally: Tally, place: Place, end: int, state: int, customers: float, revenue: float) -> None:
    """Somebody is in a state at the end of period `end - 1`."""
    where = (place.cell, place.replication, end, place.segment, state, place.presence)
    tally.count[where] += customers
    tally.revenue[where] += revenue


def count_move(
    tally: Tally, place: Place, period: int, names: tuple[str, ...], before: str, after: str, customers: float
) -> None:
    """Somebody goes from a state to another; only a change of supplier is a move, and entering the market a join."""
    source, target = supplier_in(before), supplier_in(after)
    if source == target:
        return
    where = (place.cell, place.replication, period, place.segment)
    if before != ABSENT:
        tally.leaves[(*where, names.index(source), place.presence)] += customers
    tally.joins[(*where, names.index(target), place.presence)] += customers


def joined_us(before: str, after: str) -> bool:
    """Whether a change of state is a joining of ours."""
    return supplier_in(before) != US and supplier_in(after) == US
