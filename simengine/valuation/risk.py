"""How sure: mean, spread and bad outcomes over replications."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from simengine.arithmetic import student_t_quantile
from simengine.engine.ledger import Integers
from simengine.tables.layout import Floats


class Summary(NamedTuple):
    """Of a quantity over independent replications, in its unit; None where there is no distribution."""

    mean: float
    sd: float | None = None  # of one replication
    ci95: tuple[float, float] | None = None  # of the mean
    p5: float | None = None
    p50: float | None = None
    p95: float | None = None
    es5: float | None = None  # expected shortfall: mean of the worst 5 % of outcomes


LEAST_BLOCKS = 5  # before an interval is told, where replications are drawn in blocks


def summarise(outcomes: Integers, steps_per_unit: float, block: int = 1) -> Summary:
    """Summary of `outcomes` [R], integers in steps of 1 / `steps_per_unit` (a share: scale * shares).

    Of a single replication there is only a mean. The interval is Student's t over independent replications
    (Student 1908, doi:10.1093/biomet/6.1.1); where these are drawn in blocks of `block`, over the means of whole
    blocks, and None with fewer than `LEAST_BLOCKS` of them. Expected shortfall takes the worst R // 20 outcomes, at
    least one (Acerbi & Tasche 2002, doi:10.1016/S0378-4266(02)00283-2).
    """
    n = len(outcomes)
    mean = sum(outcomes.tolist()) / n / steps_per_unit
    if n == 1:
        return Summary(mean)
    values = outcomes / steps_per_unit
    sd = float(values.std(ddof=1)) if (outcomes != outcomes[0]).any() else 0.0  # equals have no rounding to show
    half_width = float(student_t_quantile(0.975, float(n - 1))) * sd / sqrt(n)
    interval: tuple[float, float] | None = (mean - half_width, mean + half_width)
    if block > 1:
        error, blocks = standard_error(values, block), n // block
        half_width = 0.0 if error is None else float(student_t_quantile(0.975, float(blocks - 1))) * error
        interval = (mean - half_width, mean + half_width) if blocks >= LEAST_BLOCKS else None
    p5, p50, p95 = (float(p) for p in np.percentile(values, (5, 50, 95)))
    worst = np.sort(values)[: max(n // 20, 1)]
    return Summary(mean, sd, interval, p5, p50, p95, float(worst.mean()))


def standard_error(values: Floats, block: int = 1) -> float | None:
    """Of the mean of `values` [R] that are drawn in independent blocks, from the means of those that are whole; None of
    fewer than two. 0 where all are equal."""
    blocks = len(values) // block
    if blocks < 2:
        return None
    means = values[: blocks * block].reshape(blocks, block).mean(axis=1)
    return float(means.std(ddof=1)) / sqrt(blocks) if (values != values[0]).any() else 0.0
