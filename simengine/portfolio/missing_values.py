"""Fills cells without a value from customers of the same segment, as `portfolio.missing` says.

Both ways depend on who the segment's customers are, never on the order of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.luck import POPULATION_MISSING
from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.customers import Booleans, Floats
from simengine.portfolio.in_proportion import draw_rows
from simengine.scenario.problems import counted

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def weighted_mean(values: Floats, weight: Floats) -> float:
    """Mean of `values` [donor], each counted `weight` times; plain where all weights are 0."""
    total = weight.sum()
    return float((values * weight).sum() / total) if total > 0 else float(values.mean())


class Filling(NamedTuple):
    """Cells of a segment without a value and where one comes from; positions among the sorted rows."""

    cells: NDArray[np.intp]
    given: NDArray[np.intp]  # the segment's rows with a value
    source: NDArray[np.intp] | None  # for each cell the row whose value it gets; None: the mean of the given


def filling_of(
    empty: Booleans, donors: Booleans, ids: NDArray[np.uint64], weight: Floats, column: int, seed: int | None
) -> Filling:
    """Whose values fill the `empty` cells of a segment, from its `donors`: drawn, or without a seed the mean.

    All are [row] of the sorted rows. `column` tells what is filled, so that the draws of two columns are independent.
    """
    cells, given = np.flatnonzero(empty), np.flatnonzero(donors)
    source = None
    if seed is not None and len(cells) and len(given):
        source = given[draw_rows(ids[cells], weight[given], seed, POPULATION_MISSING, column)]
    return Filling(cells, given, source)


def filled(plan: Iterable[Filling], values: Floats, weight: Floats) -> Floats:
    """The values [row], of which the missing ones are filled in place."""
    for cells, given, source in plan:
        if source is None:
            values[cells] = weighted_mean(values[given], weight[given])
        else:
            values[cells] = values[source]
    return values


class Gaps:
    """The cells of customer files without a value, filled or refused as `portfolio.missing` says."""

    def __init__(
        self, scenario: Scenario, table: CustomerTable, bad: BadCells, order: NDArray[np.intp],
        segment: NDArray[np.integer], ids: NDArray[np.uint64], weight: Floats,
    ) -> None:  # fmt: skip
        """`order` is that of the customers among the rows of the file, in whose order `segment` is; `ids` and `weight`
        are in that of the customers."""
        assert scenario.portfolio is not None
        self._missing, self._seed = scenario.portfolio.missing, scenario.simulation.seed
        self._segments, self._table, self._bad = tuple(scenario.segments), table, bad
        self._order, self._segment, self._ids, self._weight = order, segment, ids, weight
        self.filled: dict[str, int] = {}  # cells by column

    def to_fill(self, column: str, wrong: Booleans) -> Booleans:
        """Which of the `wrong` cells hold nothing and are to be filled."""
        if self._missing == "refuse" or not wrong.any():
            return np.zeros_like(wrong)
        return wrong & self._table.missing(column)

    def plan(self, column: str, draws: int, empty: Booleans, donors: Booleans) -> list[Filling]:
        """Whose values fill the `empty` cells of each segment, from its `donors`; both [row] in file order."""
        if not empty.any():
            return []
        self.filled[column] = int(empty.sum())
        seed = self._seed if self._missing == "draw" else None
        empty, donors, segment = empty[self._order], donors[self._order], self._segment[self._order]
        plan = []
        for s, name in enumerate(self._segments):
            here = segment == s
            filling = filling_of(empty & here, donors & here, self._ids, self._weight, draws, seed)
            if len(filling.cells) and len(filling.given):
                plan.append(filling)
            elif len(filling.cells):
                lost = np.zeros(self._table.rows, dtype=np.bool_)
                lost[self._order[filling.cells]] = True
                self._bad.add(lost, column, f"a value: no customer of segment {name} has one to fill it with")
        return plan

    def notices(self) -> list[str]:
        """What was filled, to be told."""
        mean = self._missing == "segment mean"
        how = "the mean of their segment" if mean else "values drawn from their segment"
        return [
            f"column {column}: {counted(count, 'customer')} without a value got {how}"
            for column, count in self.filled.items()
        ]
