"""How customers who buy till they are gone live on: of all with the same history the same curve, in every cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp, expm1, log1p
from simengine.arithmetic.beta_mean import NODES, beta_nodes
from simengine.engine.pool import Pool, spans
from simengine.jit import kernel
from simengine.portfolio.bg_nbd import mean_rate
from simengine.portfolio.population import OBSERVED, PURCHASES, Population
from simengine.tables.layout import Buying, Floats, Tables

CURVES_A_TASK = 64
LEAST = 1e-280  # what a step adds to 1 + p y: with less, nobody leaves


class Histories(NamedTuple):
    """The K kinds of customers of a segment who have the same future; K = 0 where nobody buys till it is gone."""

    purchases: Floats  # [K] after the first
    observed: Floats  # [K] years at the opening or on entering
    arrival: NDArray[np.int64]  # [K] periods completed then


class Curves(NamedTuple):
    """Of each kind, in T periods; both are 0 before it enters."""

    alive: NDArray[np.float32]  # [T, C, K] probability of being a customer still at the end of the period
    rate: NDArray[np.float32]  # [T, C, K] what is bought in the period, a year, over base revenue


def histories_of(tables: Tables, population: Population) -> tuple[NDArray[np.int64], list[Histories]]:
    """[N] the kind of each customer, of those of its segment; and the kinds of each segment."""
    kind, found = np.zeros(len(population.ids), np.int64), []
    for s, law in enumerate(tables.segments.buying):
        rows = slice(tables.segments.rows[s], tables.segments.rows[s + 1])
        if law is None:
            found.append(Histories(np.zeros(0), np.zeros(0), np.zeros(0, np.int64)))
            continue
        keys = np.column_stack([population.history[rows, : OBSERVED + 1], population.arrival[rows]])
        kinds, kind[rows] = np.unique(keys, axis=0, return_inverse=True)
        found.append(Histories(kinds[:, PURCHASES].copy(), kinds[:, OBSERVED].copy(), kinds[:, 2].astype(np.int64)))
    return kind, found


def exposure(tables: Tables, segment: int, end: int) -> Floats:
    """[end + 1, C] years by which customers have been exposed to leaving before each period, at today's hazard."""
    factor = tables.choice.hazard_factor[:, :end, segment].T * tables.axes.years_per_period
    return np.concatenate([np.zeros((1, factor.shape[1])), np.cumsum(factor, axis=0)])


def curves_of(tables: Tables, segment: int, kinds: Histories, first: int, end: int, pool: Pool) -> Curves:
    """Of the periods first..end. Cells with the same past have the same curves, which are worked out once."""
    distinct, cell = np.unique(exposure(tables, segment, end), axis=1, return_inverse=True)
    law, times = tables.segments.buying[segment], np.arange(first, end)
    assert law is not None
    found = live_on(law, kinds, distinct, times, distinct[first:end], distinct[first + 1 :], pool)
    found[1][:] *= own_rate(law, kinds, tables.axes.years_per_period)
    return Curves(*(curve[:, cell.reshape(-1)].astype(np.float32) for curve in found))


def own_rate(law: Buying, kinds: Histories, years_per_period: float) -> Floats:
    """[K] purchases a year over those that base revenue counts: as many as are to be expected of who is there at the
    opening, one a period of who enters with its first."""
    mean = mean_rate(law.r, law.alpha, kinds.purchases, kinds.observed)
    return np.where(kinds.arrival > 0, mean * years_per_period, 1.0)


def live_on(
    law: Buying, kinds: Histories, exposed: Floats, times: NDArray[np.int64], before: Floats, after: Floats, pool: Pool
) -> tuple[Floats, Floats]:
    """The curves [T, C, K] of T periods, each from an exposure of `before` [T, C] to one of `after`, beginning with
    `times` [T] periods completed; `exposed` [..., C] by periods completed, for those at which customers enter."""
    shape = (len(times), exposed.shape[1], len(kinds.purchases))
    alive, rate = np.zeros(shape), np.zeros(shape)
    tables = (np.ascontiguousarray(each) for each in (exposed, before, after))
    given = (law.r, law.alpha, law.a, law.b, *kinds, *tables, times)

    def work(_: int, some: tuple[int, int]) -> None:
        fill_curves(*given, alive, rate, *some)

    pool.each(work, spans(0, len(kinds.purchases), CURVES_A_TASK))
    return alive, rate


@kernel
def fill_curves(r, alpha, a, b, purchases, observed, arrival, exposed, before, after, times, alive, rate, start, stop):
    """Fill the kinds start..stop of `live_on`.

    With H the exposure since the opening or entering, y = H / (alpha + T) and s = r + x: the mean of (1 + p y)^-s over
    p is who is a customer still, and the difference of the mean of its part 1 / p over a period what is bought in it.
    """
    p, weight = np.empty(NODES), np.empty(NODES)
    for k in range(start, stop):
        s, scale = r + purchases[k], alpha + observed[k]
        beta_nodes(a, b + purchases[k], p, weight)
        for c in range(exposed.shape[1]):
            for t in range(len(times)):
                if times[t] < arrival[k]:
                    continue
                y, step = (before[t, c] - exposed[arrival[k], c]) / scale, (after[t, c] - before[t, c]) / scale
                survive, buy = 0.0, 0.0
                for n in range(NODES):
                    part = p[n] * step / (1.0 + p[n] * y)
                    there, more = exp(-s * log1p(p[n] * y)), s * log1p(part)
                    survive += weight[n] * there * exp(-more)
                    mean = -expm1(-more) / (s * part) if part > LEAST else 1.0
                    buy += weight[n] * there / (1.0 + p[n] * y) * mean
                alive[t, c, k], rate[t, c, k] = survive, buy
