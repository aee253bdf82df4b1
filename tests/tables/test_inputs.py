"""Draws of uncertain inputs against SciPy's distributions and the correlations that are stated."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from simengine.scenario import Scenario, load_scenario
from simengine.scenario.with_values import with_values
from simengine.tables.inputs import block_size, input_quantile, inputs_at, inputs_of, pearson_of
from simengine.tables.layout import Floats
from tests.scenario.test_northbank import PATH as NORTHBANK

LAWS = {  # path: (distribution, the same in SciPy)
    "company.discount_rate": ("{discrete: {values: [8%, 10%, 9%], weights: [1, 1, 2]}}", None),
    "levers.advisers.carry_over": ("{beta: {alpha: 7, beta: 3, most: 0.9}}", stats.beta(7, 3, 0, 0.9)),
    "moves.price_war.1.change.price": ("{triangular: [-20%, -12%, -5%]}", stats.triang(8 / 15, -0.2, 0.15)),
    "segments.affluent.churn": ("{pert: [5%, 7%, 12%]}", stats.beta(1 + 8 / 7, 1 + 20 / 7, 0.05, 0.07)),
    "segments.affluent.margin": ("{normal: [60%, 4%], max: 63%}", stats.truncnorm(-np.inf, 0.75, 0.6, 0.04)),
    "segments.affluent.price_sensitivity": ("{normal: [3, 0.4]}", stats.norm(3, 0.4)),
    "segments.mass.churn": (
        "{lognormal: {mean: 6%, cv: 0.2}}",
        stats.lognorm(np.sqrt(np.log(1.04)), scale=0.06 / np.sqrt(1.04)),
    ),
    "segments.mass.size": ("{uniform: [400k, 440k]}", stats.uniform(4e5, 4e4)),
}
CORRELATIONS = "{segments.affluent.churn: {segments.mass.churn: 0.6, segments.affluent.margin: -0.4}}"


@cache
def uncertain(inputs: str = "independent", seed: int = 7) -> Scenario:
    texts = [f'uncertain."{path}"={law}' for path, (law, _) in LAWS.items()]
    texts.append(f"uncertain.correlations={CORRELATIONS}")
    return load_scenario(NORTHBANK, settings=texts, simulation={"inputs": inputs, "seed": seed})


@cache
def drawn() -> Floats:
    return inputs_of(uncertain(), 0, 4000)


def test_paths_are_in_order() -> None:
    assert uncertain().uncertain.paths == tuple(sorted(LAWS))


@pytest.mark.parametrize("path", [path for path, (_, law) in LAWS.items() if law])
def test_draws_have_the_distribution_that_is_stated(path: str) -> None:
    """Kolmogorov and Smirnov's test; one in 10,000 sets of draws would fail it."""
    values = drawn()[:, uncertain().uncertain.paths.index(path)]
    assert stats.kstest(values, LAWS[path][1].cdf).pvalue > 1e-4


@pytest.mark.parametrize("path", [path for path, (_, law) in LAWS.items() if law])
def test_quantiles_are_scipys(path: str) -> None:
    for u in (0.001, 0.1, 0.5, 0.77, 0.999):
        whole = path.endswith("size")
        assert input_quantile(uncertain(), path, u) == pytest.approx(
            LAWS[path][1].ppf(u), rel=1e-9, abs=0.5 if whole else 0
        )


def test_values_with_weights_come_as_often() -> None:
    """Four standard errors."""
    values, counts = np.unique(drawn()[:, 0], return_counts=True)
    assert values.tolist() == [0.08, 0.09, 0.10]
    assert counts / 4000 == pytest.approx([0.25, 0.5, 0.25], abs=4 * 0.5 / 4000**0.5)


def test_rank_correlations_are_those_stated() -> None:
    """Spearman's, within four standard errors (about 1 / sqrt(n)); others have none."""
    paths = uncertain().uncertain.paths
    found = stats.spearmanr(drawn()).statistic
    expected = np.eye(len(paths))
    for other, rank in (("segments.mass.churn", 0.6), ("segments.affluent.margin", -0.4)):
        i, j = paths.index("segments.affluent.churn"), paths.index(other)
        expected[i, j] = expected[j, i] = rank
    assert np.abs(found - expected).max() < 4 / 4000**0.5
    assert pearson_of(1.0) == pytest.approx(1.0, abs=1e-15)
    assert pearson_of(0.5) == pytest.approx(2 * np.sin(np.pi / 12), abs=1e-15)


