"""Moves that come of themselves: in any period, with the same probability, whatever has happened before."""

from __future__ import annotations

from simengine.arithmetic import log, log1p


def periods_until_arrival(u: float, probability_per_year: float, years: float, most: int) -> int:
    """Periods of `years` without an arrival before it comes, at most `most`; u in (0, 1) is what luck says.

    At least n with probability (1 - p)^(n years), the geometric law by its inverse (Devroye 1986, Non-Uniform Random
    Variate Generation, X.2, doi:10.1007/978-1-4613-8643-8): so it comes within a year with probability p, and for the
    same u never later where p is higher.
    """
    return int(min(log(u) / (years * log1p(-probability_per_year)), most))
