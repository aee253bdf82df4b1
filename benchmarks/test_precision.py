"""How much sooner expected values know a what-if difference to 1 % than independent Monte Carlo in NumPy."""

from __future__ import annotations

from typing import Any

import pytest

from simengine.bench.machine import dated
from simengine.bench.precision import OTHER_SEEDS, SAME_SEED, northbank_precision
from simengine.bench.trial import FULL, SMOKE

TARGETS = {OTHER_SEEDS: 1000, SAME_SEED: 400}  # at least
STANDARD_ERRORS = 5.0  # between the means and the exact difference: a right program has them in a million runs


def test_precision(benchmark: Any, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    enabled = request.config.getoption("benchmark_enable")
    measured = benchmark.pedantic(northbank_precision, (FULL if enabled else SMOKE,), rounds=1)
    if enabled:
        with capsys.disabled():
            print(f"\n{dated()}\n{measured.as_markdown()}")
    times = {name: measured.times(name) for name in measured.ways}
    benchmark.extra_info.update(times, relative_error=measured.relative_error)
    for name in measured.ways:
        assert measured.standard_errors_apart(name) < STANDARD_ERRORS, "Monte Carlo simulates another market"
    assert not enabled or all(times[name] >= least for name, least in TARGETS.items())
