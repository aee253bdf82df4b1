"""The market that the reference of speed steps, and the same loop in Numba for machines without a C compiler."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log32
from simengine.jit import formula, kernel

SEGMENTS, QUARTERS, NEEDS, OFFERS = 20, 40, 4, 5  # four suppliers and the outside option
f32, u32 = np.float32, np.uint32
STRIDE = u32(0x9E3779B9)  # between the keys of two draws


class SteppedMarket(NamedTuple):
    """What is stepped and what is counted. Axes: T quarters, S segments, customers of a segment, needs, offers."""

    need: NDArray[np.float32]  # [S, NEEDS, size] weights, sum 1
    revenue: NDArray[np.float32]  # [S, size] a quarter
    supplier: NDArray[np.int32]  # [S, size] changed by stepping
    constant: NDArray[np.float32]  # [S, OFFERS]
    quality: NDArray[np.float32]  # [T, S, OFFERS, NEEDS]
    inertia: NDArray[np.float32]  # [S] added to the utility of the current supplier
    review: NDArray[np.float32]  # [S] probability a quarter
    customers: NDArray[np.int64]  # [T, S, OFFERS] at the end of the quarter
    money: NDArray[np.float64]  # [T, S, OFFERS] spent in the quarter

    @property
    def customer_quarters(self) -> int:
        """How many customers are stepped, each quarter counted."""
        return self.supplier.size * len(self.quality)


def invented_market(size: int = 10_000, review: float = 0.05, seed: int = 1) -> SteppedMarket:
    """A market of `SEGMENTS` segments with `size` customers each, of whom `review` review in a quarter."""
    random = np.random.default_rng(seed)
    need = random.gamma(4.0, size=(SEGMENTS, NEEDS, size))
    quality = random.uniform(-1, 1, (SEGMENTS, OFFERS, NEEDS)) + np.zeros((QUARTERS, 1, 1, 1))
    quality[:, :, 0] += np.linspace(0, 1, QUARTERS)[:, None, None]  # our offer improves from quarter to quarter
    return SteppedMarket(
        need=(need / need.sum(axis=1, keepdims=True)).astype(f32),
        revenue=random.lognormal(5.0, 0.6, (SEGMENTS, size)).astype(f32),
        supplier=random.integers(0, OFFERS, (SEGMENTS, size), dtype=np.int32),
        constant=random.uniform(-0.5, 0.5, (SEGMENTS, OFFERS)).astype(f32),
        quality=quality.astype(f32),
        inertia=np.full(SEGMENTS, 1.5, f32),
        review=np.full(SEGMENTS, review, f32),
        customers=np.zeros((QUARTERS, SEGMENTS, OFFERS), np.int64),
        money=np.zeros((QUARTERS, SEGMENTS, OFFERS)),
    )


@formula
def mixed(x):
    """32 random bits of a counter, as in stepper.c."""
    x = u32(u32(x ^ (x >> u32(16))) * u32(0x7FEB352D))
    x = u32(u32(x ^ (x >> u32(15))) * u32(0x846CA68B))
    return u32(x ^ (x >> u32(16)))


@formula
def uniform(counter):
    """A uniform in (0, 1), from 23 of the bits."""
    return f32(np.int32(mixed(counter) >> u32(9))) * f32(2.0**-23) + f32(2.0**-24)


@formula
def choose(first, key, need, constant, quality, inertia, review, supplier):
    """Reviews and choices of one segment in one quarter; changes `supplier`."""
    for i in range(supplier.shape[0]):
        counter = u32(first + u32(i))
        current, chosen, best = supplier[i], np.int32(0), f32(-1e9)
        for j in range(OFFERS):
            u = constant[j] + (inertia if current == j else f32(0.0))
            for k in range(NEEDS):
                u += quality[j, k] * need[k, i]
            perceived = u - log32(-log32(uniform(counter ^ u32(key + STRIDE * u32(j + 1)))))
            chosen = np.int32(j) if perceived > best else chosen
            best = perceived if perceived > best else best
        supplier[i] = chosen if uniform(counter ^ key) < review else current


@formula
def spend(supplier, revenue, customers, money):
    """Customers and revenue by supplier."""
    customers[:] = 0
    money[:] = 0.0
    for i in range(supplier.shape[0]):
        customers[supplier[i]] += 1
        money[supplier[i]] += revenue[i]


@kernel
def step_market(segment, end, seed, need, revenue, supplier, constant, quality, inertia, review, customers, money):
    """Step the segments from `segment` to `end` through all quarters; arrays as in `SteppedMarket`."""
    size = supplier.shape[1]
    for t in range(quality.shape[0]):
        key = mixed(u32(seed + u32(t)))
        for s in range(segment, end):
            first = u32(s * size)
            choose(first, key, need[s], constant[s], quality[t, s], inertia[s], review[s], supplier[s])
            spend(supplier[s], revenue[s], customers[t, s], money[t, s])
