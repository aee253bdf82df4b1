"""Uncertain inputs, drawn: the value of each in every replication."""

from __future__ import annotations

import math

import numpy as np

from simengine.arithmetic import elementwise, normal_cdf, normal_quantile
from simengine.arithmetic.cholesky import cholesky
from simengine.luck import INPUT, address, uniforms
from simengine.scenario.model import Scenario
from simengine.scenario.uncertain import Uncertain
from simengine.tables.layout import Floats
from simengine.tables.uncertain import Quantile

SOBOL_BLOCK, ANTITHETIC_BLOCK = 16, 2
_MOST = 1.0 - 2.0**-53  # the probability nearest to 1


def block_size(scenario: Scenario) -> int:
    """How many replications are drawn together: 1 where no input is uncertain. Blocks are independent of each other:
    they, not replications, are what errors are judged by, and a mean without bias is over whole blocks. The first
    begins with replication 0."""
    if not scenario.uncertain.paths:
        return 1
    return {"sobol": SOBOL_BLOCK, "antithetic": ANTITHETIC_BLOCK}.get(scenario.simulation.inputs, 1)


def inputs_of(scenario: Scenario, first: int, count: int) -> Floats:
    """[count, n] the values of the uncertain inputs, in the order of their paths (`scenario.uncertain.paths`), in each
    replication from `first` on, each in the unit of its input.

    A value is a function of the seed, the path and the replication (Sobol points: of the seed, the replication and
    the place of the path among all), whatever else is drawn.
    """
    return inputs_at(scenario, _uniforms(scenario, first, count))


def inputs_at(scenario: Scenario, probabilities: Floats) -> Floats:
    """[count, n] the values of the uncertain inputs at independent probabilities [count, n], each within (0, 1): joined
    by the rank correlations of the scenario, they are those at which each input's quantile is taken."""
    joint = _correlated(scenario.uncertain, probabilities)
    values = np.empty_like(joint)
    for i, path in enumerate(scenario.uncertain.paths):
        quantile = Quantile.of(scenario, path)
        values[:, i] = [quantile(u) for u in joint[:, i].tolist()]
    return values


def input_quantile(scenario: Scenario, path: str, probability: float) -> float:
    """The value below which an uncertain input lies with a probability, in the unit of the input."""
    return Quantile.of(scenario, path)(probability)


def scores_of(scenario: Scenario, count: int) -> Floats:
    """[count, n] the independent standard normal numbers that the inputs of the replications 0, 1, ... follow from."""
    return np.asarray(elementwise.normal_quantile(_uniforms(scenario, 0, count)))


def _uniforms(scenario: Scenario, first: int, count: int) -> Floats:
    """[count, n] independent over inputs, evenly spread over (0, 1)."""
    paths, seed = scenario.uncertain.paths, scenario.simulation.seed
    drawn = np.empty((count, len(paths)))
    if not drawn.size:
        return drawn
    if scenario.simulation.inputs == "sobol":
        blocks = range(first // SOBOL_BLOCK, -(-(first + count) // SOBOL_BLOCK))
        points = np.concatenate([_sobol_block(seed, block, len(paths)) for block in blocks])
        start = first - blocks.start * SOBOL_BLOCK
        return points[start : start + count]
    if scenario.simulation.inputs == "antithetic":
        pairs = range(first // ANTITHETIC_BLOCK, -(-(first + count) // ANTITHETIC_BLOCK))
        start = first - pairs.start * ANTITHETIC_BLOCK
        for i, path in enumerate(paths):
            once = uniforms(seed, address(path), INPUT, 0, pairs.start, len(pairs))
            drawn[:, i] = np.stack([once, 1.0 - once], axis=1).ravel()[start : start + count]
        return drawn
    for i, path in enumerate(paths):
        drawn[:, i] = uniforms(seed, address(path), INPUT, 0, first, count)
    return drawn


def _sobol_block(seed: int, block: int, inputs: int) -> Floats:
    """[16, inputs] the first points of a Sobol sequence (Joe & Kuo 2008, doi:10.1137/070709359), scrambled for this
    block alone (Matousek 1998, doi:10.1006/jcom.1998.0489), at the middle of the smallest intervals told apart."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(inputs, scramble=True, rng=address(f"inputs {seed} {block}"), bits=30)
    return np.asarray(sequence.random(SOBOL_BLOCK) + 2.0**-31)


def _correlated(uncertain: Uncertain, probabilities: Floats) -> Floats:
    """Independent probabilities [count, n], joined by a Gaussian copula. Inputs without correlations keep theirs."""
    joined = sorted({path for pair in uncertain.correlations for path in pair})
    if not joined:
        return probabilities
    columns = [uncertain.paths.index(path) for path in joined]
    matrix = np.eye(len(joined))
    for (one, other), rank in uncertain.correlations.items():
        i, j = joined.index(one), joined.index(other)
        matrix[i, j] = matrix[j, i] = pearson_of(rank)
    factor = cholesky(matrix)
    own = np.array([[float(normal_quantile(u)) for u in row] for row in probabilities[:, columns].tolist()])
    own = own.reshape(len(probabilities), len(columns))
    joint = probabilities.copy()
    for i, column in enumerate(columns):
        normal = np.zeros(len(own))
        for j in range(i + 1):
            normal += factor[i, j] * own[:, j]
        if i and factor[i, :i].any():
            joint[:, column] = [min(max(float(normal_cdf(z)), 2.0**-53), _MOST) for z in normal.tolist()]
    return joint


def pearson_of(rank: float) -> float:
    """The correlation of two normal variables whose rank correlation (Spearman's) is this: 2 sin(pi rank / 6).

    Pearson 1907; see Kruskal 1958, doi:10.1080/01621459.1958.10501481. The sine by its series.
    """
    x = math.pi * rank / 6.0
    term = total = x
    for k in range(1, 12):
        term *= -x * x / (2.0 * k * (2.0 * k + 1.0))
        total += term
    return 2.0 * total
