"""The value map adds up, switches are the engine's, and steps of our offer are worth what the logit says."""

from __future__ import annotations

import dataclasses
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario import Scenario, load_scenario
from simengine.scenario.rules.names import RESERVED_NEEDS
from simengine.study.propositions import propositions
from simengine.study.switching import switching_of
from simengine.study.value_map import BESIDES, SegmentToday, segments_today
from tests.results.conftest import MARKET

MAP = (
    "segments.affluent.tailoring=1", "segments.affluent.word_of_mouth=0.5", "company.knowledge=40%",
    "rivals.neo.knowledge=20%", "segments.affluent.points_worth=0.8", "segments.affluent.outside_inertia=0.6",
)  # fmt: skip
ALWAYS = """\
name: Everybody reconsiders
currency: EUR
calendar: {start: 2026, step: year, periods: 3}
simulation: {mode: expected}
company: {name: One, discount_rate: 9%, shares: 100}
needs: [rate, service]
segments:
  all:
    size: 1000
    needs: {rate: 0.4, service: 0.6}
    review: always
    constants: {us: 0.3, atlas: 0.1, none: 0}
    inertia: 0
    price_sensitivity: 3
    points_worth: 0.5
    revenue: 100
    margin: 50%
offers:
  us: {price: 100, rate: 5, service: 7}
  atlas: {price: 90, rate: 6, service: 5}
allocations: {baseline: {}}
"""
RATE, SERVICE, PRICE = 0.5 * 0.4, 0.5 * 0.6, 3.0  # utility of a point of each, and of a price twice as high, lost


@pytest.fixture(scope="module")
def scenario(market: Path) -> Scenario:
    return load_scenario(market, settings=MAP, simulation={"mode": "expected"})


@pytest.fixture(scope="module")
def document(scenario: Scenario) -> dict[str, Any]:
    return propositions(scenario)


@pytest.fixture(scope="module")
def finished(scenario: Scenario) -> Run:
    return run(scenario)


@pytest.fixture(scope="module")
def today(finished: Run) -> SegmentToday:
    (found,) = segments_today(finished)
    return found


def test_parts_add_up_to_the_gap_of_utilities(document: dict[str, Any]) -> None:
    for rival in document["segments"]["affluent"]["rivals"].values():
        for gap in rival["gaps"].values():
            assert sum(gap["parts"].values()) == pytest.approx(gap["offer"], abs=1e-12)
            known = [gap["parts"][part] for part in ("rate", "service", "price", "fit")]
            assert sum(known) == pytest.approx(gap["explained"], abs=1e-12)


def test_gaps_are_those_of_the_utility_of_every_customer(document: dict[str, Any], finished: Run) -> None:
    """A slow twin: utilities customer by customer, from what the scenario states and the constants."""
    population, constants = finished.portfolio.population, finished.opening.constants[0]
    people = np.flatnonzero(population.segment == 0)
    needs = population.needs[people].astype(float)
    centre = needs.mean(axis=0)
    offers = {"us": (100, (5, 7), 0.4), "atlas": (98, (6, 5), 0.0), "neo": (90, (7, 4), 0.2)}
    share = dict(zip(finished.tables.axes.suppliers, finished.opening.shares[0], strict=True))

    def utility(name: str, weights: np.ndarray) -> float:
        price, levels, knowledge = offers[name]
        misfit = 0.5 * float(np.abs(weights - centre).sum())
        alpha = constants[finished.tables.axes.suppliers.index(name)]
        return float(alpha + 0.8 * (weights * levels).sum() - 3 * (price / 100 - 1) - (1 - knowledge) * misfit)

    for name in ("atlas", "neo"):
        gaps = document["segments"]["affluent"]["rivals"][name]["gaps"]
        each = [utility("us", weights) - utility(name, weights) for weights in needs]
        assert gaps["segment"]["offer"] == pytest.approx(float(np.mean(each)), abs=1e-5)
        assert gaps["mean_customer"]["offer"] == pytest.approx(utility("us", centre) - utility(name, centre), abs=1e-5)
        assert gaps["mean_customer"]["parts"]["fit"] == 0.0
        assert gaps["segment"]["parts"]["price"] == pytest.approx(-3 * (100 - offers[name][0]) / 100, abs=1e-5)
        talk = 0.5 * (share["us"] - share[name])
        assert gaps["segment"]["parts"]["word_of_mouth"] == pytest.approx(talk, abs=1e-12)


