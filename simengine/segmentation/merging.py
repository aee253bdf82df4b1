"""Segments too small to be served apart, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simengine.segmentation.clusters import Clusters
from simengine.segmentation.composition import Floats

Labels = NDArray[np.intp]


def assigned(clusters: Clusters, points: Floats, weight: Floats, smallest: float) -> tuple[Labels, Floats, int]:
    """[N] segment of every point, how probable that is, and how many segments were dropped.

    A segment that nobody or fewer than the share `smallest` of customers belong to is dropped, the smallest first: its
    customers belong to whichever is their next.
    """
    dropped = 0
    while True:
        labels, certainty = clusters.assign(points)
        sizes = np.bincount(labels, weight, minlength=clusters.count)
        least = int(sizes.argmin())
        if clusters.count == 1 or sizes[least] >= max(smallest * weight.sum(), np.finfo(float).tiny):
            return labels, certainty, dropped
        clusters, dropped = clusters.without(least), dropped + 1


def joined_classes(
    segment: Labels, value_class: Labels, weight: Floats, names: Sequence[str], classes: Sequence[str], smallest: float
) -> tuple[Labels, list[str], list[str]]:
    """[N] cell of segments `names` by value `classes`, the cells' names, and what was joined, in words.

    A cell that nobody or fewer than the share `smallest` of customers are in is joined with the smaller of its
    neighbours, the next higher and the next lower class of the same segment.
    """
    labels = np.empty(len(segment), dtype=np.intp)
    cells: list[str] = []
    said: list[str] = []
    for s, name in enumerate(names):
        here = segment == s
        sizes = [float(weight[here & (value_class == c)].sum()) for c in range(len(classes))]
        groups = [[c] for c in range(len(classes))]
        while len(groups) > 1:
            size = [sum(sizes[c] for c in group) for group in groups]
            least = int(np.argmin(size))
            if size[least] >= max(smallest * weight.sum(), np.finfo(float).tiny):
                break
            beside = [g for g in (least - 1, least + 1) if 0 <= g < len(groups)]
            other = min(beside, key=lambda g: size[g])
            first, second = sorted((least, other))
            one, two = ("_".join(classes[c] for c in groups[g]) for g in (first, second))
            said.append(f"{name}: {one} and {two} are joined")
            groups[first : second + 1] = [groups[first] + groups[second]]
        for group in groups:
            labels[here & np.isin(value_class, group)] = len(cells)
            cells.append("_".join([name, *(classes[c] for c in group)]) if len(groups) > 1 else name)
    return labels, cells, said
