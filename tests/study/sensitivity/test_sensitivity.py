"""What a decision depends on, in small markets whose answers are known."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.results.run import run
from simengine.scenario import Scenario, load_scenario
from simengine.scenario.problems import ScenarioError
from simengine.study.sensitivity.result import Sensitivity
from simengine.study.sensitivity.sensitivity import sensitivity

LINEAR = """
extends: market.yaml
simulation: {profile_error: 0.01%}
calendar: {periods: 4}
segments: {affluent: {needs_spread: 0}}
allocations:
  same: null
  finer: {like: advice, design: {affluent: {groups: 2, cost_per_group: 100}}}
uncertain:
  company.net_debt: {normal: [10000, 3000]}
  company.other_assets: {normal: [2000, 1000]}
  allocations.finer.design.1.affluent.cost_per_group: {uniform: [0, 200]}
"""


@pytest.fixture(scope="module")
def linear(market: Path) -> Scenario:
    path = market.with_name("linear.yaml")
    path.write_text(LINEAR)
    return load_scenario(path)


@pytest.fixture(scope="module")
def found(linear: Scenario) -> Sensitivity:
    return sensitivity(linear, allocation="finer", to="advice", samples=64, threads=1)


def by_input(document: dict[str, Any]) -> dict[str, Any]:
    return {each["input"]: each for each in document["inputs"]}


def test_widths_of_money_beside_customers_are_known(found: Sensitivity) -> None:
    """1,000 shares; the tenth percentile of a normal variable is 1.28155 standard deviations below its mean."""
    inputs = by_input(found.document)
    for name, sd, sign in (("company.net_debt", 3000, -1), ("company.other_assets", 1000, 1)):
        values = inputs[name]["value_per_share"]
        for allocation in ("finer", "advice"):
            width = values["high"][allocation] - values["low"][allocation]
            assert width == pytest.approx(sign * 2 * 1.2815515655 * sd / 1000, rel=1e-6)
        assert inputs[name]["difference"]["low"] == pytest.approx(inputs[name]["difference"]["high"], abs=1e-9)
        assert inputs[name]["flips"] == []


def test_indices_of_a_sum_are_the_shares_of_its_terms(found: Sensitivity) -> None:
    indices = found.document["indices"]["value_per_share"]
    cost = found.document["spread"]["value_per_share"]["not_knowing"] ** 2
    for name, variance in (("company.net_debt", 9.0), ("company.other_assets", 1.0)):
        for kind in ("first", "total"):
            estimate = indices[name][kind]
            assert abs(estimate["value"] - variance / cost) <= 4 * estimate["standard_error"] + 1e-3
    assert cost == pytest.approx(10.0, rel=0.25)


def test_what_does_not_touch_the_difference_has_no_part_in_it(found: Sensitivity) -> None:
    document = found.document
    for name in ("company.net_debt", "company.other_assets"):
        assert document["indices"]["difference"][name]["total"]["value"] == pytest.approx(0.0, abs=1e-9)
        low, high = document["indices"]["difference"][name]["first"]["ci95"]
        assert low - 1e-9 <= 0.0 <= high + 1e-9
    only = document["indices"]["difference"]["allocations.finer.design.1.affluent.cost_per_group"]
    assert only["total"]["value"] == pytest.approx(1.0, abs=4 * only["total"]["standard_error"])
    assert document["inputs"][0]["input"] == "allocations.finer.design.1.affluent.cost_per_group"  # widest first


def test_the_ends_are_what_runs_of_these_scenarios_say(linear: Scenario, found: Sensitivity, market: Path) -> None:
    each = by_input(found.document)["company.net_debt"]
    again = load_scenario(
        market.with_name("linear.yaml"), settings=[f"company.net_debt={each['low']!r}", "uncertain=null"],
        simulation={"mode": "expected"},
    )  # fmt: skip
    finished = run(dataclasses.replace(again, allocations={k: again.allocations[k] for k in ("finer", "advice")}))
    cells = finished.tables.axes.cells
    for name, value in each["value_per_share"]["low"].items():
        equity = finished.valuation.equity[cells.index((name, "quiet")), 0]
        per_share = equity / (finished.valuation.money_scale * finished.valuation.shares)
        assert value == pytest.approx(per_share, rel=1e-6)


def test_nothing_depends_on_who_does_the_work(linear: Scenario, found: Sensitivity) -> None:
    two = sensitivity(linear, allocation="finer", to="advice", samples=0, threads=2)
    assert two.document["inputs"] == found.document["inputs"]
    np.testing.assert_array_equal(two.stated, found.stated)


def test_without_uncertain_inputs_main_numbers_are_varied_by_a_tenth(market: Path) -> None:
    document = sensitivity(load_scenario(market, settings=["allocations.same=null"]), threads=1).document
    inputs = by_input(document)
    assert {
        "company.discount_rate", "segments.affluent.churn", "segments.affluent.revenue.lognormal.mean",
        "segments.leaving.hazard.constant", "levers.advisers.response.hill.max", "offers.atlas.price",
    } <= set(inputs)  # fmt: skip
    churn = inputs["segments.affluent.churn"]
    assert (churn["low"], churn["stated"], churn["high"]) == (0.063, 0.07, 0.077)
    assert churn["words"] == {"stated": "7%", "low": "6.3%", "high": "7.7%"}
    assert document["indices"] is None
    assert document["information"] is None
    assert document["pair"]["allocation"] in document["among"]


@pytest.fixture(scope="module")
def restless(market: Path) -> Scenario:
    settings = [
        "market.volatility=0.2", "market.persistence=60%", "uncertain={company.net_debt: {normal: [10k, 3k]}}",
        "allocations.same=null", "calendar.periods=4",
    ]  # fmt: skip
    return load_scenario(market, settings=settings)


def test_a_market_with_luck_says_how_much_of_it_there_is(restless: Scenario) -> None:
    document = sensitivity(restless, to="baseline", samples=64, replications=2, threads=1).document
    assert (document["replications"], document["exact"]) == (2, False)
    assert document["spread"]["value_per_share"]["luck"] > 0
    assert document["spread"]["value_per_share"]["not_knowing"] == pytest.approx(3.0, rel=0.1)
    assert document["spread"]["difference"]["not_knowing"] == pytest.approx(0.0, abs=1e-9)


def test_one_future_of_many_is_not_exact_and_does_not_tell_luck(restless: Scenario, found: Sensitivity) -> None:
    document = sensitivity(restless, to="baseline", samples=64, replications=1, threads=1).document
    assert (document["replications"], document["exact"]) == (1, False)
    assert document["spread"]["value_per_share"]["luck"] is None
    assert found.document["exact"]
    assert found.document["spread"]["value_per_share"]["luck"] == 0.0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"ranges": ["segments.afluent.churn=5%:9%"]}, "did you mean 'affluent'?"),
        ({"ranges": ["segments.affluent.churn=5%:120%"]}, "less than 1"),
        ({"ranges": ["segments.affluent.churn=9%:5%"]}, "a low end below the high one"),
        ({"ranges": ["segments.affluent.churn=5%"]}, "PATH=LOW:HIGH"),
        ({"ranges": ["segments.affluent=1:2"]}, "found"),
        ({"ranges": ["calendar.periods=4:8"]}, "found"),
        ({"ranges": ["company.tax_rate=20%:30%", "company.tax_rate=20%:30%"]}, "one range for each input"),
        ({"samples": 100}, "write 128"),
        ({"allocation": "advise"}, "did you mean 'advice'?"),
        ({"allocation": "advice", "to": "advice"}, "another allocation"),
        ({"move": "quite"}, "did you mean 'quiet'?"),
    ],
)
def test_what_cannot_be_asked_is_told(market: Path, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        sensitivity(load_scenario(market), **asked)
    assert said in str(refusal.value)


def test_values_that_exclude_each_other_are_told_with_the_values(market: Path) -> None:
    """Of those who review 25 % of the time no more than 15 % leave in a year."""
    with pytest.raises(ScenarioError, match=r"at segments\.affluent\.churn = 0\.2"):
        sensitivity(load_scenario(market), ranges=["segments.affluent.churn=5%:20%"], threads=1)


def test_every_range_that_is_wrong_is_told(market: Path) -> None:
    with pytest.raises(ScenarioError) as refusal:
        sensitivity(load_scenario(market), ranges=["company.tax=1:2", "company.shares=-5:7"])
    assert len(refusal.value.problems) == 2


def test_one_allocation_is_no_decision(market: Path) -> None:
    scenario = load_scenario(market, settings=["allocations={baseline: {}}"])
    with pytest.raises(ScenarioError, match="two at least"):
        sensitivity(scenario)


ANSWERS = """
extends: market.yaml
levers: {advisers: {response: {hill: null, adbudg: {none: -1, today: 0, plus_half: 0.8, saturated: 2}}}}
"""


@pytest.fixture
def answers(market: Path) -> Scenario:
    path = market.with_name("answers.yaml")
    path.write_text(ANSWERS)
    return load_scenario(path, settings=["allocations.same=null"])


def test_a_change_of_the_decision_is_looked_for_where_the_scenario_can_be(answers: Scenario) -> None:
    """Five reaches beyond the range no money at all would do more than any."""
    document = sensitivity(answers, ranges=["levers.advisers.response.adbudg.none=-1.5:-0.5"], threads=1).document
    (each,) = document["inputs"]
    assert each["flips"] == []
    assert each["difference"]["low"] != each["difference"]["high"]


def test_a_range_whose_end_breaks_a_rule_is_told(answers: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"plus_half < saturated") as refusal:
        sensitivity(answers, ranges=["levers.advisers.response.adbudg.none=-1.5:0.5"], threads=1)
    assert "none = 0.5" in str(refusal.value)


def test_to_know_the_only_input_that_matters_is_to_know_all(linear: Scenario, market: Path) -> None:
    """Advice, which does not pay here, is cut or doubled; debt is no reason to choose."""
    spend = "allocations.advice.advisers.1.affluent"
    path = market.with_name("discrete.yaml")
    path.write_text(
        "extends: linear.yaml\n"
        "uncertain:\n"
        "  allocations.finer.design.1.affluent.cost_per_group: null\n"
        f"  {spend}: {{discrete: {{values: [0, 9k]}}}}\n"
    )
    study = sensitivity(load_scenario(path), allocation="advice", to="baseline", samples=64, threads=1)
    worth = study.document["information"]
    all_known = worth["of_all_inputs"]["value"]
    assert all_known > 0.0
    assert worth["by_input"][spend]["value"] == pytest.approx(all_known, rel=1e-6)
    assert worth["by_input"]["company.net_debt"]["value"] < 0.7 * all_known
