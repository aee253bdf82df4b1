"""The memory that a large run takes: it stays within what it may use, in both modes; growth in customers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from benchmarks.ten_million import customer_file, measure
from simengine.scenario.memory_size import GIB

CUSTOMERS = int(os.environ.get("SIMENGINE_BENCHMARK_CUSTOMERS", 1_000_000))
SMOKE = 2_000
BUDGET = 2 * GIB


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_peak(mode: str, benchmark: Any, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    customers = CUSTOMERS if request.config.getoption("benchmark_enable") else SMOKE
    budget = max(BUDGET, BUDGET * customers // 1_000_000)
    scenario = customer_file(tmp_path, customers)

    def run() -> dict[str, Any]:
        return measure(scenario, "--mode", mode, "--replications", 16, "--memory", f"{budget}B")

    figures = benchmark.pedantic(run, rounds=1)
    benchmark.extra_info.update(figures)
    print(f"\n{mode}: {customers} customers, {figures}")
    assert figures["peak_gibibytes"] <= budget / GIB
