"""What it costs to compare the twelve cells of a run with each other, in times of the run itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simengine.bench.market import Shape, scenario_text
from simengine.bench.precision import processor_seconds
from simengine.results.run import run
from simengine.scenario.load import load_scenario
from simengine.study.compare.compare import compare

CUSTOMERS, PERIODS = 200_000, 40
SMOKE = 200, 4
MOST = 1.3  # times the run
ROUNDS = 3
LUCK = {"volatility": 0.1, "persistence": 0.6, "demand": {"volatility": 0.05, "persistence": 0.5}}


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_compare(mode: str, benchmark: Any, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Processor seconds of a run, and of a comparison, which runs, too; in turns, the quickest of each. Expected mode
    has a market with luck of its own, so that there is something to sharpen."""
    enabled = request.config.getoption("benchmark_enable")
    customers, periods = (CUSTOMERS, PERIODS) if enabled else SMOKE
    text = scenario_text(Shape(customers // (1 if mode == "sampled" else 10), 12, periods, segments=2, stages=True))
    text["simulation"] |= {"mode": mode, "replications": 30, "customer_values": False}
    if mode == "expected":
        text["market"] = LUCK
    path = tmp_path / "market.yaml"
    path.write_text(json.dumps(text), encoding="utf-8")
    scenario = load_scenario(path)
    seconds: tuple[list[float], list[float]] = ([], [])
    documents: list[dict[str, Any]] = []

    def in_turns() -> None:
        seconds[0].append(processor_seconds(lambda: run(scenario).summary))
        seconds[1].append(processor_seconds(lambda: documents.append(compare(scenario).document)))

    in_turns()  # compiled from here on
    benchmark.pedantic(in_turns, rounds=ROUNDS if enabled else 1)
    assert sum(len(move["cells"]) for move in documents[-1]["moves"].values()) == 12
    alone, compared = map(min, seconds)
    benchmark.extra_info.update(run=alone, compare=compared, ratio=compared / alone)
    print(f"\n{mode}: {compared:.2f} processor seconds, {compared / alone:.2f} times the run's {alone:.2f}")
    assert not enabled or compared <= MOST * alone
