"""The relationship stages of a customer of ours: new, established, loyal."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic import log
from simengine.jit import formula
from simengine.model.time import probability_from_hazard

NEVER = np.int64(1 << 30)


def promotion_probability(mean_years: float, years_per_period: float) -> float:
    """Probability of leaving a stage upwards in a period: hazard 1 / mean length, the same year on any calendar."""
    return float(probability_from_hazard(1.0 / mean_years, years_per_period))


@formula
def stage_length(uniform: Any, log_stay: Any) -> Any:
    """Periods spent in a stage, at least 1: geometric, by inversion of `uniform`; `log_stay` = log(1 - q) < 0."""
    length = np.floor(log(uniform) / log_stay)
    return np.int64(1) + np.int64(length) if length < NEVER else NEVER
