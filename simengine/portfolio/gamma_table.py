"""The logarithm of a gamma variable as a tabulated function of a standard normal one: a fast quantile.

If z is standard normal, exp(L(z)) with L(z) = log(gamma_quantile(normal_cdf(z), shape)) is gamma distributed.
In z, and in the logarithm, the quantile is smooth for every shape and in both tails, so cubic Hermite
interpolation with exact slopes between a few hundred knots is as good as the quantile itself; and a weight
that underflows keeps its logarithm.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic import exp, gamma_quantile, log, log_gamma, normal_cdf, normal_quantile
from simengine.jit import formula, kernel

LARGEST_Z = 6.5  # beyond the normal quantile of any `luck.uniform`, which is within 6.34 of 0
KNOTS = 513
_STEP = 2 * LARGEST_Z / (KNOTS - 1)
_SMALL = -25.0  # below this logarithm the probability is x^shape / gamma(shape + 1)
_HALF_LOG_2PI = 0.9189385332046727


@kernel
def tabulate(shape: Any, table: Any) -> None:
    """Fills `table` [KNOTS, 2] for one shape > 0: at each knot in z, L(z) and its slope times the step in z."""
    normaliser = log_gamma(shape)
    for knot in range(KNOTS):
        z = -LARGEST_Z + knot * _STEP
        u = normal_cdf(z)
        value = (log(u) + log(shape) + normaliser) / shape
        if value > _SMALL:
            value = log(gamma_quantile(u, shape))
        slope = _slope(z, value, shape, normaliser)
        # u near 1 is rounded: one Newton step leads from the z of the rounded u to the knot's.
        value += slope * (z - normal_quantile(u))
        table[knot, 0] = value
        table[knot, 1] = _slope(z, value, shape, normaliser) * _STEP


@formula
def _slope(z: Any, value: Any, shape: Any, normaliser: Any) -> Any:
    """dL/dz: the normal density over the density of log x."""
    return exp(-0.5 * z * z - _HALF_LOG_2PI - (shape * value - exp(value) - normaliser))


@formula
def log_gamma_variate(z: Any, table: Any) -> Any:
    """L(z) by cubic Hermite interpolation in a `table` of `tabulate`; |z| <= LARGEST_Z.

    Relative error of exp(L) below 1e-7 for shapes from 0.02 to 10,000 (tests/portfolio/test_gamma_table.py).
    """
    position = (z + LARGEST_Z) / _STEP
    knot = min(int(position), KNOTS - 2)
    t = position - knot
    rest = 1.0 - t
    left, right = table[knot, 0], table[knot + 1, 0]
    return (
        left * (1.0 + 2.0 * t) * rest * rest
        + right * (3.0 - 2.0 * t) * t * t
        + (table[knot, 1] * rest - table[knot + 1, 1] * t) * t * rest
    )


def gamma_table(shape: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The table of one shape > 0, [KNOTS, 2]."""
    table = np.empty((KNOTS, 2))
    tabulate(float(shape), table)
    return table
