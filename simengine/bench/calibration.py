"""How many customers a second the reference of speed steps on this machine."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

from simengine.bench import compiler, stepper
from simengine.bench.stepper import SEGMENTS, SteppedMarket, invented_market

SIZE = 10_000  # customers of each of the segments
SEED = 1
TIMES = 20  # that a measured run steps it: as long as a busy system may take to find a core for a second thread


def step(market: SteppedMarket, threads: int = 1, times: int = 1, by_errors: bool = True) -> None:
    """Step the market through all its quarters, `times` times, without the interpreter's lock.

    Every thread steps segments of its own and does not wait for the others. `by_errors` as in stepper.c; the loop in
    Numba, for machines without a C compiler that works, knows no other way.
    """
    bounds = [SEGMENTS * n // threads for n in range(threads + 1)]
    workers = [threading.Thread(target=_step, args=(market, *span, times, by_errors)) for span in pairwise(bounds)]
    for worker in workers[1:]:
        worker.start()
    workers[0].run()
    for worker in workers[1:]:
        worker.join()


def _step(market: SteppedMarket, first: int, end: int, times: int, by_errors: bool) -> None:
    built = compiler.build()
    sizes = (*market.supplier.shape, len(market.quality))
    for _ in range(times):
        if built is None:
            stepper.step_market(first, end, stepper.u32(SEED), *market)
        else:
            built.step_market(by_errors, first, end, *sizes, SEED, *(array.ctypes.data for array in market))


def million_customer_quarters_per_second(
    threads: int = 1, rounds: int = 5, times: int = TIMES, size: int = SIZE
) -> float:
    """The best of `rounds` on a market of `SEGMENTS` segments with `size` customers each."""
    market = invented_market(size)
    step(market, threads)  # built from here on
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        step(market, threads, times)
        seconds.append(time.perf_counter() - start)
    return market.customer_quarters * times / min(seconds) / 1e6


def described() -> str:
    """What the reference was built with."""
    built = compiler.build()
    return "Numba: no C compiler that works" if built is None else f"{built.compiler}: {' '.join(built.flags)}"


if __name__ == "__main__":
    print(described())
    for threads in (1, 2):
        print(f"{threads} threads: {million_customer_quarters_per_second(threads):.1f} M customer-quarters/s")
