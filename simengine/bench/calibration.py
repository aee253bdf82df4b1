"""How many customers a second the reference of speed steps on this machine."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

from simengine.bench import compiler, stepper
from simengine.bench.stepper import SEGMENTS, SteppedMarket, invented_market

SIZE = 10_000  # customers of each of the segments
SEED = 1


def step(market: SteppedMarket, threads: int = 1, by_errors: bool = True) -> None:
    """Step the market through all its quarters, without the interpreter's lock.

    Every thread steps segments of its own and does not wait for the others. `by_errors` as in stepper.c; the loop in
    Numba, for machines without a C compiler, knows no other way.
    """
    bounds = [SEGMENTS * n // threads for n in range(threads + 1)]
    workers = [threading.Thread(target=_step, args=(market, *span, by_errors)) for span in pairwise(bounds)]
    for worker in workers[1:]:
        worker.start()
    workers[0].run()
    for worker in workers[1:]:
        worker.join()


def _step(market: SteppedMarket, first: int, end: int, by_errors: bool) -> None:
    built = compiler.build()
    if built is None:
        stepper.step_market(first, end, stepper.u32(SEED), *market)
    else:
        sizes = (*market.supplier.shape, len(market.quality))
        built.step_market(by_errors, first, end, *sizes, SEED, *(array.ctypes.data for array in market))


def seconds_to_step(market: SteppedMarket, threads: int = 1, by_errors: bool = True) -> float:
    """Seconds on the clock that one simulation of the market takes."""
    start = time.perf_counter()
    step(market, threads, by_errors)
    return time.perf_counter() - start


def million_customer_quarters_per_second(
    threads: int = 1, by_errors: bool = True, rounds: int = 5, size: int = SIZE
) -> float:
    """The best of `rounds` on a market of `SEGMENTS` segments with `size` customers each."""
    market = invented_market(size)
    step(market, threads, by_errors)  # built from here on
    seconds = min(seconds_to_step(market, threads, by_errors) for _ in range(rounds))
    return market.customer_quarters / seconds / 1e6


def described() -> str:
    """What the reference was built with."""
    built = compiler.build()
    return "Numba: no C compiler was found" if built is None else f"{built.compiler}: {' '.join(built.flags)}"


if __name__ == "__main__":
    print(described())
    for threads, by_errors in ((1, True), (2, True), (1, False)):
        rate = million_customer_quarters_per_second(threads, by_errors)
        way = "an error for every offer" if by_errors else "one uniform a choice"
        print(f"{threads} threads, {way}: {rate:.1f} M customer-quarters/s")
