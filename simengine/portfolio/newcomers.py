"""Who enters the market later: how many in each period, and by what ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import expm1, log1p
from simengine.luck import newcomer_id

if TYPE_CHECKING:
    from simengine.scenario.calendar import Calendar


def growing_market(size: float, growth: float, calendar: Calendar) -> NDArray[np.float64]:
    """[T + 1] newcomers so far, whole ones, to a market of `size` that grows by a fraction a year.

    Totals are rounded, not what is added in a period: so a year brings as many by month as by quarter.
    """
    years = np.arange(calendar.periods + 1) / calendar.periods_per_year
    return np.asarray(np.rint([size * expm1(log1p(growth) * float(t)) for t in years]))


def steady_newcomers(per_year: float, calendar: Calendar) -> NDArray[np.float64]:
    """[T + 1] newcomers so far, whole ones, if so many come every year."""
    return np.asarray(np.rint(per_year * (np.arange(calendar.periods + 1) / calendar.periods_per_year)))


class Cohorts:
    """Newcomers of one segment in the order of their arrival; `so_far` [T + 1] counts them."""

    def __init__(self, segment: str, so_far: NDArray[np.float64], calendar: Calendar) -> None:
        self._sizes = [int(size) for size in np.diff(so_far)]
        self.arrival = np.repeat(np.arange(1, len(so_far), dtype=np.int16), self._sizes)
        self._segment, self._calendar = segment, calendar

    @property
    def ids(self) -> NDArray[np.uint64]:
        """Addresses of their luck."""
        parts = [
            np.uint64(newcomer_id(self._segment, arrival, 0)) + np.arange(size, dtype=np.uint64)
            for arrival, size in enumerate(self._sizes, start=1)
        ]
        return np.concatenate(parts)

    @property
    def labels(self) -> NDArray[Any]:
        """What tables call them: the segment, the period in which they enter, and the ordinal in it."""
        names = [
            f"{self._segment}@{period}#{ordinal}"
            for period, size in zip(self._calendar.labels, self._sizes, strict=True)
            for ordinal in range(size)
        ]
        return np.array(names, dtype=np.dtypes.StringDType())
