"""The Poisson distribution."""

from __future__ import annotations

import math
from typing import Any

from simengine.arithmetic.float64 import exp
from simengine.arithmetic.normal import normal_quantile
from simengine.jit import formula

LARGE = 500.0  # means from which the normal distribution stands in: off by less than one in a thousand


@formula
def poisson_quantile(u: Any, mean: Any) -> Any:
    """The least n up to which a Poisson variable lies with probability u at least, 0 < u < 1; it rises with the mean.

    Probabilities are added up from 0 on. From a mean of 500 on it is that of a normal variable, rounded.
    """
    if mean >= LARGE:
        return max(0.0, math.floor(mean + math.sqrt(mean) * normal_quantile(u) + 0.5))
    term = exp(-mean)
    total, n = term, 0.0
    while total < u and n < 4.0 * LARGE:
        n += 1.0
        term *= mean / n
        total += term
    return n
