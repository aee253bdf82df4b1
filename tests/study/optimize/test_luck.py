"""Where there is luck, what is said of an optimum comes from luck that the search has not seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simengine.results.paired import value_per_share_difference
from simengine.results.run import run
from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.model import Scenario
from simengine.study.optimize.optimize import Optimum, optimize
from simengine.study.optimize.written import text
from tests.edited import edited
from tests.study.optimize.conftest import FIELD


@pytest.fixture(scope="module")
def lucky(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("lucky") / "field.yaml"
    path.write_text(edited(FIELD, ("moves:\n", "market: {demand: {volatility: 20%}}\nmoves:\n")), encoding="utf-8")
    return load_scenario(path)


@pytest.fixture(scope="module")
def optimum(lucky: Scenario) -> Optimum:
    return optimize(lucky, budget="12k")


def test_gains_are_those_of_the_run_that_anyone_makes_and_their_intervals_too(
    optimum: Optimum, lucky: Scenario, tmp_path: Path
) -> None:
    (tmp_path / "best.yaml").write_text(text(optimum, str(lucky.source.files[0])), encoding="utf-8")
    again = run(load_scenario(tmp_path / "best.yaml"))
    cells = {cell: c for c, cell in enumerate(again.tables.axes.cells)}
    found = value_per_share_difference(again.valuation, cells["optimum", "quiet"], cells["baseline", "quiet"])
    assert optimum.document["gain"]["mean"] == found.mean
    assert tuple(optimum.document["gain"]["ci95"]) == found.ci95
    assert (optimum.document["exact"], optimum.document["replications"]) == (False, 6)


def test_the_search_looked_at_later_replications(optimum: Optimum, lucky: Scenario) -> None:
    """Its own value of the optimum is that of replications 6, 7, ..., not of those that are reported."""
    from simengine.study.optimize.outcomes import Outcomes

    x = optimum.document["items"]
    amounts = [row["optimum"] for row in x]
    early, late = (Outcomes(optimum.run, optimum.items, ("quiet",), first).of([amounts]) for first in (0, 6))  # type: ignore[list-item]
    assert float(early.mean()) == pytest.approx(optimum.document["worth"], rel=1e-12)
    assert abs(float(late.mean()) / optimum.document["worth"] - 1) > 1e-4


def test_a_limit_of_risk_that_no_split_keeps_is_told(lucky: Scenario) -> None:
    with pytest.raises(ScenarioError) as error:
        optimize(lucky, budget="12k", fix=["extras", "care"], risk_limit="9999", level="40%")
    assert "at most" in str(error.value)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("judged") / "field.yaml"
    inputs = (
        "uncertain:\n  segments.affluent.price_sensitivity: {uniform: [2, 4]}\n"
        "  levers.advisers.response.adbudg.plus_half: {triangular: [0.2, 0.4, 0.9]}\n"
        "  allocations.advice.advisers.affluent: {uniform: [8k, 10k]}\n"
    )
    path.write_text(edited(FIELD, ("moves:\n", inputs + "moves:\n")), encoding="utf-8")
    return load_scenario(path)


def test_where_inputs_are_uncertain_the_search_is_over_draws_and_the_gain_on_others(
    judged: Scenario, tmp_path: Path
) -> None:
    """What other allocations are uncertain by does not stand in the way."""
    optimum = optimize(judged, budget="12k", habits=True)
    found = optimum.document
    assert (found["exact"], found["replications"], found["search"]["stopped"]) == (False, 6, False)
    assert found["optimality"] < 0.01
    (tmp_path / "best.yaml").write_text(text(optimum, str(judged.source.files[0])), encoding="utf-8")
    again = run(load_scenario(tmp_path / "best.yaml"))
    cells = {cell: c for c, cell in enumerate(again.tables.axes.cells)}
    gained = value_per_share_difference(again.valuation, cells["optimum", "quiet"], cells["baseline", "quiet"])
    assert found["gain"] == {"to": "baseline", "mean": gained.mean, "ci95": list(gained.ci95 or ())}


def test_money_that_goes_by_an_uncertain_input_follows_it_where_it_is_kept(tmp_path: Path) -> None:
    """In the reference and in the optimum, as in the run of what is written."""
    path = tmp_path / "field.yaml"
    habitual = "  habitual: {spread: {budget: 9k, lever: extras, by: revenue}}\n"
    inputs = "uncertain: {segments.affluent.revenue: {uniform: [1000, 4400]}}\n"
    path.write_text(
        edited(FIELD, ("  advice:", habitual + "  advice:"), ("moves:\n", inputs + "moves:\n")), encoding="utf-8"
    )
    optimum = optimize(load_scenario(path), budget="20k", like="habitual", to="habitual", fix=["extras"])
    (tmp_path / "best.yaml").write_text(text(optimum, "field.yaml"), encoding="utf-8")
    again = run(load_scenario(tmp_path / "best.yaml"))
    for allocation in ("habitual", "optimum"):
        found, written = (
            each.valuation.equity[each.tables.axes.cells.index((allocation, "quiet"))] for each in (optimum.run, again)
        )
        assert (found == written).all()


def test_luck_of_another_move_gives_no_worst_outcomes(tmp_path: Path) -> None:
    path = tmp_path / "field.yaml"
    maybe = "  maybe: [{who: atlas, arrival: 25%, change: {price: -10%}}]\n"
    path.write_text(edited(FIELD, ("  price_cut:", maybe + "  price_cut:")), encoding="utf-8")
    with pytest.raises(ScenarioError, match="there are no worst outcomes"):
        optimize(load_scenario(path), budget="12k", objective="shortfall", move="quiet")


def test_gains_of_inputs_in_blocks_have_the_interval_of_the_blocks(judged: Scenario) -> None:
    simulation = judged.simulation.model_copy(update={"inputs": "antithetic", "replications": 12})
    optimum = optimize(replace(judged, simulation=simulation), budget="12k", fix=["extras"])
    run, cells = optimum.run, optimum.run.tables.axes.cells
    gained = value_per_share_difference(
        run.valuation, cells.index(("optimum", "quiet")), cells.index(("baseline", "quiet"))
    )
    assert run.valuation.block == 2
    assert tuple(optimum.document["gain"]["ci95"]) == gained.ci95
