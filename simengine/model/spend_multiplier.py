"""How much more or less than its like one customer spends: lognormal of mean 1."""

from __future__ import annotations

from typing import Any

from simengine.arithmetic import exp, log1p
from simengine.jit import formula


def log_variance(coefficient_of_variation: float) -> float:
    """Variance of the logarithm of a lognormal with this sd over mean: log(1 + cv^2)."""
    return float(log1p(coefficient_of_variation * coefficient_of_variation))


@formula
def spend_multiplier(normal: Any, log_sd: Any) -> Any:
    """Multiplier of revenue, exp(s z - s^2 / 2): float64, mean 1 for normal z, s = sqrt(`log_variance`)."""
    return exp(log_sd * normal - 0.5 * log_sd * log_sd)
