"""What customers experience over all touchpoints, and what it delivers of what is promised.

A mean of power rho of the qualities (q_m, weights omega_m of sum 1): D = (sum omega q^rho)^(1/rho). rho = 1 is the
average, rho = 0 the weighted geometric mean, rho towards minus infinity the weakest touchpoint. Each owner more
lowers rho: whom nobody accounts for as a whole is served as well as the weakest link allows.
Sources: Arrow, Chenery, Minhas & Solow 1961, Review of Economics and Statistics 43(3), 225-250, doi:10.2307/1927286
(the mean of power rho as a way in which parts make up a whole); Hirshleifer 1983, Public Choice 41(3), 371-386,
doi:10.1007/BF00141070 (the weakest link). That owners move rho is an assumption, `silo` its strength.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simengine.arithmetic.elementwise import exp, expm1, log, log1p

TOP_LEVEL = 10.0


def exponent(owners: Any, silo: float) -> Any:
    """rho of so many distinct owners, 1 - silo (n - 1); 1 for one owner, whatever the silos."""
    return 1.0 - silo * (owners - 1)


def experience(qualities: Sequence[Any], weights: Sequence[float], rho: Any) -> Any:
    """D of touchpoints of these qualities, above 0 and at most 1; weights are above 0, of any sum.

    Qualities are taken relative to the one that dominates (the worst below rho = 0), so that no power overflows,
    rho near 0 loses no digits, and even touchpoints give their quality to the bit.
    """
    geometric = np.equal(rho, 0.0)
    leading = np.where(np.less(rho, 0.0), np.minimum.reduce(qualities), np.maximum.reduce(qualities))
    whole = total = 0.0
    for quality, weight in zip(qualities, weights, strict=True):
        distance = log(quality / leading)
        whole += weight
        total = total + weight * np.where(geometric, distance, expm1(rho * distance))
    mean = total / whole
    return leading * exp(np.where(geometric, mean, log1p(mean) / np.where(geometric, 1.0, rho)))


def delivered_level(promised: Any, ratio: Any) -> Any:
    """Level that customers perceive, 0 to 10: what is promised times D over D today; at today's D the promise itself.

    Levels stated in offers are perceived today, so they contain today's delivery.
    """
    return np.minimum(TOP_LEVEL, promised * ratio)
