"""The grid on which near-equal customers merge: directions in which what they weigh makes their utilities differ.

A customer's choices depend on its features through differences of utilities alone, in every cell and period. The
first direction is the difference (between two offers, somewhere) that varies most over the segment's customers; the
next the one that varies most once what the first explains is taken away, and so on: a Cholesky factorisation with
pivots of the utilities' covariance (Higham 1990, Analysis of the Cholesky decomposition of a semi-definite matrix).
Directions in which customers differ by less than within a cell are left out. A customer weighs half by its share of
the segment's customers, half by its share of their revenue: few who bring much count as much as many who bring little.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.population import Population
from simengine.tables.layout import Floats, Tables

SAMPLE = 1 << 16  # customers of a segment, evenly spaced, whose spread the directions are chosen by


class Grid(NamedTuple):
    """Directions in the space of a segment's features, in steps of the grid."""

    directions: Floats  # [D, F]

    def cells(self, features: NDArray[np.float32]) -> list[NDArray[np.int32]]:
        """The cell of each of customers with features [n, F], along each direction."""
        columns = [column.astype(np.float64) for column in features.T]
        found = []
        for direction in self.directions:
            place = np.zeros(len(features))
            for column, weight in zip(columns, direction.tolist(), strict=True):
                place += column * weight
            found.append(np.floor(place).astype(np.int32))
        return found


def grid_of(tables: Tables, population: Population, s: int, step: float) -> Grid:
    """The grid of a `choice` segment with cells of `step` in utility."""
    start, end = tables.segments.rows[s], tables.segments.rows[s + 1]
    rows = slice(start, end, max(1, -(-(end - start) // SAMPLE)))
    features = tables.features[rows].astype(np.float64)
    weight = population.weight[rows] / population.weight[rows].sum()
    money = population.weight[rows] * population.revenue[rows].astype(np.float64)
    if money.sum() > 0.0:
        weight = 0.5 * (weight + money / money.sum())
    features -= (features * weight[:, None]).sum(axis=0)
    width = features.shape[1]
    spread = np.array([[(weight * features[:, f] * features[:, g]).sum() for g in range(width)] for f in range(width)])
    left = contrasts(tables, s)
    directions: list[Floats] = []
    least = step * step / 12.0  # the variance within a cell
    while len(directions) < width:
        variance = np.einsum("mf,fg,mg->m", left, spread, left)
        most = int(variance.argmax()) if len(variance) else 0
        if not len(variance) or variance[most] <= least:
            break
        direction = left[most].copy()
        shared = np.einsum("mf,fg,g->m", left, spread, direction) / variance[most]
        left = left - shared[:, None] * direction
        directions.append(direction / step)
    return Grid(np.array(directions).reshape(-1, width))


def contrasts(tables: Tables, s: int) -> Floats:
    """[M, F] by how much each feature moves the utility of every other offer against ours: today, in every cell and
    period, and beyond the horizon."""
    width = tables.features.shape[1]
    available = tables.segments.available[s]
    choices = [tables.today, tables.choice, *([] if tables.run_off is None else [tables.run_off.choice])]
    found = [np.zeros((0, width))]
    for choice in choices:
        coefficient = choice.coefficient[:, :, s].astype(np.float64)  # [C, T, J, F]
        against = (coefficient[:, :, 1:] - coefficient[:, :, :1])[:, :, available[1:]].reshape(
            -1, coefficient.shape[-1]
        )
        found.append(np.pad(against, ((0, 0), (0, width - against.shape[1]))))
    return np.unique(np.concatenate(found), axis=0)
