"""Features of customers who move between need states: what a state adds to needs weights, and how far that is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simengine.engine.leaves import LEAF, Leaves
from simengine.tables.layout import NeedStates

Features = NDArray[np.float32]


def displaced(features: Features, states: NeedStates, n: int) -> Features:
    """[N, F] features of customers while they are in the n-th need state."""
    there, needs = features.copy(), states.shift.shape[1]
    there[:, :needs] += states.shift[n]
    there[:, needs + 2] = states.moved[n]
    return there


def displace_copies(columns: Features, leaves: Leaves, need_states: tuple[NeedStates | None, ...]) -> Features:
    """The columns of leaves [L, F x LEAF], see `leaves.columns_by_leaf`, each with the needs of its need state."""
    for (first, end), states in zip(pairwise(leaves.first.tolist()), need_states, strict=True):
        if states is None:
            continue
        for leaf in range(first, end):
            n, size = (leaf - first) % len(states.names), leaves.size[leaf]
            own, needs = columns[leaf].reshape(-1, LEAF), states.shift.shape[1]
            own[:needs, :size] += states.shift[n][:, None]
            own[needs + 2, :size] = states.moved[n]
    return columns


def displaced_extent(extent: Features, states: NeedStates | None) -> Features:
    """[2, F] the lowest and the highest features, see `leaves.extent_of`, in any need state."""
    if states is not None:
        needs = states.shift.shape[1]
        extent[0, :needs] += states.shift.min(axis=0)
        extent[1, :needs] += states.shift.max(axis=0)
        extent[1, needs + 2] = states.moved.max()
    return extent
