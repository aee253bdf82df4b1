"""Amounts that no fixed point could hold beside the customers' revenue: told where they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.results.check import check
from simengine.results.run import run
from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.problems import Problem
from tests.results.conftest import MARKET

RISES = ", ".join(["{at: 2026-Q2, change: {cost: 1000%}}"] * 18)

AMOUNTS = {  # what is changed, and where it is told
    "acquisition": (("{money: 240,", "{money: 1e15,"), "segments.affluent.acquisition_cost.money"),
    "serving": (("cost: 11}", "cost: 1e15}"), "segments.affluent.cost_to_serve.branch.cost"),
    "capital of a customer": (("capital: 100", "capital: 1e17"), "segments.leaving.capital"),
    "capital of revenue": (("12% of revenue", "1e15 of revenue"), "segments.affluent.capital"),
    "spend": (("{affluent: 40k}", "{affluent: 1e17}"), "allocations.advice.advisers.affluent"),
    "spend today": (("{affluent: 5k}", "{affluent: 1e18}"), "levers.advisers.today.affluent"),
    "an initiative": (
        ("  advice: {adv", "  dear: {initiatives: {a: {duration: 1, cost: 1e16}}}\n  advice: {adv"),
        "allocations.dear.initiatives.a.cost",
    ),
    "growth": (
        ("{method: fade, years: 5}", "{method: perpetuity, growth: 8.99999999999999%}"),
        "company.residual.growth",
    ),
    "costs that rise": (("moves:\n", f"moves:\n  dear: [{RISES}]\n"), "moves.dear.18.change.cost"),
}


def problems(folder: Path, old: str, new: str, work: object = run) -> tuple[Problem, ...]:
    assert MARKET.count(old) == 1
    path = folder / "market.yaml"
    path.write_text(MARKET.replace(old, new))
    assert callable(work)
    with pytest.raises(ScenarioError) as refused:
        work(load_scenario(path, simulation={"mode": "expected", "customer_values": False}))
    return refused.value.problems


@pytest.mark.parametrize("amount", AMOUNTS)
def test_the_amount_to_blame_is_named(amount: str, tmp_path: Path) -> None:
    (old, new), place = AMOUNTS[amount]
    (problem,) = problems(tmp_path, old, new)
    assert problem.place == place
    assert problem.found
    assert "proportion" in problem.expected or "below the discount rate" in problem.expected


def test_check_tells_it_as_run_does(tmp_path: Path) -> None:
    (old, new), place = AMOUNTS["acquisition"]
    told, checked = problems(tmp_path, old, new), problems(tmp_path, old, new, check)
    assert told == checked
    assert [problem.place for problem in told] == [place]


def test_other_overflows_are_not_told_as_amounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def overflow(*_: object) -> None:
        raise OverflowError("an engine's own")

    monkeypatch.setattr("simengine.results.simulation.simulate", overflow)
    path = tmp_path / "market.yaml"
    path.write_text(MARKET)
    with pytest.raises(OverflowError, match="own"):
        run(load_scenario(path))


def test_as_much_as_fits_is_simulated(tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(MARKET.replace("{money: 240,", "{money: 1M,"))
    done = run(load_scenario(path, simulation={"mode": "expected", "customer_values": False}))
    assert [warning.place for warning in done.warnings] == ["company.net_debt", "allocations.same"]


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_more_customers_than_can_be_drawn_are_told_at_their_size(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "market.yaml"
    path.write_text(MARKET.replace("size: 300", "size: 1e15"))
    with pytest.raises(ScenarioError) as refused:
        run(load_scenario(path, simulation={"mode": mode}))
    (problem,) = refused.value.problems
    assert problem.place == "segments.affluent.size"
    assert problem.expected.startswith("at most 100,000,000 customers")
