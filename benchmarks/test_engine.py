"""The engine against a plain stepper in C: customer-quarters of every cell and replication a second, as ratios."""

from __future__ import annotations

import math
from typing import Any

import pytest

from simengine.bench.engine import TRIALS
from simengine.bench.measures import MEASURES
from simengine.bench.trial import FULL, SMOKE, outcome, timed
from simengine.engine.options import usable_processors

CORES = {measure.name: measure.cores for measure in MEASURES}


@pytest.mark.parametrize("name", TRIALS)
def test_ratio(name: str, request: pytest.FixtureRequest, benchmark: Any) -> None:
    """Runs in turns; what pytest-benchmark shows are the seconds of the last of them, the engine's."""
    if CORES[name] > usable_processors():
        pytest.skip(f"needs {CORES[name]} cores")
    effort = FULL if request.config.getoption("benchmark_enable") else SMOKE
    trial = TRIALS[name](effort)
    for run in trial.runs:
        run.work()
    seconds: dict[str, list[float]] = {run.name: [] for run in trial.runs}

    def in_turns() -> None:
        for run in trial.runs[:-1]:
            seconds[run.name].append(timed(run))

    last = trial.runs[-1]
    benchmark.pedantic(lambda: seconds[last.name].append(timed(last)), setup=in_turns, rounds=effort.rounds)
    ratio, figures = outcome(trial, {run: min(own) for run, own in seconds.items()})
    assert math.isfinite(ratio)
    assert all(rate > 0 for rate in figures.values())
    benchmark.extra_info.update(ratio=round(ratio, 3), **{figure: round(rate, 1) for figure, rate in figures.items()})
    print(f"\n{name}: {benchmark.extra_info}")
