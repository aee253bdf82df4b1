"""How much sooner expected values know a what-if difference to 1 % than independent Monte Carlo in NumPy."""

from __future__ import annotations

from typing import Any

import pytest

from simengine.bench.machine import dated
from simengine.bench.precision import OTHER_SEEDS, SAME_SEED, northbank_precision
from simengine.bench.trial import FULL, SMOKE

TARGETS = {OTHER_SEEDS: 1000, SAME_SEED: 400}  # at least
# Between means and the exact difference. Seeds are fixed; at others one right program in 90,000 would have one beyond
# with 60 replications, one in 1,200 with the 12 of tiny markets (Student's t, 59 or 11 degrees of freedom, two means:
# other seeds have the mean of the same seed, over a larger deviation).
STANDARD_ERRORS = 5.0


def test_precision(benchmark: Any, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    enabled = request.config.getoption("benchmark_enable")
    measured = benchmark.pedantic(northbank_precision, (FULL if enabled else SMOKE,), rounds=1)
    if enabled:
        with capsys.disabled():
            print(f"\n{dated()}\n{measured.as_markdown()}")
    times = {name: measured.times(name) for name in measured.ways}
    benchmark.extra_info.update(times, relative_error={n: way.relative_error for n, way in measured.ways.items()})
    for name in measured.ways:
        assert measured.standard_errors_apart(name) < STANDARD_ERRORS, "Monte Carlo simulates another market"
    assert not enabled or all(times[name] >= least for name, least in TARGETS.items())
