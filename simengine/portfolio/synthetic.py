"""Synthetic customers: what a scenario says of a segment, drawn at each customer's own address.

Needs weights are Dirichlet: gamma variables over their sum. Revenue is lognormal. A customer's draws depend
on the seed and its id alone, so neither the number of customers nor their order changes anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp, log1p, normal_quantile
from simengine.jit import kernel
from simengine.luck import POPULATION_NEEDS, POPULATION_REVENUE, draw, keys, synthetic_id, uniform, words
from simengine.portfolio.customers import Floats
from simengine.portfolio.gamma_table import gamma_table, log_gamma_variate

if TYPE_CHECKING:
    from simengine.scenario.segment import Lognormal

Ids = NDArray[np.uint64]


def synthetic_ids(segment: str, count: int, first: int = 0) -> Ids:
    """The ids of `count` synthetic customers of a segment, from the ordinal `first` on."""
    return np.uint64(synthetic_id(segment, first)) + np.arange(count, dtype=np.uint64)


def synthetic_labels(segment: str, count: int, first: int = 0) -> NDArray[Any]:
    """What tables call them: the segment's name and the ordinal, as numpy's variable-width strings."""
    text = np.dtypes.StringDType()
    return np.strings.add(np.array(f"{segment}#", dtype=text), np.arange(first, first + count).astype(text))


def draw_needs(ids: Ids, centre: Floats, spread: float, seed: int) -> NDArray[np.float32]:
    """Needs weights [customer, need], each row summing to 1.

    `centre` [need] are the means, in name order; `spread` is the root mean square standard deviation of the
    weights, less than the root of mean(c (1 - c)): concentration mean(c (1 - c)) / spread^2 - 1. Spread 0 is
    the centre for everybody.
    """
    weights = np.empty((len(ids), len(centre)), dtype=np.float32)
    if spread == 0:
        weights[:] = centre
        return weights
    concentration = np.mean(centre * (1 - centre)) / spread**2 - 1
    weighted = np.flatnonzero(centre > 0)
    tables = np.stack([gamma_table(centre[k] * concentration) for k in weighted])
    needs_of_ids(ids, *keys(seed), weighted, tables, weights)
    return weights


@kernel
def needs_of_ids(ids: Any, key_low: Any, key_high: Any, weighted: Any, tables: Any, weights: Any) -> None:
    logs = np.empty(len(weighted))
    for i in range(len(ids)):
        low, high = words(ids[i])
        largest = -np.inf
        for n in range(len(weighted)):
            word = draw(key_low, key_high, low, high, POPULATION_NEEDS, weighted[n], 0)[0]
            logs[n] = log_gamma_variate(normal_quantile(uniform(word)), tables[n])
            largest = max(largest, logs[n])
        total = 0.0
        for n in range(len(weighted)):
            logs[n] = exp(logs[n] - largest)
            total += logs[n]
        weights[i, :] = 0.0
        for n in range(len(weighted)):
            weights[i, weighted[n]] = logs[n] / total


def draw_revenue(ids: Ids, revenue: Lognormal | float, seed: int) -> Floats:
    """Revenue of each customer, currency a year: lognormal (mean, coefficient of variation) or one number."""
    if isinstance(revenue, (int, float)):
        return np.full(len(ids), float(revenue))
    drawn = np.empty(len(ids))
    revenue_of_ids(ids, *keys(seed), float(revenue.mean), float(log1p(revenue.cv**2)), drawn)
    return drawn


@kernel
def revenue_of_ids(ids: Any, key_low: Any, key_high: Any, mean: Any, variance: Any, drawn: Any) -> None:
    """`variance` is that of the logarithm."""
    deviation = np.sqrt(variance)
    for i in range(len(ids)):
        low, high = words(ids[i])
        word = draw(key_low, key_high, low, high, POPULATION_REVENUE, 0, 0)[0]
        drawn[i] = mean * exp(deviation * normal_quantile(uniform(word)) - 0.5 * variance)
