"""Luck whose mean is known: that mean is 0 once it is taken off, and it is the luck that a run sees."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.results.run import Run
from simengine.scenario.distribution import LognormalNumber, MeanAndVariation, Triangular, Uniform
from simengine.scenario.model import Scenario
from simengine.study.compare.controls import Luck, mean_of
from simengine.tables.uncertain import quantiles
from tests.properties.worlds import living_market, opened

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
