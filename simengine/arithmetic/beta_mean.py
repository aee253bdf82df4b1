"""Means over a beta variable, by double-exponential quadrature: as exact for functions that are steep near 0 as for
others (Takahasi & Mori 1974, doi:10.2977/prims/1195192451).

With p = 1 / (1 + exp(-u)) and u = pi sinh(t), the density p^(a - 1) (1 - p)^(b - 1) dp falls off in t like an
exponential of an exponential on both sides, so that sums over equal steps in t converge exponentially.
"""

from __future__ import annotations

import math
from typing import Any

from simengine.arithmetic.float64 import exp, log, log1p
from simengine.jit import formula

NODES = 96
_NEGLIGIBLE = 40.0  # -log of a weight that is left out, relative to the largest
_HALVINGS = 50  # of an interval in t


@formula
def _logit(t: Any) -> Any:
    """u = pi sinh(t)."""
    e = exp(t)
    return 0.5 * math.pi * (e - 1.0 / e)


@formula
def _logs(u: Any) -> Any:
    """log p and log(1 - p)."""
    nearer = log1p(exp(-abs(u)))
    return (-nearer, -nearer - u) if u > 0.0 else (u - nearer, -nearer)


@formula
def _height(t: Any, a: Any, b: Any) -> Any:
    """log of p^a (1 - p)^b."""
    log_p, log_q = _logs(_logit(t))
    return a * log_p + b * log_q


@formula
def _edge(inside: Any, outside: Any, least: Any, a: Any, b: Any) -> Any:
    """The t between `inside` and `outside` where the height falls to `least`."""
    for _ in range(_HALVINGS):
        middle = 0.5 * (inside + outside)
        if _height(middle, a, b) < least:
            outside = middle
        else:
            inside = middle
    return outside


@formula
def beta_nodes(a: Any, b: Any, p: Any, weight: Any) -> None:
    """Points p [NODES] and weights [NODES], which sum to 1: the mean of f over beta(a, b) is sum(weight * f(p)).

    Of (1 + y p)^-s, for s up to 30 and y up to 1000, the error is below 1e-11 for a from 0.1, and 2e-5 at a = 0.01.
    """
    x = log(a / b) / math.pi
    peak = log(x + math.sqrt(x * x + 1.0)) if x > 0.0 else -log(math.sqrt(x * x + 1.0) - x)
    highest = _height(peak, a, b)
    first = _edge(peak, -14.0, highest - _NEGLIGIBLE, a, b)
    last = _edge(peak, 14.0, highest - _NEGLIGIBLE, a, b)
    step, total = (last - first) / (NODES - 1), 0.0
    for k in range(NODES):
        t = first + k * step
        e = exp(t)
        log_p, log_q = _logs(_logit(t))
        p[k] = exp(log_p)
        weight[k] = exp(a * log_p + b * log_q - highest) * (e + 1.0 / e)
        total += weight[k]
    for k in range(NODES):
        weight[k] /= total
