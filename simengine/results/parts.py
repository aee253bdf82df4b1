"""Replications under other values of inputs have money of their own: what follows from it, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from simengine.engine.ledger import TOTALS, Ledger
from simengine.tables.layout import Axes, Economics, Floats, Rivals
from simengine.valuation.rivals import RivalValuation, rival_valuation


class Part(NamedTuple):
    """Replications of a run with the same values of inputs, one after the other."""

    replications: int
    economics: Economics
    rivals: Rivals


def each_part(ledger: Ledger, parts: Sequence[Part]) -> Iterator[tuple[Ledger, Part]]:
    """The totals of each part."""
    start = 0
    for part in parts:
        end = start + part.replications
        totals: dict[str, Any] = {name: getattr(ledger, name)[:, start:end] for name in TOTALS}
        yield replace(ledger, **totals), part
        start = end


def by_part(ledger: Ledger, parts: Sequence[Part], what: Callable[[Ledger, Economics, Rivals], Any]) -> Any:
    """`what` [C, R, ...], an array or a tuple of such with names, of all parts together. Of a single part it is as it
    was found, even where it is [C, 1, ...]."""
    found = [(what(own, part.economics, part.rivals), part.replications) for own, part in each_part(ledger, parts)]
    first = found[0][0]
    if len(found) == 1:
        return first
    if isinstance(first, tuple):
        columns = [[(array, count) for array in each] for each, count in found]
        return type(first)(*(beside(column) for column in zip(*columns, strict=True)))
    return beside(found)


def beside(arrays: Sequence[tuple[Floats, int]]) -> Floats:
    """[C, R, ...] of arrays [C, R1, ...] and the replications of each."""
    shapes = [(array, (len(array), count, *array.shape[2:])) for array, count in arrays]
    return np.concatenate([np.broadcast_to(*each) for each in shapes], axis=1)


def rival_valuation_of(ledger: Ledger, parts: Sequence[Part], axes: Axes) -> RivalValuation:
    """What rivals are worth in all parts together; of overhead, the mean."""

    def of(own: Ledger, economics: Economics, rivals: Rivals) -> RivalValuation:
        found = rival_valuation(own, economics, rivals, axes)
        return found if len(parts) == 1 else found._replace(unallocated=found.unallocated[None, None])

    whole: RivalValuation = by_part(ledger, parts, of)
    return whole if len(parts) == 1 else whole._replace(unallocated=whole.unallocated.mean(axis=(0, 1)))
