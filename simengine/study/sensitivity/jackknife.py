"""Errors of estimates from samples in blocks: only blocks are independent of each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import student_t_quantile
from simengine.study.sensitivity.design import BLOCKS, Floats


@cache
def _span() -> float:
    """Half of a 95 % interval, in standard errors."""
    return float(student_t_quantile(0.975, BLOCKS - 1.0))


class Estimate(NamedTuple):
    """An estimate with its standard error, and the interval that covers the truth 95 % of the time."""

    value: float
    standard_error: float

    @property
    def ci95(self) -> tuple[float, float]:
        half = _span() * self.standard_error
        return self.value - half, self.value + half

    @property
    def document(self) -> dict[str, object]:
        """For JSON."""
        return {"value": self.value, "standard_error": self.standard_error, "ci95": list(self.ci95)}


def jackknife(estimate: Callable[[slice | NDArray[np.intp]], Floats], samples: int) -> list[Estimate]:
    """What `estimate(rows)` says of all rows, with the error of leaving out one of the blocks after the other.

    `estimate` takes an index of the first axis of the samples and returns estimates [k] (Tukey 1958; Efron & Stein
    1981, doi:10.1214/aos/1176345462).
    """
    whole = estimate(slice(None))
    block = np.arange(samples) // (samples // BLOCKS)
    without = np.stack([estimate(np.flatnonzero(block != b)) for b in range(BLOCKS)])
    spread = without - without.mean(axis=0)
    errors = np.sqrt((BLOCKS - 1) / BLOCKS * (spread * spread).sum(axis=0))
    return [Estimate(float(value), float(error)) for value, error in zip(whole, errors, strict=True)]
