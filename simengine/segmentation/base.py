"""What segments are formed from: the customers of a file, read and checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simengine.segmentation.composition import Floats, power_transform


@dataclass(frozen=True)
class Base:
    """The N rows that can be assigned to a segment, in file order; axis 0 of all arrays.

    Those who have left weigh nothing: they are assigned, but no segment is formed from them.
    """

    row: NDArray[np.intp]  # in the file, from 0
    weight: Floats  # customers that a row stands for
    needs: tuple[str, ...]
    weights_of_needs: Floats  # [N, K], rows sum to 1
    features: tuple[str, ...]
    feature_values: Floats  # [N, F]
    value_name: str  # "" where there is none
    value: Floats | None  # money a year
    left: int  # rows who have left
    normalised: bool  # whether weights of needs were divided by their sum

    @property
    def customers(self) -> float:
        return float(self.weight.sum())

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of what segments by needs are formed from."""
        return self.needs + self.features

    @property
    def values_of_variables(self) -> Floats:
        """[N, K + F] as the file has them."""
        return np.column_stack([self.weights_of_needs, self.feature_values])

    def mean(self, values: Floats, which: NDArray[np.bool_] | None = None) -> Floats:
        """Mean over customers of `values` [N, ...]; of those `which` marks. 0 of nobody."""
        weight = self.weight if which is None else self.weight * which
        total = weight.sum()
        return np.asarray(np.tensordot(weight, values, axes=1) / total) if total > 0 else np.zeros(values.shape[1:])


@dataclass(frozen=True)
class Space:
    """How customers become points: needs and features in comparable units, along their principal axes.

    Axes along which nobody differs are dropped, but for one.
    """

    centre: Floats  # [D0]
    scale: Floats  # [D0]
    axes: Floats  # [D0, D]

    def points(self, base: Base, rows: NDArray[np.intp] | slice) -> Floats:
        """[rows, D]."""
        return np.asarray((_coordinates(base, rows) - self.centre) / self.scale @ self.axes)


SMALLEST_AXIS = 1e-3  # of the longest: what is shorter is rounding


def space_of(base: Base, rows: NDArray[np.intp]) -> Space:
    """The space in which some rows, of equal weight, have their centre at 0.

    All coordinates of the needs are divided by the root of their mean variance, every feature by its own standard
    deviation: a feature counts as much as an average coordinate of the needs.
    """
    found = _coordinates(base, rows)
    centre, spread = found.mean(axis=0), found.std(axis=0)
    of_needs = found.shape[1] - len(base.features)
    if of_needs:
        spread[:of_needs] = np.sqrt(np.mean(spread[:of_needs] ** 2))
    scale = np.where(spread > 0, spread, 1.0)
    _, lengths, axes = np.linalg.svd((found - centre) / scale, full_matrices=False)
    return Space(centre, scale, axes[: max(1, int((lengths > SMALLEST_AXIS * lengths[0]).sum()))].T)


def _coordinates(base: Base, rows: NDArray[np.intp] | slice) -> Floats:
    features = base.feature_values[rows]
    if not base.needs:
        return features
    return np.column_stack([power_transform(base.weights_of_needs[rows]), features])


def sample_of(base: Base, size: int, seed: int) -> NDArray[np.intp]:
    """At most `size` rows, of equal weight, that stand for all customers; shuffled.

    All rows where they are few enough and each is one customer. Else systematic: rows are laid end to end in the order
    of their values, each as long as its weight, and points at equal distances choose. So the sample does not depend on
    the order of the file, and a row of weight n counts like n rows.
    """
    values = base.values_of_variables
    order = np.lexsort(values.T[::-1])
    ends = np.cumsum(base.weight[order])
    generator = np.random.default_rng(seed)
    count = int(min(size, np.rint(ends[-1])))
    points = (np.arange(count) + generator.random()) * (ends[-1] / count)
    at = np.minimum(np.searchsorted(ends, points, side="right"), len(order) - 1)
    return np.asarray(order[generator.permutation(at)])
