"""Intervals of a mean that hold at every look at it, however the looks decide when to stop."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import normal_cdf, student_t_quantile
from simengine.arithmetic.elementwise import power
from simengine.tables.layout import Floats

EQUALS = 300  # outcomes, all the same, that show with 95 % that no others have a probability above 1 %


class Interval(NamedTuple):
    """Of means of n independent outcomes each."""

    mean: Floats  # [...]
    low: Floats  # [...]
    high: Floats  # [...]
    enough: NDArray[np.bool_]  # [...] whether the outcomes are enough to trust the interval: nothing may stop before
    least: Floats  # [...] outcomes that seem to be enough for that

    @property
    def half_width(self) -> Floats:
        """[...] of the interval, which need not lie evenly about the mean."""
        return (self.high - self.low) / 2.0


def interval(outcomes: Floats, reach: float, block: int = 1) -> Interval:
    """Interval of the mean of `outcomes` [..., n] that reaches as far as `reach` standard errors of a normal mean.

    Of a `block` of replications the mean is one outcome. Student's t takes the place of the normal distribution at the
    same probability (Jennison & Turnbull 2000, ch. 4.4), and Hall's cubic transformation takes skewness out of it
    (Hall 1992, doi:10.1111/j.2517-6161.1992.tb01876.x): far from the mean, where intervals that hold at every look
    end, a skewed mean is far from normal. Outcomes are enough where replications are 28 + 25 skewness^2 or more
    (Sugden, Smith & Jones 2000, J. R. Stat. Soc. B 62:787), and where all are equal if they are `EQUALS` (Hanley &
    Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031).
    """
    units = outcomes.reshape(*outcomes.shape[:-1], -1, block).mean(axis=-1) if block > 1 else outcomes
    n = units.shape[-1]
    same = (units == units[..., :1]).all(axis=-1)
    mean = np.where(same, units[..., 0], units.mean(axis=-1))  # equals have no rounding to show
    apart = units - mean[..., None]
    square = (apart * apart).mean(axis=-1)
    safe = np.where(square > 0.0, square, 1.0)
    skewness = (apart * apart * apart).mean(axis=-1) / (safe * np.sqrt(safe)) * sqrt(n * (n - 1.0)) / (n - 2.0)
    error = np.where(same, 0.0, np.sqrt(square / (n - 1)))
    t = _student(reach, n)
    least = np.where(same, float(EQUALS), 28.0 / block + 25.0 * skewness * skewness)
    low, high = mean - error * _unskewed(t, skewness, n), mean - error * _unskewed(-t, skewness, n)
    return Interval(mean, low, high, n >= least, least)


@lru_cache(maxsize=4096)
def _student(reach: float, n: int) -> float:
    """What Student's t of n outcomes exceeds as often as a normal variable exceeds `reach`."""
    return -float(student_t_quantile(normal_cdf(-reach), float(n - 1)))


def _unskewed(t: float, skewness: Floats, n: int) -> Floats:
    """The Student ratio that Hall's transformation takes to `t`: its inverse, which there is in closed form.

    The transformation is T + a T^2 + a^2 T^3 / 3 + a / 2 with a = skewness / (3 sqrt(n)).
    """
    a = skewness / (3.0 * sqrt(n))
    flat = np.abs(a) < 1e-6
    steep = np.where(flat, 1.0, a)
    cube = 1.0 + 3.0 * steep * (t - 0.5 * steep)
    root = np.sign(cube) * power(np.abs(cube), 1.0 / 3.0)
    return np.where(flat, t - a * (t * t + 0.5), (root - 1.0) / steep)
