"""Draws of rows follow their distributions. Checks reject at 4 standard errors, with fixed seeds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simengine.portfolio.synthetic import synthetic_ids
from simengine.synthesis.luck_of_rows import opening_states, tenure_in_stage

COUNT = 40_000
IDS = synthetic_ids("retail", COUNT)


def test_states_follow_each_customers_own_distribution() -> None:
    states = np.tile([0.0, 0.5, 0.0, 0.2, 0.3], (COUNT, 1))
    states[::2] = [0.0, 0.0, 0.0, 1.0, 0.0]
    found = opening_states(IDS, states, seed=2)
    assert set(found[::2].tolist()) == {3}
    share = np.bincount(found[1::2], minlength=5) / (COUNT / 2)
    assert np.all(np.abs(share - states[1]) <= 4 * np.sqrt(states[1] * (1 - states[1]) / (COUNT / 2)))


def test_rounding_never_leads_to_an_impossible_state() -> None:
    states = np.tile([0.3, 0.7 - 1e-3, 0.0], (COUNT, 1))  # sums to less than some draws
    assert set(opening_states(IDS, states, seed=3).tolist()) == {0, 1}


@pytest.mark.parametrize(("established", "loyal"), [(12.0, 36.0), (7.2, 19.9), (0.5, 0.75)])
def test_tenure_is_within_the_months_of_the_stage(established: float, loyal: float) -> None:
    stage = np.arange(COUNT) % 3
    months = tenure_in_stage(IDS, stage, established, loyal, 0.02, seed=4)
    again = (months >= established).astype(int) + (months >= loyal)
    possible = np.ceil(loyal) > np.ceil(established)
    assert np.array_equal(again[stage != 1], stage[stage != 1])
    assert not possible or np.array_equal(again, stage)


def test_loyal_customers_leave_at_their_hazard() -> None:
    months = tenure_in_stage(IDS, np.full(COUNT, 2), 12, 36, 0.02, seed=5) - 36
    geometric = stats.geom(1 - np.exp(-0.02), loc=-1)
    assert abs(months.mean() - geometric.mean()) < 4 * geometric.std() / np.sqrt(COUNT)
    assert abs(months.std() - geometric.std()) < 0.05 * geometric.std()
