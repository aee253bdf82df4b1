"""Draws of synthetic rows, each at its customer's own address."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log
from simengine.jit import kernel
from simengine.luck import OPENING, POPULATION_TENURE, draw, keys, uniform, words
from simengine.portfolio.customer_rows import LONGEST_TENURE
from simengine.portfolio.customers import Floats

Ids = NDArray[np.uint64]


def opening_states(ids: Ids, states: Floats, seed: int) -> NDArray[np.int64]:
    """The opening state of each of `ids`, drawn from its own distribution `states` [customer, state]."""
    found = np.empty(len(ids), dtype=np.int64)
    states_of_ids(ids, *keys(seed), states, found)
    return found


def tenure_in_stage(
    ids: Ids, stage: NDArray[np.int64], established_months: float, loyal_months: float, leaving: float, seed: int
) -> NDArray[np.int32]:
    """Completed months with us of customers who are new (0), established (1) or loyal (2).

    Uniform within the months of new and of established; beyond those of loyal exponential, with the hazard
    `leaving` a month. At most LONGEST_TENURE.
    """
    tenure = np.empty(len(ids), dtype=np.int32)
    tenure_of_ids(ids, *keys(seed), stage, float(established_months), float(loyal_months), float(leaving), tenure)
    return tenure


@kernel
def states_of_ids(ids: Any, key_low: Any, key_high: Any, states: Any, found: Any) -> None:
    last = states.shape[1] - 1
    for i in range(len(ids)):
        low, high = words(ids[i])
        u = uniform(draw(key_low, key_high, low, high, OPENING, 0, 0)[0])
        state = 0
        below = states[i, 0]
        while state < last and (u >= below or states[i, state] == 0.0):
            state += 1
            below += states[i, state]
        while states[i, state] == 0.0:  # rounding left the sum below u
            state -= 1
        found[i] = state


@kernel
def tenure_of_ids(
    ids: Any, key_low: Any, key_high: Any, stage: Any, established: Any, loyal: Any, leaving: Any, tenure: Any
) -> None:
    from_established, from_loyal = np.ceil(established), np.ceil(loyal)
    for i in range(len(ids)):
        low, high = words(ids[i])
        u = uniform(draw(key_low, key_high, low, high, POPULATION_TENURE, 0, 0)[0])
        if stage[i] == 0:
            months = np.floor(u * from_established)
        elif stage[i] == 1:
            months = from_established + np.floor(u * (from_loyal - from_established))
        else:
            months = from_loyal + np.floor(-log(u) / leaving)
        tenure[i] = min(months, LONGEST_TENURE)
