"""Where a function of uncertain inputs is evaluated to say which of them its variance is due to: Saltelli's design, in
blocks that are scrambled apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.cholesky import cholesky

Floats = NDArray[np.float64]

BLOCKS = 16  # each with a scramble of its own: the unit of every error
FEWEST = 4 * BLOCKS  # base samples
JOINT = [0, -1]  # the rows of a base sample that are draws of all inputs: A's and B's


@dataclass(frozen=True)
class Design:
    """Probabilities of inputs, and which rows differ from which others in one input alone.

    Of every base sample there is a row of the first matrix (A), one for each input in which that input alone is of the
    second matrix (B), one for each correlated input in which that input is of A and the others are of B, and B's own.
    Where inputs are correlated, what changes is drawn given what stays (Kucherenko, Tarantola & Annoni 2012,
    doi:10.1016/j.cpc.2011.12.020): every row has the joint distribution.
    """

    probabilities: Floats  # [N, rows, n]
    correlated: tuple[int, ...]  # inputs, in the order of their rows

    @property
    def rows(self) -> int:
        """Evaluations of each base sample."""
        return int(self.probabilities.shape[1])

    @property
    def inputs(self) -> int:
        return int(self.probabilities.shape[2])


def evaluations(samples: int, inputs: int, correlated: int = 0) -> int:
    """How many evaluations a design of so many base samples takes."""
    return samples * (inputs + correlated + 2)


def design(inputs: int, samples: int, seed: int, correlation: Floats | None = None) -> Design:
    """Saltelli's design (2002, doi:10.1016/S0010-4655(02)00280-1) on scrambled Sobol points, as SALib draws it.

    `samples`, base samples, is a power of two, at least `FEWEST`: so many in each of `BLOCKS` blocks, one after the
    other. `correlation` [n, n] is that of the normal variables of a Gaussian copula; None if inputs are independent.
    """
    from SALib.sample import sobol

    problem = {"num_vars": inputs, "names": [str(i) for i in range(inputs)], "bounds": [[0.0, 1.0]] * inputs}
    scrambles = np.random.SeedSequence(seed).spawn(BLOCKS)
    rows = [
        sobol.sample(problem, samples // BLOCKS, calc_second_order=False, seed=np.random.default_rng(scramble))
        for scramble in scrambles
    ]
    drawn = np.concatenate(rows).reshape(samples, inputs + 2, inputs)
    tiny = 2.0**-53  # a scrambled point may be 0, whose quantile is none
    drawn = np.clip(drawn, tiny, 1.0 - tiny)
    if correlation is None:
        return Design(drawn, ())
    correlated = tuple(i for i in range(inputs) if np.count_nonzero(correlation[i]) > 1)
    return Design(_correlated(drawn, correlation, correlated) if correlated else drawn, correlated)


def _correlated(drawn: Floats, correlation: Floats, correlated: tuple[int, ...]) -> Floats:
    """The rows of a design of independent inputs, and those that correlated ones need besides, as probabilities of
    inputs with the `correlation`."""
    n = drawn.shape[2]
    from scipy.special import ndtr, ndtri

    first, second = (np.asarray(ndtri(drawn[:, row])) for row in (0, -1))
    factor = cholesky(correlation)
    a, b = (np.einsum("ij,sj->si", factor, each) for each in (first, second))
    precision = np.linalg.inv(correlation)
    rows = [a]
    for i in range(n):
        others = [j for j in range(n) if j != i]
        mean = -np.einsum("j,sj->s", precision[i, others], a[:, others]) / precision[i, i]
        changed = a.copy()
        changed[:, i] = mean + second[:, i] / np.sqrt(precision[i, i])  # given all others
        rows.append(changed)
    for i in correlated:
        rows.append(b + (a[:, i] - b[:, i])[:, None] * correlation[i])  # the others, given this one
    return np.asarray(ndtr(np.stack([*rows, b], axis=1)))
