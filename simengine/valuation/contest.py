"""Which of some allocations is worth most, as far as replications with common luck can tell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.engine.ledger import Integers
from simengine.tables.layout import Floats
from simengine.valuation.sequential import interval


class Contest(NamedTuple):
    """Of A allocations under one move, after a look at all replications that they have in common."""

    leader: int  # the one that is worth most on average; the first of equals
    contenders: NDArray[np.bool_]  # [A] who may still be worth most, the leader included
    behind: Floats  # [A] by how much the leader is ahead on average
    better: Floats  # [A] by how much an allocation may be worth more than the leader, at most; negative if it is not
    enough: NDArray[np.bool_]  # [A] whether replications are enough to trust `better`

    def decided(self, indifference: float) -> bool:
        """Whether no contender is worth more than the leader by more than `indifference`."""
        return bool((~self.contenders | (self.enough & (self.better <= indifference))).all())

    @property
    def known(self) -> bool:
        """Whether the leader is the only contender."""
        return int(self.contenders.sum()) == 1


def contest(outcomes: Integers, steps_per_unit: float, reach: float, block: int = 1) -> Contest:
    """Who may be worth most, by `outcomes` [A, R] in steps of 1 / `steps_per_unit`, replications with the same luck.

    An allocation is out of the race when another one is worth more than it: when the paired difference less the
    interval's `reach`, see `interval`, is above 0. That the best is out needs a difference between it and one of the
    A - 1 others to be misjudged: with `reach` such that each is, at any look, with a probability of at most
    alpha / (A - 1), the best stays with 1 - alpha (Paulson 1964, doi:10.1214/aoms/1177703739, with intervals that hold
    at every look; Bechhofer 1954, doi:10.1214/aoms/1177728845, for the indifference zone).
    """
    pairs = [interval((one - outcomes) / steps_per_unit, reach, block) for one in outcomes]  # of each, less every other
    out = np.array([((each.high < 0.0) & each.enough).any() for each in pairs])
    means = (outcomes - outcomes[:1]).mean(axis=1) / steps_per_unit
    leader = int(np.argmax(np.where(out, -np.inf, means)))
    better = np.array([each.high[leader] for each in pairs])
    enough = np.array([each.enough[leader] for each in pairs])
    better[leader], enough[leader] = 0.0, True
    return Contest(leader, ~out, means[leader] - means, better, enough)