def require_the_engines(flows: np.ndarray, finished: Run) -> None:
    """Gross joins and leaves of the first year, of the first segment while nobody acts."""
    ledger, cell = finished.ledger, finished.tables.axes.cells.index(("baseline", "quiet"))
    for total, found in ((ledger.joins, flows.sum(axis=0)), (ledger.leaves, flows.sum(axis=1))):
        np.testing.assert_allclose(found, total[cell, 0, :4, 0].sum(axis=(0, 2)) / ledger.count_scale, rtol=1e-4)


def test_switches_of_a_year_are_those_of_the_engine(today: SegmentToday, finished: Run) -> None:
    flows = switching_of(today).flows
    require_the_engines(flows, finished)
    np.testing.assert_allclose(flows.sum(axis=0), flows.sum(axis=1), rtol=1e-4)  # nothing moves while nobody acts


def test_at_rest_as_many_come_as_leave_and_they_are_alike(document: dict[str, Any], today: SegmentToday) -> None:
    """Detailed balance: a logit with inertia towards the present supplier is reversible, customer by customer."""
    switching = switching_of(today)
    np.testing.assert_allclose(switching.flows, switching.flows.T, rtol=1e-6)
    np.testing.assert_allclose(switching.features, switching.features.swapaxes(0, 1), rtol=1e-6)
    moved = document["segments"]["affluent"]["switching"]["atlas"]
    assert moved["won_because"][0]["part"] == "service"
    lost = [reason["part"] for reason in moved["lost_because"]]
    assert lost
    assert "service" not in lost


def test_the_cell_that_steps_start_from_is_the_runs_own(document: dict[str, Any], finished: Run) -> None:
    cell = finished.tables.axes.cells.index(("baseline", "quiet"))
    assert document["value_per_share"] == finished.valuation.value_per_share[cell].mean()


def test_customers_who_move_between_need_states_are_where_the_engine_has_them(market: Path) -> None:
    """Its own law of moving on, so that a year's joins and leaves are the engine's; parts still add up."""
    young = "{needs: {rate: 0.7, service: 0.3}, next: {old: 20%}}"
    old = "{needs: {rate: 0.3, service: 0.7}, next: {young: 10%}}"
    settings = (*MAP, f"segments.affluent.need_states={{young: {young}, old: {old}}}")
    scenario = load_scenario(market, settings=settings, simulation={"mode": "expected"})
    finished = run(scenario)
    (today,) = segments_today(finished)
    require_the_engines(switching_of(today).flows, finished)
    assert today.customers()[0] == pytest.approx(102, rel=1e-6)
    for rival in propositions(scenario)["segments"]["affluent"]["rivals"].values():
        for gap in rival["gaps"].values():
            assert sum(gap["parts"].values()) == pytest.approx(gap["offer"], abs=1e-12)


