"""Luck whose mean is known: that mean is 0 once it is taken off, and it is the luck that a run sees."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.arithmetic import student_t_quantile
from simengine.results.run import Run
from simengine.scenario.distribution import LognormalNumber, MeanAndVariation, Triangular, Uniform
from simengine.scenario.model import Scenario
from simengine.study.compare.adjusted import Adjustment
from simengine.study.compare.controls import LEAST_DRAWS, Luck, mean_of
from simengine.tables.inputs import inputs_of
from simengine.tables.uncertain import quantiles
from tests.properties.worlds import living_market, market, opened

REPLICATIONS = 4000
COMES = [
    {"who": "neo", "arrival": 0.6, "lasts": 3, "repeat": "repeatedly", "change": {"service": 1}},
    {"who": "atlas", "arrival": 0.3, "change": {"service": 1}, "size": {"triangular": [0.5, 1, 1.5]}},
    {"at": "2026-Q2", "change": {"review": 0.2}, "size": {"lognormal": {"mean": 1, "cv": 0.5}}},
]  # fmt: skip


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Shocks, drifting needs, moves that come of themselves, uncertain sizes and durations."""
    document = living_market()
    document["moves"]["comes"] = COMES
    return opened(document)[0]


@pytest.mark.parametrize("move", ["quiet", "comes"])
def test_the_mean_of_luck_is_known(scenario: Scenario, move: str) -> None:
    """Over 4,000 replications none of some dozens of means lies further from 0 than 4 of its standard errors (by chance
    in one of some hundred such tests)."""
    controls = Luck(scenario, REPLICATIONS).controls(move, ["build", "grow"])
    varying = [each for each in controls if each.std() > 0.0]
    assert len(varying) > 20
    for each in varying:
        assert abs(each.mean()) < 4 * each.std() / np.sqrt(REPLICATIONS)
    assert all(abs(each).max() < 1e-12 for each in controls if each.std() == 0.0)


def test_allocations_bring_the_durations_of_their_initiatives(scenario: Scenario) -> None:
    luck = Luck(scenario, 40)
    assert len(luck.controls("quiet", ["build"])) == len(luck.controls("quiet", [])) + 2  # a third lasts for certain


def test_a_move_comes_when_the_run_says_it_came(lucky: Run) -> None:
    """The first time that it holds, replication by replication."""
    (change,) = lucky.scenario.moves["may_come"]
    assert change.arrival is not None
    held = Luck(lucky.scenario, 40)._held(change, change.arrival)
    start = lucky.dataset["move_start"].sel(allocation="advice").to_numpy()[0]
    np.testing.assert_array_equal(held.sum(axis=1), np.nan_to_num(8 - start, nan=0.0))


@pytest.mark.parametrize(
    "number",
    [
        Triangular(triangular=(1, 2, 6)),
        Uniform(uniform=(0.5, 1.5)),
        LognormalNumber(lognormal=MeanAndVariation(mean=6, cv=0.4)),
    ],
)
def test_the_mean_of_an_uncertain_number_is_that_of_its_quantiles(number: Triangular) -> None:
    even = (np.arange(20_000) + 0.5) / 20_000
    assert mean_of(number) == pytest.approx(float(quantiles(number, even).mean()), rel=1e-4)


def with_uncertain(inputs: str, replications: int) -> Scenario:
    """Three uncertain inputs, two of them correlated, in a market without luck of its own."""
    document = market(mode="expected", replications=replications)
    document["simulation"]["inputs"] = inputs
    churn, review = "segments.affluent.churn", "segments.affluent.review"
    document["uncertain"] = {
        churn: {"normal": [0.17, 0.01]},
        review: {"uniform": [0.5, 0.7]},
        "segments.affluent.price_sensitivity": {"lognormal": {"mean": 3, "cv": 0.3}},
        "correlations": {churn: {review: 0.6}},
    }
    return opened(document)[0]


@pytest.mark.parametrize(("bend", "chance"), [(4.0, 0.3), (1.0, 0.0)], ids=["with chance", "by inputs alone"])
def test_differences_sharpened_by_uncertain_inputs_are_covered_and_without_bias(bend: float, chance: float) -> None:
    """1,200 studies of 100 draws of correlated inputs and a difference that depends on them in straight lines, in a
    bend and perhaps by chance: 95 % covered but for 3 standard errors of that share and a point for the bend, the mean
    error within 3 of its own, intervals less than half as wide as without."""
    studies, draws = 1200, LEAST_DRAWS
    scenario = with_uncertain("independent", draws)
    names = [path.rpartition(".")[2] for path in scenario.uncertain.paths]
    drawn = dict(zip(names, inputs_of(scenario, 0, studies * draws).T, strict=True))
    outcomes = 100.0 * drawn["churn"] - 20.0 * drawn["review"] + bend * drawn["price_sensitivity"]
    outcomes = outcomes + chance * np.random.default_rng(1).normal(size=studies * draws)
    mean = 100.0 * 0.17 - 20.0 * 0.6 + bend * 3.0
    controls = np.array(Luck(scenario, studies * draws).controls("quiet", []))
    controls = controls[controls.std(axis=1) > 0.0]
    assert len(controls) == 3
    errors, halves, plain = np.empty((3, studies))
    for n in range(studies):
        own = slice(n * draws, (n + 1) * draws)
        adjustment = Adjustment(list(controls[:, own]), draws)
        found = adjustment.of(outcomes[own])
        degrees = draws - 1 - adjustment.controls
        errors[n] = found.mean() - mean
        halves[n] = student_t_quantile(0.975, degrees) * found.std(ddof=1) / np.sqrt(draws)
        plain[n] = student_t_quantile(0.975, draws - 1) * outcomes[own].std(ddof=1) / np.sqrt(draws)
    assert abs(errors.mean()) < 3 * errors.std() / np.sqrt(studies)
    assert (abs(errors) <= halves).mean() > 0.95 - 3 * np.sqrt(0.05 * 0.95 / studies) - 0.01
    assert halves.mean() < 0.5 * plain.mean()


@pytest.mark.parametrize(("inputs", "draws"), [("sobol", 128), ("antithetic", 128), ("independent", LEAST_DRAWS - 1)])
def test_inputs_drawn_in_blocks_or_seldom_are_no_controls(inputs: str, draws: int) -> None:
    luck = Luck(with_uncertain(inputs, draws), draws)
    assert not luck.inputs
    assert not [each for each in luck.controls("quiet", []) if each.any()]
