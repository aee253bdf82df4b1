"""The efficient frontier: the most that each budget, or each limit of risk, allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from simengine.study.optimize.items import Items
from simengine.study.optimize.limits import Feasible
from simengine.study.optimize.objective import Objective
from simengine.study.optimize.search import Found, Search, Told


@dataclass(frozen=True)
class Point:
    """An optimum of the frontier, on the search's luck, in money a share."""

    budget: float  # money a year
    possible: bool  # whether some split keeps the other limits at this budget
    worth: float | None
    shortfall: float | None
    spent: float | None  # money a year, the mean over phases, what is not decided included
    amounts: tuple[float, ...]

    @property
    def document(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "amounts": list(self.amounts)}


def _point(search: Search, budget: float, found: Found, items: Items | None) -> Point:
    (values,) = search.outcomes.of([found.x], [found.initiatives])
    objective = search.objective
    items = items or search.outcomes.items
    spent = float(np.mean([items.total(found.x, f) for f in range(len(items.phases))]))
    return Point(
        budget, True, objective.of(values), objective.shortfall(values) if objective.has_tail else None, spent,
        tuple(found.x.tolist()),
    )  # fmt: skip


def budget_frontier(
    search: Search, found: Found, fields: Sequence[tuple[float, Feasible]], items: Items, told: Told
) -> list[Point]:
    """The best split of every budget, each climbed to from the one before, and from what was found, in proportion."""
    points: list[Point] = []
    near, allowed = found, search.outcomes.most - search.outcomes.worlds
    for done, (budget, feasible) in enumerate(fields):
        if feasible.misses():
            points.append(Point(budget, False, None, None, None, ()))
            continue
        here = replace(search, feasible=feasible)
        search.outcomes.allow(allowed // len(fields))
        factor = feasible.scale / search.feasible.scale
        starts = [near.x, found.x * factor, feasible.low, np.full(len(found.x), feasible.scale / len(found.x))]
        near = here.best([feasible.nearest(x) for x in starts], climbs=2)
        points.append(_point(here, budget, near, items))
        told((done + 1) / len(fields))
    return points


def shortfall_frontier(search: Search, found: Found, count: int, told: Told) -> list[Point]:
    """The best mean at each of `count` limits of the expected shortfall, from that of the best mean to the best that
    can be had."""
    plain = Objective("value", search.objective.probabilities, search.objective.level)
    safe = replace(search, objective=replace(plain, kind="shortfall"))
    mean = replace(search, objective=plain).best([found.x], climbs=1)
    least = safe.best([found.x, mean.x], climbs=1)
    values = search.outcomes.of([mean.x, least.x], [found.initiatives] * 2)
    low, high = (plain.shortfall(each) for each in values)
    if high - low <= 1e-6 * max(abs(high), 1e-3):
        return [_point(replace(safe, objective=replace(plain, risk_limit=low)), search.feasible.scale, mean, None)]
    points, near = [], mean
    for done, limit in enumerate(np.linspace(low, high, count).tolist()):
        here = replace(search, objective=replace(plain, risk_limit=limit))
        near = here.best([near.x, least.x], climbs=1) if done else mean
        points.append(_point(here, search.feasible.scale, near, None))
        told((done + 1) / count)
    return points
