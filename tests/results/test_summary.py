"""The summary is complete, its parts add up to its wholes, and identical cells do not differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simengine.results.run import Run, run
from simengine.results.summary import as_json
from simengine.scenario import Scenario, ScenarioError, load_scenario

SPREAD = {"mean", "sd", "ci95", "p5", "p50", "p95", "es5"}
CELL = {
    "allocation", "move", "value_per_share", "equity_value", "enterprise_value",
    "enterprise_value_from_economic_profit", "probability_of_destroying_value", "segments", "unallocated",
    "financing", "rounding", "present", "future", "explicit", "residual", "direction", "difference", "rivals",
}  # fmt: skip


def close(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-6)


def cell_of(document: dict[str, Any], allocation: str, move: str) -> dict[str, Any]:
    return next(c for c in document["cells"] if (c["allocation"], c["move"]) == (allocation, move))


def test_every_field_is_there(finished: Run) -> None:
    document = json.loads(as_json(finished.summary))
    assert list(document) == [
        "scenario", "currency", "customers", "market_size", "periods", "replications", "mode", "exact", "profiles",
        "seed", "stream", "digest", "allocations", "warnings", "conversions", "assumed_of_rivals", "cells",
    ]  # fmt: skip
    assert [(c["allocation"], c["move"]) for c in document["cells"]] == list(finished.scenario.cells)
    for cell in document["cells"]:
        assert set(cell) == CELL
        for name in ("value_per_share", "equity_value", "enterprise_value"):
            assert set(cell[name]) == SPREAD
        assert set(cell["rivals"]) == {"atlas", "neo"}
        assert set(cell["segments"]) == {"affluent", "leaving"}
        for segment in cell["segments"].values():
            assert len(segment["economic_profit"]) == document["periods"]


def test_parts_add_up(finished: Run) -> None:
    for cell in finished.summary["cells"]:
        enterprise = cell["enterprise_value"]["mean"]
        segments = cell["segments"].values()
        outside = cell["unallocated"]["value"] + cell["rounding"]["value"]
        programmes = sum(segment["programmes"] for segment in segments)
        for segment in segments:
            assert segment["value"] == close(segment["customers"] + segment["programmes"])
        assert sum(segment["value"] for segment in segments) + outside == close(enterprise)
        assert cell["present"]["value"] + cell["future"]["value"] + programmes + outside == close(enterprise)
        assert cell["explicit"]["value"] + cell["residual"]["value"] == close(enterprise)
        assert enterprise + cell["financing"]["value"] == close(cell["equity_value"]["mean"])
        assert cell["equity_value"]["mean"] / 1000 == close(cell["value_per_share"]["mean"])
        assert cell["enterprise_value_from_economic_profit"] == close(enterprise)


def test_customers_and_shares_of_the_market_add_up(finished: Run) -> None:
    for cell in finished.summary["cells"]:
        ours = sum(segment["customers_end"] for segment in cell["segments"].values())
        rivals = sum(rival["customers_end"] for rival in cell["rivals"].values())
        assert 0 < ours + rivals < finished.summary["market_size"]
        assert all(0 <= segment["share_end"] <= 1 for segment in cell["segments"].values())
    assert finished.summary["market_size"] == 450


def test_what_is_assumed_of_rivals_is_what_the_scenario_does_not_state(market: Path) -> None:
    stated = ("rivals.neo.margin=45%", "rivals.neo.overhead=0")
    document = run(load_scenario(market, settings=stated, simulation={"replications": 1})).summary
    everything = ["margin", "overhead", "cost_to_serve", "capital", "acquisition_cost"]
    assert document["assumed_of_rivals"] == {"atlas": everything, "neo": everything[2:]}


def test_sampled_results_have_a_spread_and_exact_ones_have_none(sampled: Run, expected: Run) -> None:
    assert sampled.summary["exact"] is False
    assert expected.summary["exact"] is True
    for cell in sampled.summary["cells"]:
        low, high = cell["value_per_share"]["ci95"]
        assert low < cell["value_per_share"]["mean"] < high
    for cell in expected.summary["cells"]:
        assert all(value is None for name, value in cell["value_per_share"].items() if name != "mean")
        assert cell["difference"]["ci95"] is None


def test_a_cell_that_changes_nothing_differs_by_exactly_nothing(finished: Run) -> None:
    for move in ("quiet", "price_cut"):
        same, baseline = (cell_of(finished.summary, name, move) for name in ("same", "baseline"))
        interval = None if finished.summary["exact"] else [0.0, 0.0]
        assert same["difference"] == {"to": "baseline", "mean": 0.0, "ci95": interval}
        assert {**same, "allocation": "baseline"} == {**baseline, "direction": same["direction"]}
        advice = cell_of(finished.summary, "advice", move)
        between = advice["value_per_share"]["mean"] - baseline["value_per_share"]["mean"]
        assert advice["difference"]["mean"] == close(between)
        assert advice["difference"]["mean"] != 0.0


def test_no_review_goes_against_the_offer_that_improved(sampled: Run) -> None:
    directions = [cell["direction"] for cell in sampled.summary["cells"]]
    assert all(direction["violations"] == 0 for direction in directions)
    assert sum(direction["reviews"] for direction in directions) > 0


def test_the_digest_tells_results_apart(sampled: Run, scenario: Scenario) -> None:
    assert run(scenario, threads=1, block=64, batch=4).summary["digest"] == sampled.summary["digest"]
    assert run(scenario, to="advice").summary["digest"] != sampled.summary["digest"]


def test_the_reference_must_be_an_allocation(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match="did you mean 'advice'"):
        run(scenario, to="advise")
