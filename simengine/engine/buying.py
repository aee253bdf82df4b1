"""How customers who buy till they are gone live on: of all with the same history the same curve, in every cell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp, expm1, log1p
from simengine.arithmetic.beta_mean import NODES, beta_nodes
from simengine.engine.kinds import Curves, CurvesBeyond, Kinds, distinct_cells
from simengine.engine.pool import Pool, spans
from simengine.jit import kernel
from simengine.model.run_off import discounted_sum
from simengine.portfolio.bg_nbd import mean_rate
from simengine.portfolio.population import OBSERVED, PURCHASES
from simengine.tables.layout import Buying, Floats, RunOff, Tables

CURVES_A_TASK = 64
STEPS_AT_ONCE = 2**22  # periods x cells x kinds: 64 MiB of curves in double precision
LEAST = 1e-280  # what a step adds to 1 + p y: with less, nobody leaves


def exposure(tables: Tables, segment: int, end: int) -> Floats:
    """[end + 1, C] years by which customers have been exposed to leaving before each period, at today's hazard."""
    factor = tables.choice.hazard_factor[:, :end, segment].T * tables.axes.years_per_period
    return np.concatenate([np.zeros((1, factor.shape[1])), np.cumsum(factor, axis=0)])


def curves_of(tables: Tables, segment: int, kinds: Kinds, first: int, end: int, pool: Pool) -> Curves:
    """Of the periods first..end."""
    past, number = distinct_cells(exposure(tables, segment, end).T)
    distinct, law, times = past.T, tables.segments.buying[segment], np.arange(first, end)
    assert law is not None
    curves = np.empty((2, len(times), distinct.shape[1], len(kinds.arrival)), np.float32)
    for some in stretches_of(kinds, distinct.shape[1] * len(times)):
        own = Kinds(kinds.history[some], kinds.arrival[some])
        alive, rate = live_on(law, own, distinct, times, distinct[first:end], distinct[first + 1 :], pool)
        curves[0, ..., some], curves[1, ..., some] = alive, rate * own_rate(law, own, tables.axes.years_per_period)
    return Curves(*curves).of_cells(number)


def stretches_of(kinds: Kinds, steps: int) -> Iterator[slice]:
    """Kinds of `steps` each, in stretches whose curves take little memory."""
    for start, end in spans(0, len(kinds.arrival), max(CURVES_A_TASK, STEPS_AT_ONCE // steps)):
        yield slice(start, end)


def own_rate(law: Buying, kinds: Kinds, years_per_period: float) -> Floats:
    """[K] purchases a year over those that base revenue counts: as many as are to be expected of who is there at the
    opening, one a period of who enters with its first."""
    mean = mean_rate(law.r, law.alpha, kinds.history[:, PURCHASES], kinds.history[:, OBSERVED])
    return np.where(kinds.arrival > 0, mean * years_per_period, 1.0)


def live_on(
    law: Buying, kinds: Kinds, exposed: Floats, times: NDArray[np.int64], before: Floats, after: Floats, pool: Pool
) -> tuple[Floats, Floats]:
    """The curves [T, C, K] of T periods, each from an exposure of `before` [T, C] to one of `after`, beginning with
    `times` [T] periods completed; `exposed` [..., C] by periods completed, for those at which customers enter."""
    shape = (len(times), exposed.shape[1], len(kinds.arrival))
    alive, rate = np.zeros(shape), np.zeros(shape)
    tables = (np.ascontiguousarray(each) for each in (exposed, before, after))
    histories = (np.ascontiguousarray(kinds.history[:, k]) for k in (PURCHASES, OBSERVED))
    given = (law.r, law.alpha, law.a, law.b, *histories, kinds.arrival, *tables, times)

    def work(_: int, some: tuple[int, int]) -> None:
        fill_curves(*given, alive, rate, *some)

    pool.each(work, spans(0, len(kinds.arrival), CURVES_A_TASK))
    return alive, rate


def buying_beyond(tables: Tables, run_off: RunOff, segment: int, kinds: Kinds, pool: Pool) -> CurvesBeyond:
    """From the horizon on, at the hazard beyond."""
    periods, years, law = len(tables.axes.periods), tables.axes.years_per_period, tables.segments.buying[segment]
    assert law is not None
    hazard = run_off.choice.hazard_factor[:, 0, segment] * years
    past, number = distinct_cells(np.column_stack([exposure(tables, segment, periods).T, hazard]))
    exposed, a_period = past[:, :-1].T, past[:, -1]
    later, weight = discounted_sum(run_off.v)
    ends = exposed[-1] + later[:, None] * a_period
    before = np.concatenate([exposed[-2:-1], ends - a_period])  # the last period, then those that count
    after, times = np.concatenate([exposed[-1:], ends]), np.full(len(later) + 1, periods)
    times[0] = periods - 1
    weight = np.concatenate([[1.0], weight])[:, None, None]
    beyond = np.empty((2, len(a_period), len(kinds.arrival)))
    for some in stretches_of(kinds, len(times) * len(a_period)):
        own = Kinds(kinds.history[some], kinds.arrival[some])
        alive, rate = live_on(law, own, exposed, times, before, after, pool)
        rate *= own_rate(law, own, years)
        entering = own.arrival == periods  # at the horizon
        alive[0, :, entering] = rate[0, :, entering] = 1.0
        for each, curve in zip(beyond, (alive, rate), strict=True):
            each[:, some] = (weight * curve).cumsum(axis=0)[-1]  # unlike sum, in the same order for any number of kinds
    return CurvesBeyond(*beyond).of_cells(number)


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