@pytest.fixture(scope="module")
def always(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("always") / "always.yaml"
    path.write_text(ALWAYS)
    return load_scenario(path)


def share(utility: float) -> float:
    """Of us, by the logit; `utility` is what is added to our offer."""
    us = exp(0.3 + 5 * RATE + 7 * SERVICE + utility)
    atlas = exp(0.1 + 6 * RATE + 5 * SERVICE + PRICE * 0.1)
    return us / (us + atlas + 1.0)


@pytest.mark.parametrize(("target", "worth"), [("rate", RATE), ("service", SERVICE), ("price", -PRICE * 0.01)])
def test_steps_move_shares_as_the_logit_does(always: Scenario, target: str, worth: float) -> None:
    """Without inertia, where everybody reviews in each period, the share is the logit's; so is its derivative, theta x
    weight x share (1 - share) a point."""
    (segment,) = propositions(always)["segments"].values()
    assert segment["share"] == pytest.approx(share(0.0), abs=1e-6)
    assert segment["sensitivity"][target]["share_end"] == pytest.approx(share(worth) - share(0.0), abs=1e-6)
    step = 0.01
    (small,) = propositions(always, point=step, per_cent=step * 0.01)["segments"].values()
    derivative = worth * share(0.0) * (1.0 - share(0.0))
    assert small["sensitivity"][target]["share_end"] / step == pytest.approx(derivative, rel=3e-3)


def test_what_a_point_is_worth_is_what_a_lever_that_adds_it_is_worth(market: Path, document: dict[str, Any]) -> None:
    """The other way to ask: a lever that adds one point at once, for next to nothing."""
    lever = "{target: service, response: {hill: {max: 1, half: 1e-6, shape: 1}}}"
    gift = (f"levers.gift={lever}", "allocations.given={gift: {affluent: 1}}")
    finished = run(load_scenario(market, settings=(*MAP, *gift), simulation={"mode": "expected"}))
    cells = finished.tables.axes.cells
    value = finished.valuation.mean_money(finished.valuation.segments)[:, 0] / 1000
    added = value[cells.index(("given", "quiet"))] - value[cells.index(("baseline", "quiet"))]
    found = document["segments"]["affluent"]["sensitivity"]["service"]
    assert found["value_per_share"] == pytest.approx(float(added), rel=1e-2)
    assert not found["limited"]


def test_a_level_that_cannot_rise_by_a_point_is_marked(always: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "always.yaml"
    path.write_text(ALWAYS.replace("service: 7", "service: 9.5"))
    (segment,) = propositions(load_scenario(path))["segments"].values()
    assert segment["sensitivity"]["service"]["limited"]
    assert segment["sensitivity"]["service"]["step"] == pytest.approx(0.5)
    assert not segment["sensitivity"]["rate"]["limited"]


def test_with_luck_of_the_market_a_steps_worth_has_a_standard_error(market: Path, document: dict[str, Any]) -> None:
    """Paired: the same luck in both cells, so that little of it is left in their difference."""
    luck = "market={volatility: 0.1, persistence: 60%}"
    lucky = propositions(load_scenario(market, settings=(*MAP, luck), simulation={"replications": 4}))
    assert (document["replications"], lucky["replications"]) == (1, 4)
    for target in ("rate", "service", "price"):
        assert document["segments"]["affluent"]["sensitivity"][target]["standard_error"] is None
        found = lucky["segments"]["affluent"]["sensitivity"][target]
        assert 0.0 < found["standard_error"] < 0.1 * abs(found["value_per_share"]) + 0.05


def test_allocations_may_be_called_as_steps_are(always: Scenario) -> None:
    name = "service + a step"
    named = dataclasses.replace(always, allocations={name: always.allocations["baseline"]})
    assert propositions(named)["segments"] == propositions(always)["segments"]


def test_offers_that_are_alike_are_equal(always: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "always.yaml"
    path.write_text(ALWAYS.replace("price: 90, rate: 6, service: 5", "price: 100, rate: 5, service: 7"))
    (segment,) = propositions(load_scenario(path))["segments"].values()
    assert segment["verdict"]["offer"] == "equal"


def test_no_need_may_be_called_as_another_part_of_a_gap_is() -> None:
    """Parts are found by their names."""
    assert set(BESIDES) <= RESERVED_NEEDS


def test_verdicts_follow_from_what_is_known(document: dict[str, Any]) -> None:
    verdict = document["segments"]["affluent"]["verdict"]
    rivals = document["segments"]["affluent"]["rivals"]
    explained = {name: rival["gaps"]["segment"]["explained"] for name, rival in rivals.items()}
    assert verdict["superior_to"] == [name for name, gap in explained.items() if gap > 0]
    assert verdict["better_on"]["atlas"] == ["service", "fit"]
    assert verdict["worse_on"]["atlas"] == ["rate", "price"]
    assert verdict["profitable"] == (document["segments"]["affluent"]["economic_profit_per_customer"] > 0)


def test_segments_without_offers_are_told(document: dict[str, Any]) -> None:
    assert list(document["without_offers"]) == ["leaving"]
    assert document["without_offers"]["leaving"]["our_customers"] == 150
    assert "leaving" in MARKET
