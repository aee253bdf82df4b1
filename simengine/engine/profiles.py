"""Customers whom expected mode treats alike, as one weighted row each: profiles.

Expected mode carries probabilities that depend on a customer's segment, arrival, opening supplier, stage or tenure,
what it has bought or in which state it is, and features, but not on its money: that is summed up. Customers who are
equal in those merge without any loss.
Near-equal ones merge where they fall into the same cell of a grid, see `engine.grid`. A profile has the mean features
of its customers, weighed half by customers, as shares and churn count them, and half by revenue. Within a cell both
means differ by what revenue varies with features there: what is lost falls with the square of the step where revenue
is smooth in features, and at least with the step.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.grid import Grid, grid_of
from simengine.engine.pool import Pool, spans
from simengine.engine.register import Register
from simengine.jit import kernel
from simengine.portfolio.customers import OURS
from simengine.portfolio.population import UNKNOWN_TENURE, Population
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.tables.layout import Floats, Tables

PIECE = 1 << 17  # customers whose keys are made at once

Keys = NDArray[np.int32]


class Profiles(NamedTuple):
    """One row a profile, in the order of the first customer of each: a population and its tables."""

    population: Population
    tables: Tables
    profile: NDArray[np.int32] | None = None  # [N] the row of each customer; None: every customer is its own
    cells: tuple[int, ...] = ()  # [S] profiles of each segment
    alike: tuple[bool, ...] = ()  # [S] whether all who merged are equal in what they choose by

    def revenue_of(self, customers: Population, base: Floats) -> Floats:
        """[N] base revenue of every customer, from that of the profiles [P]: it is in proportion to revenue in each."""
        if self.profile is None:
            return base
        mean = self.population.revenue
        ratio = np.divide(base, mean, out=np.zeros(len(base)), where=mean > 0.0)
        return np.asarray(customers.revenue * ratio[self.profile])


def equal_profiles(tables: Tables, population: Population, workers: int = 1) -> Profiles:
    """Customers who are equal in all that the simulation looks at merge."""

    def keys_of(s: int, rows: slice) -> list[Keys]:
        if not tables.segments.choice[s]:
            return []
        return [np.ascontiguousarray(column).view(np.int32) for column in tables.features[rows].T]

    return _merged(tables, population, keys_of, workers)


def near_profiles(tables: Tables, population: Population, step: float, workers: int = 1) -> Profiles:
    """Customers merge whose utilities differ by less than about `step` in every direction that matters."""
    grids: list[Grid | None] = [
        grid_of(tables, population, s, step) if choice else None for s, choice in enumerate(tables.segments.choice)
    ]

    def keys_of(s: int, rows: slice) -> list[Keys]:
        grid = grids[s]
        return [] if grid is None else grid.cells(tables.features[rows])

    return _merged(tables, population, keys_of, workers)


def _merged(
    tables: Tables, population: Population, keys_of: Callable[[int, slice], list[Keys]], workers: int
) -> Profiles:
    """Merge who agrees in `keys_of(segment, rows)` and in what `_discrete` says."""
    segments = tables.segments
    width = tables.features.shape[1]
    profile = np.empty(len(population.ids), np.int32)
    found: list[tuple[NDArray[np.int64], Floats]] = [(np.empty(0, np.int64), np.empty((0, 0)))] * len(segments.contract)

    cells, alike = [0] * len(segments.contract), [True] * len(segments.contract)

    def merge(_: int, s: int) -> None:
        start, end = int(segments.rows[s]), int(segments.rows[s + 1])
        register: Register | None = None
        for a, b in spans(start, end, PIECE):
            rows = slice(a, b)
            keys = np.column_stack([*_discrete(tables, population, s, rows), *keys_of(s, rows)])
            register = register or Register(keys.shape[1])
            profile[rows] = register.numbers(keys)
        count = cells[s] = 0 if register is None else register.count
        first, sums = np.full(count, -1, np.int64), np.zeros((count, 3 + width))
        weight, revenue = population.weight, population.revenue
        money = (weight[start:end] * revenue[start:end]).sum()
        mean = money / weight[start:end].sum() if money > 0.0 else 1.0
        for a, b in spans(start, end, PIECE):
            equal = add_up(profile, weight, revenue, tables.features, mean, a, b, first, sums)
            alike[s] = alike[s] and bool(equal or not segments.choice[s])
        found[s] = first, sums

    Pool(workers).each(merge, range(len(segments.contract)))
    rows = np.concatenate([[0], np.cumsum([len(first) for first, _ in found])]).astype(np.int64)
    for s, (start, end) in enumerate(pairwise(segments.rows.tolist())):
        profile[start:end] += np.int32(rows[s])
    first = np.concatenate([first for first, _ in found])
    if len(first) == len(profile):
        return Profiles(population, tables, None, tuple(cells), tuple(alike))
    sums = np.concatenate([sums for _, sums in found])  # [P, ...], see `add_up`
    features = (sums[:, 3:] / sums[:, 2:3]).astype(np.float32)
    needs = population.needs.shape[1]
    one_each = Population._make(column[first] for column in population)._replace(
        weight=np.ascontiguousarray(sums[:, 0]),
        revenue=sums[:, 1] / sums[:, 0],
        needs=features[:, :needs].copy(),
        price_sensitivity=features[:, needs].copy(),
    )
    merged = tables._replace(features=features, segments=segments._replace(rows=rows))
    return Profiles(one_each, merged, profile, tuple(cells), tuple(alike))


def _discrete(tables: Tables, population: Population, s: int, rows: slice) -> list[Keys]:
    """Arrival, opening supplier, what was bought so far or the state; tenure in contract segments, the stage of ours,
    which follows from it, where customers choose."""
    tenure = population.tenure_months[rows].astype(np.int32)
    if tables.segments.choice[s]:
        reached = float(MONTHS_PER_YEAR) * np.cumsum(tables.segments.stage_years[s])
        known = (population.supplier[rows] == OURS) & (tenure != UNKNOWN_TENURE)
        stage = (tenure >= reached[0]).astype(np.int32) + (tenure >= reached[1])
        tenure = np.where(known, stage, np.int32(UNKNOWN_TENURE)).astype(np.int32)
    if tables.segments.lawful[s]:
        tenure = np.zeros_like(tenure)
    history = [column.view(np.int32).reshape(-1, 2).T for column in np.ascontiguousarray(population.history[rows].T)]
    known = [population.arrival[rows].astype(np.int32), population.supplier[rows].astype(np.int32), tenure]
    return known + [half for column in history for half in column]


@kernel
def add_up(
    profile: Any, weight: Any, revenue: Any, features: Any, mean: Any, start: Any, end: Any, first: Any, sums: Any
) -> Any:
    """Add customers start..end to sums [P, weight, money, weight of the mean, features] of their profiles, and note
    the first customer of each. In the mean of features a customer counts with its revenue and as much as any other:
    with `mean`, the segment's mean revenue. Returns whether all have the features of the first of their profile."""
    equal = True
    for i in range(start, end):
        p, w = profile[i], np.float64(weight[i])
        if first[p] < 0:
            first[p] = i
        money = w * np.float64(revenue[i])
        share = money + w * mean
        sums[p, 0] += w
        sums[p, 1] += money
        sums[p, 2] += share
        for f in range(features.shape[1]):
            sums[p, 3 + f] += share * np.float64(features[i, f])
            if features[i, f] != features[first[p], f]:
                equal = False
    return equal
