"""Means sharpened by luck whose mean is known: control variates, by regression, without a bias by fitting.

What a replication's outcome owes to such luck is predicted by a linear regression on the other replications, so that
the prediction does not depend on the replication's own luck and its mean error is 0 whatever the true relationship is
(the splitting scheme of Avramidis & Wilson 1993, Operations Research Letters 14(4), 187-198, with one replication a
group). Each control costs a degree of freedom (Lavenberg & Welch 1981, Management Science 27(3), 322-335,
doi:10.1287/mnsc.27.3.322).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from simengine.tables.layout import Floats

LEAST = 30  # blocks: below, nothing is adjusted
BLOCKS_A_CONTROL = 3
_ALIKE = 1e-10  # of a control's variation that is left by those before it: it says nothing new
_LEVERAGE = 0.8  # a block may decide so much of its own prediction, at most


def most_controls(blocks: int) -> int:
    """How many controls so many blocks may be adjusted by: it follows from their number alone."""
    return blocks // BLOCKS_A_CONTROL if blocks >= LEAST else 0


class Adjustment:
    """By controls [R] of mean 0, as many of them as the number of blocks allows, the first ones first."""

    def __init__(self, controls: Sequence[Floats], blocks: int) -> None:
        columns = _orthonormal([np.ones(blocks), *controls], 1 + most_controls(blocks))
        self._columns = np.array([column for column, _ in columns])  # [K + 1, R]
        self.controls = len(columns) - 1
        self._kept = 1.0 - _leverage(columns)  # [R] of an own error, in the prediction from all
        self._at_mean = _weights_at_mean(columns)  # [R] the prediction where all controls are 0, of outcomes

    def of(self, outcomes: Floats) -> Floats:
        """[R] the outcomes less what luck of known mean makes of them, of the same mean; the outcomes themselves where
        there is no control."""
        if not self.controls:
            return outcomes
        error = outcomes - outcomes.mean()
        centre = outcomes - error  # a constant
        for column in self._columns:
            error = error - (column * error).sum() * column
        own = error / self._kept
        at_mean = (self._at_mean * (outcomes - centre)).sum()
        return np.asarray(centre + at_mean + (1.0 - self._at_mean) * own)


Column = tuple[Floats, float]  # orthonormal to all before; its value where every control is 0


def _orthonormal(columns: Sequence[Floats], most: int) -> list[Column]:
    """Gram and Schmidt's, twice over, of as many as `most`; without those that are combinations of others before them,
    or in which a block stands so far out that it would decide its own prediction."""
    found: list[Column] = []
    leverage = np.zeros(len(columns[0]))
    for n, column in enumerate(columns):
        if len(found) == most:
            break
        size, at_mean = sqrt(float((column * column).sum())), 0.0 if n else 1.0
        rest = column
        for _ in range(2):
            for other, others_at_mean in found:
                part = float((other * rest).sum())
                rest, at_mean = rest - part * other, at_mean - part * others_at_mean
        left = sqrt(float((rest * rest).sum()))
        if left <= _ALIKE * size:
            continue
        more = leverage + rest * rest / (left * left)
        if not n or more.max() <= _LEVERAGE:
            found.append((rest / left, at_mean / left))
            leverage = more
    return found


def _leverage(columns: Sequence[Column]) -> Floats:
    return np.asarray(sum(column * column for column, _ in columns))


def _weights_at_mean(columns: Sequence[Column]) -> Floats:
    return np.asarray(sum(at_mean * column for column, at_mean in columns))
