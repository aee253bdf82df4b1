"""What allocations spend, as finance reads it: in the summary, and in the run's scenario, which asks the same again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from tests.results.conftest import MARKET

ALLOCATIONS = """\
allocations:
  baseline: {}
  habit:
    spread:
      - {budget: 30k, lever: bundle, by: revenue, from: 2026-Q2}
      - {budget: 20k, lever: advisers, by: customers, until: 2026-Q4}
    design: {from: 2026-Q3, affluent: {groups: 3, cost_per_group: 2k}}
  late: {like: habit, shift: 2}
  narrow: {spread: {budget: 8k, lever: bundle, by: equal, segments: [leaving]}}
"""
BUNDLE = "  bundle: {target: wallet, response: {hill: {max: 10%, half: 30k}}, today: {leaving: 3k}}\n"


@pytest.fixture(scope="module")
def habit(tmp_path_factory: pytest.TempPathFactory) -> Run:
    before, after = MARKET.split("allocations:\n")
    text = before + BUNDLE + ALLOCATIONS + after[after.index("moves:") :]
    path = tmp_path_factory.mktemp("habit") / "habit.yaml"
    path.write_text(text)
    return run(load_scenario(path, simulation={"mode": "expected"}))


def test_every_segment_of_every_lever_is_stated(habit: Run) -> None:
    ours = {"affluent": 300 * 0.34, "leaving": 150.0}
    revenue = {"affluent": ours["affluent"] * 2700, "leaving": ours["leaving"] * 900}
    found = habit.summary["allocations"]
    assert found["baseline"] == {"advisers": {"affluent": 5000}, "bundle": {"leaving": 3000}}
    spread = pytest.approx({name: 30_000 * each / sum(revenue.values()) for name, each in revenue.items()})
    ours_alone = {"affluent": 20_000}  # the only segment in which it can act
    last = found["habit"][-1]
    assert found["habit"] == [
        {"from": "2026-Q1", "until": "2026-Q1", "advisers": ours_alone, "bundle": {"leaving": 3000}},
        {"from": "2026-Q2", "until": "2026-Q2", "advisers": ours_alone, "bundle": spread},
        {"from": "2026-Q3", "until": "2026-Q4", "advisers": ours_alone, "bundle": spread, "design": {"affluent": 6000}},
        {**last, "from": "2027-Q1", "advisers": {"affluent": 5000}, "bundle": spread},
    ]
    assert last["until"] == habit.scenario.calendar.labels[-1]
    assert [phase["from"] for phase in found["late"]] == ["2026-Q1", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q3"]
    assert found["narrow"] == {"advisers": {"affluent": 5000}, "bundle": {"leaving": 8000}}


@pytest.mark.parametrize("allocation", ["baseline", "habit", "late", "narrow"])
def test_it_is_what_programmes_cost(allocation: str, habit: Run) -> None:
    cell = habit.tables.axes.cells.index((allocation, "quiet"))
    labels = habit.scenario.calendar.labels
    told = habit.summary["allocations"][allocation]
    for phase in told if isinstance(told, list) else [{"from": labels[0], "until": labels[-1], **told}]:
        levers = [amounts for name, amounts in phase.items() if name not in ("from", "until")]
        for at in range(labels.index(phase["from"]), labels.index(phase["until"]) + 1):
            for s, segment in enumerate(habit.tables.axes.segments):
                stated = sum(amounts.get(segment, 0.0) for amounts in levers)
                assert habit.tables.economics.programmes[cell, 0, at, s] == pytest.approx(stated)


def test_the_scenario_of_the_run_asks_the_same_question_in_money(habit: Run, tmp_path: Path) -> None:
    habit.write(tmp_path / "run")
    written = tmp_path / "run" / "scenario.yaml"
    assert "spread" not in written.read_text().split("allocations:")[1].split("moves:")[0]
    again = load_scenario(written)
    assert again == habit.scenario
    assert run(again).summary["cells"] == habit.summary["cells"]
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["allocations"] == habit.summary["allocations"]
