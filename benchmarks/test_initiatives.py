"""What ten initiatives that wait for teams add to a run: a course of events, and a market, for every replication."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simengine.bench.market import Shape, scenario_text
from simengine.bench.precision import processor_seconds
from simengine.results.run import Run, run
from simengine.scenario.load import load_scenario

CUSTOMERS, PERIODS, REPLICATIONS = 2_000, 20, 500
SMOKE = 200, 3
MOST_SECONDS = 20.0  # more than the same scenario without
ROUNDS = 3


def initiatives(rank: int) -> dict[str, Any]:
    """Ten, of which three are begun after others; `rank` says who comes first where teams are scarce."""
    text: dict[str, Any] = {}
    for n in range(10):
        text[f"initiative {n}"] = {
            "cost": {"build": "2M", "run": "100k"},
            "duration": {"triangular": [1, 2 + n % 3, 6]} if n % 2 else {"lognormal": {"mean": 3, "cv": 0.4}},
            "teams": 1 + n % 2,
            "priority": 1 + (n + rank) % 5,
            "effect": {("service", "advice", "digital", "cost_to_serve", "inertia")[n % 5]: 0.1},
            "ramp_up": n % 3,
            **({"after": [f"initiative {n - 3}"]} if n in (4, 7, 9) else {}),
            **({"cancel": {"after": 4}} if n == 5 else {}),
        }
    return text


def scenario_file(folder: Path, mode: str, customers: int, replications: int, with_initiatives: bool) -> Path:
    text = scenario_text(Shape(customers, 12, PERIODS, segments=2, stages=True))
    text["simulation"] |= {"mode": mode, "replications": replications}
    if with_initiatives:
        text["delivery"] = {"teams": 4}
        for rank, allocation in enumerate(text["allocations"].values()):
            allocation["initiatives"] = initiatives(rank)
    path = folder / f"{mode}-{with_initiatives}.yaml"
    path.write_text(json.dumps(text), encoding="utf-8")
    return path


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_initiatives(mode: str, benchmark: Any, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Processor seconds, of all threads: no less than by the clock, and a busy machine is not to blame."""
    enabled = request.config.getoption("benchmark_enable")
    customers, replications = (CUSTOMERS, REPLICATIONS) if enabled else SMOKE
    scenarios = [load_scenario(scenario_file(tmp_path, mode, customers, replications, each)) for each in (False, True)]
    seconds: list[list[float]] = [[], []]
    runs: list[Run] = []

    def in_turns() -> None:
        runs.clear()
        for scenario, own in zip(scenarios, seconds, strict=True):
            own.append(processor_seconds(lambda scenario=scenario: runs.append(run(scenario))))  # type: ignore[misc]

    in_turns()  # compiled from here on
    benchmark.pedantic(in_turns, rounds=ROUNDS if enabled else 1)
    without, built = runs
    assert without.timeline is None
    assert built.timeline is not None
    assert len(built.tables.axes.cells) == 12
    assert built.valuation.replications == replications
    before, after = map(min, seconds)
    benchmark.extra_info.update(without=before, seconds=after, phases=built.seconds)
    phases = ", ".join(f"{name} {each:.2f}" for name, each in built.seconds.items())
    print(f"\n{mode}: {after:.2f} processor seconds, {before:.2f} without initiatives; by the clock {phases}")
    assert not enabled or after - before <= MOST_SECONDS
