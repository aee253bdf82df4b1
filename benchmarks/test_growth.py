"""How the engine's time grows with customers, periods, cells and replications, and its memory with customers.

Growth is the slope of the logarithm of time over that of size: 1 where twice as much takes twice as long. Time is
that of the processor where one is used, so that a busy machine shows no growth that is not there; of the clock for two.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.bench.engine import engine
from simengine.bench.machine import dated
from simengine.bench.market import Shape, market
from simengine.bench.precision import processor_seconds
from simengine.bench.trial import timed
from simengine.engine.machine_memory import most_used
from simengine.engine.options import Options, usable_processors

ROOT = Path(__file__).parents[1]
LARGEST = int(os.environ.get("SIMENGINE_GROWTH_CUSTOMERS", 1_000_000))  # 10 million takes minutes and gigabytes
SMALLEST, SMOKE = 10_000, 1_000  # customers
SIZES = {  # of what grows, while the rest is as in BASE
    "customers": [SMALLEST * 10**n for n in range(8) if SMALLEST * 10**n <= LARGEST],
    "periods": [10, 20, 40, 80],
    "cells": [1, 2, 4, 12],
    "replications": [16, 32, 64],
}
BASE = {"customers": 50_000, "periods": 20, "cells": 4, "replications": 16}
TIME = "| mode | what grows | threads | slope | seconds |"
MEMORY = "| mode | customers: peak in MiB when today is solved, then when all is simulated | bytes a customer |"
ROUNDS = 3
MOST = 1.25  # slope: a loop over everything already grows by 1, and caches have an end
GROWTHS = [
    (mode, axis, threads)
    for mode in ("sampled", "expected")
    for axis in SIZES
    for threads in ((1, 2) if axis == "customers" else (1,))
    if not (mode == "expected" and axis == "replications")  # there it is one
]

PEAK = """
import sys
from benchmarks.test_growth import BASE, options_of, shape_of
from simengine.bench.market import market
from simengine.engine.machine_memory import most_used
mode, customers = sys.argv[1], int(sys.argv[2])
own = market(shape_of({**BASE, "customers": customers}))
built = most_used()
own.simulated(options_of(mode, BASE, threads=1)._replace(customer_cells=None))
print(built / 2**20, most_used() / 2**20)
"""


def shape_of(size: dict[str, int]) -> Shape:
    return Shape(size["customers"], size["cells"], size["periods"], segments=2, stages=True)


def options_of(mode: str, size: dict[str, int], threads: int) -> Options:
    replications = size["replications"] if mode == "sampled" else 1
    return Options(1, mode, replications, threads=threads, batch=16, customer_cells=())


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest) -> Iterator[dict[str, list[str]]]:
    """Rows of the two tables, printed when all are measured."""
    rows: dict[str, list[str]] = {header: [] for header in (TIME, MEMORY)}
    yield rows
    if any(rows.values()):
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{dated()}")
            for header, own in ((header, own) for header, own in rows.items() if own):
                print("\n".join(["", header, "|" + "---|" * (header.count("|") - 1), *own]))


@pytest.mark.parametrize(("mode", "axis", "threads"), GROWTHS)
def test_time(
    mode: str, axis: str, threads: int, request: pytest.FixtureRequest, benchmark: Any, told: dict[str, list[str]]
) -> None:
    if threads > usable_processors():
        pytest.skip(f"needs {threads} cores")
    enabled = request.config.getoption("benchmark_enable")
    base = BASE if enabled else {**BASE, "customers": SMOKE, "periods": 2, "cells": 2}
    grown = SIZES[axis] if enabled else [base[axis], 2 * base[axis]]
    runs = []
    for size in ({**base, axis: n} for n in grown):
        market.cache_clear()  # holds but a few, of which the largest is too large to be kept beside others
        runs.append(engine(market(shape_of(size)), options_of(mode, size, threads)))
    for run in runs:
        run.work()  # compiled from here on
    seconds: list[list[float]] = [[] for _ in runs]

    def in_turns() -> None:
        for run, own in zip(runs, seconds, strict=True):
            own.append(processor_seconds(run.work) if threads == 1 else timed(run))

    benchmark.pedantic(in_turns, rounds=ROUNDS if enabled else 1)
    least = [min(own) for own in seconds]
    slope = float(np.polyfit(np.log(grown), np.log(least), 1)[0])
    benchmark.extra_info.update(slope=round(slope, 3), sizes=grown, seconds=[round(own, 4) for own in least])
    if enabled:
        of_each = ", ".join(f"{n:,}: {own:.3g}" for n, own in zip(grown, least, strict=True))
        told[TIME].append(f"| {mode} | {axis} | {threads} | {slope:.2f} | {of_each} |")
        assert slope <= MOST


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_memory(mode: str, request: pytest.FixtureRequest, benchmark: Any, told: dict[str, list[str]]) -> None:
    """Of a process of its own for each size: the peak when today is solved, and when all is simulated."""
    if not most_used():
        pytest.skip("this system does not tell how much memory a process used")
    enabled = request.config.getoption("benchmark_enable")
    sizes = SIZES["customers"] if enabled else [SMOKE]

    def peaks() -> list[tuple[float, float]]:
        found = []
        for customers in sizes:
            command = [sys.executable, "-c", PEAK, mode, str(customers)]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            answer = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT)
            built, simulated = map(float, answer.stdout.split())
            found.append((built, simulated))
        return found

    found = benchmark.pedantic(peaks, rounds=1)
    assert all(0 < built <= simulated for built, simulated in found)
    benchmark.extra_info.update(sizes=sizes, mebibytes=found)
    if enabled:
        each = (found[-1][1] - found[0][1]) * 2**20 / (sizes[-1] - sizes[0])
        benchmark.extra_info["bytes_per_customer"] = round(each)
        of_each = ", ".join(f"{n:,}: {a:,.0f} then {b:,.0f}" for n, (a, b) in zip(sizes, found, strict=True))
        told[MEMORY].append(f"| {mode} | {of_each} | {each:,.0f} |")
