"""How much sooner expected values know a what-if difference to 1 % than independent Monte Carlo in NumPy."""

from __future__ import annotations

from typing import Any

import pytest

from simengine.bench.precision import measure_precision, northbank, smallest_difference

TIMES_OTHER_SEEDS, TIMES_SAME_SEED = 1000, 400  # at least
STANDARD_ERRORS = 5.0  # between the two differences; a correct program passes this in two million runs but one


def test_precision(benchmark: Any, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    enabled = request.config.getoption("benchmark_enable")
    question = smallest_difference(northbank() if enabled else northbank(customers=1000, periods=10))
    measured = benchmark.pedantic(measure_precision, (question, 64 if enabled else 3), rounds=1)
    apart = measured.standard_errors_apart
    assert not enabled or apart < STANDARD_ERRORS, "Monte Carlo simulates another market"
    figures = {
        **measured._asdict(),
        "times_other_seeds": measured.times_other_seeds,
        "times_same_seed": measured.times_same_seed,
        "relative_error": measured.relative_error,
        "standard_errors_apart": apart,
    }
    benchmark.extra_info.update(figures)
    with capsys.disabled():
        print(f"\n{measured.as_markdown()}")
    if enabled:
        assert measured.times_other_seeds >= TIMES_OTHER_SEEDS
        assert measured.times_same_seed >= TIMES_SAME_SEED