@pytest.mark.parametrize("inputs", ["independent", "sobol", "antithetic"])
def test_a_replication_is_the_same_whatever_else_is_drawn(inputs: str) -> None:
    scenario = uncertain(inputs)
    every = inputs_of(scenario, 0, 64)
    assert np.array_equal(inputs_of(scenario, 37, 20), every[37:57])
    assert inputs_of(scenario, 5, 0).shape == (0, len(LAWS))
    assert not np.array_equal(inputs_of(uncertain(inputs, seed=8), 0, 64), every)
    assert len(np.unique(every[:, 1])) == 64


def test_an_input_more_leaves_the_draws_of_others() -> None:
    texts = [f'uncertain."{path}"={LAWS[path][0]}' for path in ("segments.mass.size", "segments.mass.churn")]
    few = load_scenario(NORTHBANK, settings=texts, simulation={"seed": 7})
    assert np.array_equal(inputs_of(few, 0, 8)[:, 1], inputs_of(uncertain(), 0, 8)[:, -1])


def test_blocks() -> None:
    sizes = {inputs: block_size(uncertain(inputs)) for inputs in ("independent", "antithetic", "sobol")}
    assert sizes == {"independent": 1, "antithetic": 2, "sobol": 16}
    assert block_size(load_scenario(NORTHBANK, simulation={"inputs": "sobol"})) == 1  # no input to draw


def test_antithetic_pairs_are_as_far_above_the_middle_as_below() -> None:
    values = inputs_of(uncertain("antithetic"), 0, 40)
    sensitivity = values[:, uncertain().uncertain.paths.index("segments.affluent.price_sensitivity")]
    assert sensitivity[0::2] + sensitivity[1::2] == pytest.approx(6.0)


def test_every_block_of_sobol_points_covers_the_range_evenly() -> None:
    """One of 16 values in each sixteenth of the distribution, block by block, and blocks differ."""
    values = inputs_of(uncertain("sobol"), 0, 48)
    size = values[:, uncertain().uncertain.paths.index("segments.mass.size")]
    strata = np.floor((size - 4e5) / 2500).astype(int).reshape(3, 16)
    assert np.array_equal(np.sort(strata, axis=1), np.tile(np.arange(16), (3, 1)))
    assert len({tuple(row) for row in strata.tolist()}) == 3


def test_the_mean_over_blocks_has_no_bias() -> None:
    """Means of a convex function of two inputs over 400 blocks of each kind against its closed form: t within 4."""
    for inputs in ("sobol", "antithetic"):
        scenario = uncertain(inputs)
        block = block_size(scenario)
        values = inputs_of(scenario, 0, 400 * block)
        x = values[:, scenario.uncertain.paths.index("segments.affluent.price_sensitivity")]
        means = (x * x).reshape(-1, block).mean(axis=1)
        error = means.std(ddof=1) / 20
        assert abs(means.mean() - (9 + 0.16)) < 4 * error


def test_drawn_values_can_be_put_into_the_scenario() -> None:
    scenario = uncertain()
    for row in drawn()[:20].tolist():
        with_values(scenario, dict(zip(scenario.uncertain.paths, row, strict=True)))


def test_probabilities_are_turned_into_values() -> None:
    scenario = uncertain()
    middle = inputs_at(scenario, np.full((1, len(LAWS)), 0.5))
    assert middle[0].tolist() == [input_quantile(scenario, path, 0.5) for path in scenario.uncertain.paths]


def test_an_input_without_spread_is_its_mean() -> None:
    texts = ['uncertain."segments.mass.churn"={normal: [6%, 0]}', 'uncertain."segments.mass.size"={uniform: [1, 9]}']
    scenario = load_scenario(NORTHBANK, settings=texts)
    values = inputs_of(scenario, 0, 30)
    assert set(values[:, 0]) == {0.06}
    assert set(values[:, 1]) <= set(range(1, 10))  # whole customers
