"""What some customers have in common: what they differ in most from the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALL = 0.2  # standardised differences below are small (Cohen 1988)
MOST = 6


class Difference(NamedTuple):
    """A mean, or a share of customers with a name, of some customers and of the others."""

    what: str  # the column, or what sorts customers
    name: str | None  # the name that a share is of; None of a mean
    theirs: float
    others: float
    standardised: float  # difference over the standard deviation between all customers


def differences(
    some: NDArray[np.bool_], customers: Floats, known: dict[str, Floats], sorts: dict[str, Any]
) -> list[Difference]:
    """What `some` of N rows differ in from the others, the most first: at most `MOST` differences that are not small.

    Differences are standardised by the standard deviation between all customers: of a share p it is sqrt(p (1 - p)).
    Source: Cohen 1988, Statistical Power Analysis for the Behavioral Sciences, 2nd ed., ch. 2.
    """
    if not some.any() or some.all():
        return []
    found = [*_of_numbers(some, customers, known), *_of_names(some, customers, sorts)]
    found = [each for each in found if abs(each.standardised) >= SMALL]
    return sorted(found, key=lambda each: (-abs(each.standardised), each.what, each.name or ""))[:MOST]


def _of_numbers(some: NDArray[np.bool_], customers: Floats, known: dict[str, Floats]) -> Iterator[Difference]:
    for what, values in known.items():
        there = np.isfinite(values)
        theirs, others = there & some, there & ~some
        if not theirs.any() or not others.any():
            continue
        value, weight = values[there], customers[there]
        mean = (weight * value).sum() / weight.sum()
        spread = float(np.sqrt((weight * (value - mean) ** 2).sum() / weight.sum()))
        one, other = (float((customers[of] * values[of]).sum() / customers[of].sum()) for of in (theirs, others))
        if spread > 1e-9 * max(abs(one), abs(other)):
            yield Difference(what, None, one, other, (one - other) / spread)


def _of_names(some: NDArray[np.bool_], customers: Floats, sorts: dict[str, Any]) -> Iterator[Difference]:
    for what, sort in sorts.items():
        here, all_of = (np.bincount(sort.code, customers * by, minlength=len(sort.names)) for by in (some, 1.0))
        theirs, others = here / here.sum(), (all_of - here) / (all_of - here).sum()
        share = all_of / all_of.sum()
        spread = np.sqrt(share * (1.0 - share))
        either = sum(all_of > 0.0) == 2  # who has not one name has the other
        for name, one, other, wide in zip(sort.names, theirs.tolist(), others.tolist(), spread.tolist(), strict=True):
            if wide > 0.0 and not (either and one < other):
                yield Difference(what, name, one, other, (one - other) / wide)
