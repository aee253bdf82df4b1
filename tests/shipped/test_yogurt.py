"""The scenario `yogurt`: what it states is what the panel says, and its markets move as the panel's households did."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from xarray import DataArray

import simengine
from simengine.calibration.choice_estimate import ChoiceEstimate, estimate_choices
from simengine.calibration.choice_panel import LAST, PRICE, constant_of
from simengine.calibration.choice_panel_file import read_choice_panel
from simengine.results.run import Run
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment

SCENARIOS = Path(__file__).parents[2] / "scenarios"
COLUMNS = {"customer": "id", "choice": "choice", "price": "price.*", "feature": "feat.*"}
SUPPLIERS = {"us": "dannon", "hiland": "hiland", "weight": "weight", "yoplait": "yoplait"}


@pytest.fixture(scope="module")
def estimate() -> ChoiceEstimate:
    return estimate_choices(read_choice_panel(SCENARIOS / "data" / "yogurt.csv", COLUMNS), "dannon")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return simengine.load(SCENARIOS / "yogurt.yaml")


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simengine.run(scenario)


def share(run: Run, allocation: str, move: str, supplier: str = "us") -> DataArray:
    """[period] of the market."""
    customers = run.dataset.customers.sel(allocation=allocation, move=move).sum(("presence", "segment"))
    return (customers.sel(supplier=supplier) / customers.sum("supplier")).squeeze("replication")


def value(run: Run, allocation: str, move: str) -> float:
    """Of a share, against baseline under the same move."""
    values = run.dataset.value_per_share.squeeze("replication").sel(move=move)
    return float(values.sel(allocation=allocation) - values.sel(allocation="baseline"))


def test_what_is_stated_is_what_the_panel_says(scenario: Scenario, estimate: ChoiceEstimate) -> None:
    segment = scenario.segments["households"]
    assert isinstance(segment, ChoiceSegment)
    assert segment.constants is not None
    ours = scenario.offers["us"].price
    assert segment.inertia == pytest.approx(estimate.fit.at(LAST), rel=1e-9)
    assert segment.price_sensitivity == pytest.approx(-estimate.fit.at(PRICE) * ours, rel=1e-9)
    assert segment.points_worth == pytest.approx(estimate.fit.at("feature") / 10, rel=1e-9)
    for supplier, brand in SUPPLIERS.items():
        j = estimate.panel.alternatives.index(brand)
        constant = 0.0 if supplier == "us" else estimate.fit.at(constant_of(brand))
        assert segment.constants[supplier] == pytest.approx(constant, rel=1e-9)
        assert scenario.offers[supplier].price == pytest.approx(estimate.offer[j, 0], rel=1e-9)
        assert scenario.offers[supplier].levels["feature"] == pytest.approx(10 * estimate.offer[j, 1], rel=1e-9)


def test_shares_and_what_is_bought_again_are_near_those_observed(run: Run, estimate: ChoiceEstimate) -> None:
    """Under mean prices, where the panel's moved: within 3 points of the market, and of our customers a purchase."""
    observed = np.bincount(estimate.panel.chosen[estimate.panel.ordinal > 0], minlength=4) / estimate.used
    for supplier, brand in SUPPLIERS.items():
        j = estimate.panel.alternatives.index(brand)
        today = float(share(run, "baseline", "quiet", supplier)[0])
        assert today == pytest.approx(estimate.shares[j], abs=1e-6)
        assert today == pytest.approx(observed[j], abs=0.03)
    dataset = run.dataset.sel(allocation="baseline", move="quiet", supplier="us").sum(("presence", "segment"))
    leaving = (dataset.leaves / dataset.customers).squeeze("replication")
    bought_again = estimate.switching[0, 0] / estimate.switching[0].sum()
    assert 1 - float(leaving[0]) == pytest.approx(estimate.kept[0], abs=1e-5)
    assert 1 - float(leaving[0]) == pytest.approx(bought_again, abs=0.03)


def test_a_cut_of_yoplait_s_price_does_what_the_calibrated_elasticities_say(run: Run, estimate: ChoiceEstimate) -> None:
    """After years of it the change of shares in logarithms, between the elasticities at both ends of the cut."""
    k = estimate.panel.alternatives.index("yoplait")
    end = share(run, "baseline", "yoplait_cuts")[-1] / share(run, "baseline", "quiet")[-1]
    assert estimate.long_run_elasticity is not None
    arc = float(np.log(end)) / np.log(0.9)
    assert 0.9 * estimate.long_run_elasticity[0, k] < arc < 1.4 * estimate.long_run_elasticity[0, k]
    first = int(np.flatnonzero(np.array(run.scenario.calendar.labels) == "2027-04")[0])
    one = share(run, "baseline", "yoplait_cuts")[first] / share(run, "baseline", "quiet")[first]
    assert estimate.elasticity is not None
    assert 0.6 < float(np.log(one)) / np.log(0.9) / estimate.elasticity[0, k] < 1.4


def test_a_lower_price_wins_slowly_and_a_promotion_leaves_little_behind(run: Run) -> None:
    won = share(run, "lower_price", "quiet") - share(run, "baseline", "quiet")
    assert 0 < float(won[0]) < 0.3 * float(won[-1])
    assert (won.diff("period") > -1e-7).all()
    promoted = share(run, "promotion", "quiet") - share(run, "baseline", "quiet")
    assert int(promoted.argmax("period")) == 2
    assert 0 < float(promoted[14]) < 0.1 * float(promoted[2])
    for move in ("quiet", "yoplait_promotes", "yoplait_cuts"):
        assert value(run, "lower_price", move) > 0


def test_a_rival_that_answers_turns_the_sign(run: Run) -> None:
    assert value(run, "lower_price", "quiet") > 0 > value(run, "lower_price", "yoplait_answers")
    assert value(run, "promotion", "quiet") > 0 > value(run, "promotion", "yoplait_answers")
    assert value(run, "more_features", "yoplait_answers") == value(run, "more_features", "quiet")  # nothing to answer
