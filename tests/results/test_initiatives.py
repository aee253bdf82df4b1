"""What a run says of initiatives: the summary, the log of events, and what they cost."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from simengine.model.discounting import fading_annuity
from simengine.results.initiatives import event_columns, quantiles
from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from simengine.timeline.timeline import Times
from tests.results.conftest import MARKET

INITIATIVES = """\
  built:
    initiatives:
      clean_up: {duration: 2.5, cost: {build: 10k, run: 1k}}
      view: {duration: {triangular: [1, 2, 9]}, after: [clean_up], cost: 8k, segments: [affluent], cancel: {after: 4}}
delivery: {teams: 1}
moves:
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("built")


@pytest.fixture(scope="module")
def built(folder: Path) -> Run:
    path = folder / "built.yaml"
    path.write_text(MARKET.replace("moves:\n", INITIATIVES), encoding="utf-8")
    finished = run(load_scenario(path))
    finished.write(folder / "run")
    return finished


def test_the_summary_has_quantiles_and_probabilities(built: Run) -> None:
    assert built.timeline is not None
    assert set(built.summary["initiatives"]) == {"baseline", "same", "advice", "built"}
    assert built.summary["initiatives"]["baseline"] == {}
    said = built.summary["initiatives"]["built"]
    assert said["clean_up"] == {
        "start": dict.fromkeys(("p10", "p50", "p90"), 0.0),
        "finish": dict.fromkeys(("p10", "p50", "p90"), 2.5),
        "end": dict.fromkeys(("p10", "p50", "p90"), 2.5),
        "completed": 1.0,
        "cancelled": 0.0,
    }
    times = built.timeline.times["built"]["view"]
    assert said["view"]["start"]["p50"] == 2.5
    assert said["view"]["end"]["p90"] == 6.5  # given up after four quarters
    assert said["view"]["completed"] == (times.completed < np.inf).mean()
    assert said["view"]["completed"] + said["view"]["cancelled"] == 1.0


def test_quantiles_are_times_that_were_seen() -> None:
    ten = np.array([5.0, np.inf, 1.0, 2.0, 4.0, 3.0, np.inf, 6.0, 8.0, 7.0])
    assert quantiles(ten) == {"p10": 1.0, "p50": 5.0, "p90": None}
    assert quantiles(np.array([2.0])) == {"p10": 2.0, "p50": 2.0, "p90": 2.0}
    assert quantiles(np.array([np.inf])) == {"p10": None, "p50": None, "p90": None}


def test_without_initiatives_nothing_is_said_or_written(sampled: Run, tmp_path: Path) -> None:
    assert sampled.timeline is None
    assert "initiatives" not in sampled.summary
    sampled.write(tmp_path / "run")
    assert not (tmp_path / "run" / "events.parquet").exists()


def test_events_are_those_of_every_replication_in_order(built: Run, folder: Path) -> None:
    rows = duckdb.sql(f"SELECT * FROM '{folder}/run/events.parquet'").fetchall()
    assert built.timeline is not None
    for r in range(6):
        here = [(name, event, time) for _, replication, name, event, time in rows if replication == r]
        assert here[:3] == [("clean_up", "queued", 0.0), ("clean_up", "started", 0.0), ("clean_up", "completed", 2.5)]
        times = built.timeline.times["built"]["view"]
        last = ("completed", times.completed[r]) if np.isfinite(times.completed[r]) else ("cancelled", 6.5)
        assert here[3:] == [("view", "queued", 2.5), ("view", "started", 2.5), ("view", *last)]
    assert {row[0] for row in rows} == {"built"}


def test_what_is_certain_is_logged_in_every_replication() -> None:
    certain = Times(*(np.array([t]) for t in (0.0, 1.0, 3.0, np.inf)))
    columns = event_columns({"a": {"x": certain}}, 2)
    assert columns["replication"].tolist() == [0, 0, 0, 1, 1, 1]
    assert columns["event"].tolist() == ["queued", "started", "completed"] * 2
    assert columns["time"].tolist() == [0.0, 1.0, 3.0] * 2


def test_what_they_cost_is_in_the_value_and_nothing_else(built: Run) -> None:
    """Quarters at 9 % a year and 25 % tax; the market is that of the baseline."""
    cells = {(cell["allocation"], cell["move"]): cell for cell in built.summary["cells"]}
    cell, base = cells["built", "quiet"], cells["baseline", "quiet"]
    assert built.timeline is not None
    v, years = 1.09**-0.25, 0.25
    factors = 0.75 * years * v ** np.arange(1, 9)
    cost = built.timeline.building + built.timeline.running
    spent = cost[3, 0, :, -1]
    assert spent.tolist() == pytest.approx([16e3, 16e3, 8.5e3, *[1e3] * 5])
    affluent = cell["segments"]["affluent"]["programmes"] - base["segments"]["affluent"]["programmes"]
    assert affluent == pytest.approx(-(cost[3, :, :, 0] * factors).sum(axis=-1).mean(), rel=1e-6)
    unallocated = cell["unallocated"]["value"] - base["unallocated"]["value"]
    beyond = 0.75 * years * 1e3 * v**8 * fading_annuity(1.09**0.25 - 1, 20)  # running it goes on and fades
    explicit = (spent * factors).sum()
    assert unallocated == pytest.approx(-explicit - beyond, rel=1e-6)
    assert cell["segments"]["affluent"]["customers"] == base["segments"]["affluent"]["customers"]


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_an_initiative_does_what_a_lever_of_that_effect_does(mode: str, tmp_path: Path) -> None:
    """Half of `max` at `half`, without carry-over: a point of service from the third quarter on."""
    path = tmp_path / "equal.yaml"
    lever = "  desk: {target: service, response: {hill: {max: 2, half: 20k}}}\nallocations:\n"
    both = (
        "  money: {desk: {from: 2026-Q3, affluent: 20k}}\n"
        "  built: {initiatives: {desk: {duration: 1.5, effect: {service: 1}}}}\nmoves:\n"
    )
    path.write_text(MARKET.replace("allocations:\n", lever).replace("moves:\n", both), encoding="utf-8")
    finished = run(load_scenario(path, simulation={"mode": mode, "replications": 4}))
    money, built, base = (finished.scenario.cells.index((name, "quiet")) for name in ("money", "built", "baseline"))
    assert np.array_equal(finished.ledger.count[money], finished.ledger.count[built])
    assert not np.array_equal(finished.ledger.count[money], finished.ledger.count[base])


def test_as_many_replications_are_in_flight_as_memory_was_planned_for(built: Run, folder: Path) -> None:
    """In expected mode, too, where the market has luck."""
    scenario = load_scenario(folder / "built.yaml", simulation={"mode": "expected"})
    whole, fewer = run(scenario), run(scenario, batch=2)
    assert whole.options.batch == whole.plan.batch == built.options.replications
    assert fewer.options.batch == fewer.plan.batch == 2
    assert fewer.summary["digest"] == whole.summary["digest"]
