"""The best split of a small budget, against all splits of a grid, and what is said of it."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simengine.results.run import run
from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from simengine.study.optimize.optimize import Optimum, optimize
from simengine.study.optimize.outcomes import Outcomes
from simengine.study.optimize.written import text
from tests.edited import edited
from tests.study.optimize.conftest import FIELD, field_file, spent


def outcomes_of(optimum: Optimum, *moves: str) -> Outcomes:
    return Outcomes(optimum.run, optimum.items, moves)


def splits(whole: float, step: float) -> list[np.ndarray]:
    """All splits of at most the whole over four items, in steps."""
    amounts = np.arange(0.0, whole + step / 2, step)
    return [np.array(each) for each in itertools.product(amounts, repeat=4) if sum(each) <= whole]


def test_no_split_of_a_grid_is_worth_more(optimum: Optimum) -> None:
    values = outcomes_of(optimum, "quiet").of(splits(16e3, 2e3)).mean(axis=(1, 2))
    found = optimum.document
    assert found["worth"] >= values.max()
    assert found["worth"] <= values.max() + 1.0  # the grid has a split near by
    assert found["improves"] is True
    assert found["exact"] is True


def test_money_is_worth_the_same_wherever_nothing_binds(optimum: Optimum) -> None:
    """Karush, Kuhn and Tucker: in the middle the multiplier of the budget, at the least no more than that."""
    found = optimum.document
    price = found["budget_marginal_value"]
    assert price > 0
    assert found["optimality"] < 5e-3
    for row in found["items"]:
        if row["bound"] is None:
            assert row["marginal_value"] == pytest.approx(price, rel=5e-3)
        else:
            assert (row["bound"], row["optimum"]) == ("low", 0.0)
            assert row["marginal_value"] < price
    assert [each["limit"] for each in found["binding"]] == ["budget 16k"]


def test_the_multiplier_is_what_a_larger_budget_gains(optimum: Optimum, field: Scenario) -> None:
    more = optimize(field, budget="16.2k").document
    found = optimum.document
    assert found["spent"] == [pytest.approx(16e3, abs=1e-6)]
    between = (found["budget_marginal_value"] + more["budget_marginal_value"]) / 2
    assert (more["worth"] - found["worth"]) / 0.2 == pytest.approx(between, rel=2e-3)


def test_what_is_written_is_a_scenario_that_is_worth_what_was_said(optimum: Optimum, tmp_path: Path) -> None:
    field_file(tmp_path)
    path = tmp_path / "best.yaml"
    path.write_text(text(optimum, "field.yaml"), encoding="utf-8")
    written = load_scenario(path)
    assert written.allocations["optimum"] == optimum.allocation
    again = run(written).summary
    (value,) = (
        c["value_per_share"]["mean"] for c in again["cells"] if (c["allocation"], c["move"]) == ("optimum", "quiet")
    )
    assert value == optimum.document["worth"]
    assert all(float(f"{amount:.10g}") == amount for amount in spent(optimum.document).values())


def test_customers_who_are_nearly_alike_are_merged_as_in_the_run_of_what_is_written(tmp_path: Path) -> None:
    """Not as habits or other cells would have it, for who merges depends on the cells."""
    text_of_file = edited(
        FIELD,
        ("size: 300\n", "size: 20k\n    needs_spread: 0.2\n    revenue_spread: 0.3\n"),
        ("revenue: 2700", "revenue: {lognormal: {mean: 2700, cv: 0.8}}"),
        ("replications: 6", "replications: 6, profile_error: 1%"),
    )
    (tmp_path / "field.yaml").write_text(text_of_file, encoding="utf-8")
    optimum = optimize(load_scenario(tmp_path / "field.yaml"), budget="200k", fix=["care"], habits=True)
    (tmp_path / "best.yaml").write_text(text(optimum, "field.yaml"), encoding="utf-8")
    again = run(load_scenario(tmp_path / "best.yaml"))
    assert again.merging is not None
    assert again.merging.step is not None
    cell = again.tables.axes.cells.index(("optimum", "quiet"))
    assert again.valuation.value_per_share[cell, 0] == optimum.document["worth"]


def test_habits_spend_the_same_budget_and_gain_less(optimum: Optimum) -> None:
    habits = optimum.document["habits"]
    assert list(habits) == ["customers", "revenue", "profit", "value", "equal"]
    for each in habits.values():
        assert sum(each["items"]) == pytest.approx(16e3)
        assert each["optimum_gains"]["mean"] == pytest.approx(optimum.document["worth"] - each["worth"], abs=1e-9)
        assert each["optimum_gains"]["mean"] > 0


def test_the_frontier_rises_ever_more_slowly_past_the_valley_of_s_shapes(optimum: Optimum) -> None:
    worth = [point["worth"] for point in optimum.document["frontier"]]
    assert worth == sorted(worth)
    spends = [point["spent"] for point in optimum.document["frontier"]]
    assert spends[:2] == pytest.approx([4e3, 18e3], rel=1e-6)
    assert spends[2] < 32e3  # all of it would cost more than it brings


def test_where_the_optimum_is_stated_no_better_is_found(optimum: Optimum, field: Scenario) -> None:
    best = replace(field, allocations={**field.allocations, "best": optimum.allocation})
    found = optimize(best, budget="16k").document
    assert found["best_stated"]["allocation"] == "best"
    assert found["best_stated"]["improves"] is False
    assert abs(found["best_stated"]["gain"]["mean"]) < 0.01
    assert found["improves"] is True  # against today


def test_without_a_budget_money_is_spent_up_to_where_it_gains_nothing(field: Scenario) -> None:
    found = optimize(field, budget="unlimited", fix=["extras"]).document
    assert found["budget"] is None
    for row in found["items"]:
        assert row["optimum"] > 0
        assert abs(row["marginal_value"]) < 0.02
    assert found["kept"] == {}


def test_limits_are_kept_and_named_where_they_bind(field: Scenario) -> None:
    found = optimize(
        field, budget="16k", bound=["advisers.affluent=:8k"], fix=["care.leaving=1k"],
        constraint=["extras.affluent <= 50% advisers.affluent"],
    ).document  # fmt: skip
    amounts = spent(found)
    assert amounts["advisers.affluent"] == 8e3
    assert amounts["care.leaving"] == 1e3
    assert amounts["extras.affluent"] <= 4e3 + 1e-6
    bounds = {row["lever"]: row["bound"] for row in found["items"] if row["segment"] == "affluent"}
    assert bounds["advisers"] == "high"
    plain = optimize(field, budget="16k", constraint=["care = 1k", "advisers.affluent + extras <= 8k"]).document
    assert sum(spent(plain).values()) == pytest.approx(9e3)
    assert {each["limit"] for each in plain["binding"]} == {"care = 1k", "advisers.affluent + extras <= 8k"}


def test_an_initiative_is_in_where_it_pays_and_out_where_not(field: Scenario, tmp_path: Path) -> None:
    optimum = optimize(field, budget="12k", initiative=["all"])
    assert optimum.document["initiatives"] == {
        "dear": {"reference": False, "optimum": False}, "portal": {"reference": False, "optimum": True},
    }  # fmt: skip
    field_file(tmp_path)
    (tmp_path / "best.yaml").write_text(text(optimum, "field.yaml"), encoding="utf-8")
    assert load_scenario(tmp_path / "best.yaml").allocations["optimum"] == optimum.allocation


def test_phases_may_differ_and_are_worth_at_least_as_much_as_one(field: Scenario, tmp_path: Path) -> None:
    one = optimize(field, budget="16k", fix=["extras"]).document
    optimum = optimize(field, budget="16k", fix=["extras"], phases="2026,2028")
    assert [row["from"] for row in optimum.document["items"]] == ["2026", "2028"] * 2
    assert optimum.document["worth"] > one["worth"]
    assert max(optimum.document["spent"]) <= 16e3 + 1e-6
    field_file(tmp_path)
    (tmp_path / "best.yaml").write_text(text(optimum, "field.yaml"), encoding="utf-8")
    assert load_scenario(tmp_path / "best.yaml").allocations["optimum"] == optimum.allocation


@pytest.mark.parametrize("objective", ["maximin", "regret"])
def test_over_all_moves_no_split_of_a_grid_is_better(objective: str, field: Scenario) -> None:
    optimum = optimize(field, budget="12k", objective=objective)
    means = outcomes_of(optimum, "quiet", "price_cut").of(splits(12e3, 2e3)).mean(axis=2)
    less = np.zeros(2) if objective == "maximin" else means.max(axis=0)
    assert optimum.document["worth"] >= (means - less).min(axis=1).max() - (0 if objective == "maximin" else 1.0)
    assert optimum.document["moves"] is None


def test_the_worst_part_of_likely_moves_is_the_worst_move(field: Scenario) -> None:
    """Where nothing else is random: the mean of the worst 40 % is that under the move that comes in half of them."""
    tail = optimize(
        field, budget="12k", objective="shortfall", level="40%", probabilities="quiet=50%,price_cut=50%"
    ).document
    worst = optimize(field, budget="12k", objective="maximin").document
    assert tail["worth"] == pytest.approx(worst["worth"], rel=1e-5)
    json.dumps(tail, allow_nan=False)


def test_what_a_board_spends_counts_where_its_lever_is_not_decided(field: Scenario, tmp_path: Path) -> None:
    (tmp_path / "board.yaml").write_text(
        f"extends: {field.source.files[0]}\n"
        "allocations: {reviewed: {board: {budget: 6k, lever: advisers, by: revenue, every: 1}}}\n",
        encoding="utf-8",
    )
    board = load_scenario(tmp_path / "board.yaml")
    found = optimize(board, budget="8k", like="reviewed", fix=["advisers"]).document
    assert found["kept"]["advisers.affluent"] == {"reference": 5e3, "optimum": 5e3}  # until the board meets
    assert found["spent"][0] <= 8e3 + 1e-6
    assert sum(spent(found).values()) == pytest.approx(2e3)  # and 6k is the board's


def test_what_the_reference_spends_is_its_own_where_other_spend_is_kept(field: Scenario, tmp_path: Path) -> None:
    """And what a board of the reference spends is not lost."""
    found = optimize(field, budget="14k", like="advice", fix=["advisers"]).document
    assert found["kept"] == {"advisers.affluent": {"reference": 5e3, "optimum": 9e3}}
    assert found["reference_spent"] == [5e3]
    (tmp_path / "board.yaml").write_text(
        f"extends: {field.source.files[0]}\n"
        "allocations: {reviewed: {board: {budget: 6k, lever: extras, by: revenue, every: 1}}}\n",
        encoding="utf-8",
    )
    found = optimize(load_scenario(tmp_path / "board.yaml"), budget="14k", to="reviewed").document
    assert found["kept"] == {"extras.board": {"reference": 6e3, "optimum": 0.0}}
    assert found["reference_spent"] == [11e3]
