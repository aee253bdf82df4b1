"""Classes of customers by what they bring: each brings the same in all, the highest by the fewest customers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.segmentation.composition import Floats

LOSS = "loss"
_NAMES = {1: ("all",), 2: ("high", "low"), 3: ("high", "middle", "low"), 4: ("highest", "high", "middle", "low")}


def value_classes(value: Floats, weight: Floats, classes: int) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Names, highest first, and [N] the class of every row by its `value` [N]; `weight` [N] customers each.

    Those of a value below 0 are a class of their own, `loss`. Of the others, sorted by value, each class brings an
    equal part of the total, as nearly as customers of the same value allow: they are never parted. Classes that
    nobody would be in are left out.
    """
    order = np.argsort(-value, kind="stable")
    sorted_value = value[order]
    brought = np.cumsum(np.maximum(sorted_value, 0) * weight[order])
    total = brought[-1] if len(brought) else 0.0
    # A customer belongs where the middle of his own value's part of the total lies.
    first = np.searchsorted(-sorted_value, -sorted_value, side="left")
    last = np.searchsorted(-sorted_value, -sorted_value, side="right") - 1
    before = np.where(first > 0, brought[np.maximum(first - 1, 0)], 0.0)
    middle = 0.5 * (before + brought[last]) / total if total > 0 else np.zeros(len(value))
    found = np.empty(len(value), dtype=np.intp)
    found[order] = np.minimum((middle * classes).astype(np.intp), classes - 1)
    found[value < 0] = classes
    names = (*_NAMES.get(classes, tuple(f"value_{c + 1}" for c in range(classes))), LOSS)
    there = [c for c in range(classes + 1) if weight[found == c].sum() > 0]
    renumbered = np.zeros(classes + 1, dtype=np.intp)
    for c in range(classes + 1):  # a class of nobody who counts is one with the next lower, else the lowest
        renumbered[c] = next((i for i, kept in enumerate(there) if kept >= c), len(there) - 1)
    return tuple(names[c] for c in there), renumbered[found]
