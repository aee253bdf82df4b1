"""What an initiative costs and changes, period by period."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.timeline.effects import share_built, share_of_periods, strength

TIMES = st.floats(0, 12)


def at(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_parts_of_periods_between_two_times() -> None:
    shares = share_of_periods(at(0.5, 1, math.inf, 3.25), at(2.25, 2, math.inf, math.inf), 4)
    assert shares.tolist() == [[0.5, 1, 0.25, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0.75]]


def test_building_is_even_and_ends_when_it_is_given_up() -> None:
    assert share_built(at(0.5, 0.5), at(3.0, 1.5), at(2.5, 2.5), 4).tolist() == [[0.2, 0.4, 0.4, 0], [0.2, 0.2, 0, 0]]


@given(TIMES, st.floats(0.01, 12), st.floats(0.01, 12))
def test_all_of_the_cost_falls_somewhere(start: float, duration: float, patience: float) -> None:
    spent = share_built(at(start), at(start + min(duration, patience)), at(duration), 40).sum()
    assert spent == pytest.approx(min(patience / duration, 1.0), rel=1e-9)


@pytest.mark.parametrize(
    ("completed", "ramp_up", "expected"),
    [
        (0.0, 0, [1, 1, 1, 1, 1]),
        (2.0, 0, [0, 0, 1, 1, 1]),  # the third period begins at 2
        (2.0 + 1e-12, 0, [0, 0, 1, 1, 1]),  # a sum of durations that should be 2
        (1.2, 0, [0, 0, 1, 1, 1]),
        (1.2, 1, [0, 0, 0.5, 1, 1]),
        (0.7, 2, [0, 0.25, 0.75, 1, 1]),
        (0.7, 4, [0, 0.125, 0.375, 0.625, 0.875]),
        (9.0, 2, [0, 0, 0, 0, 0]),
        (math.inf, 2, [0, 0, 0, 0, 0]),
    ],
)
def test_strength(completed: float, ramp_up: int, expected: list[float]) -> None:
    assert strength(at(completed), ramp_up, 5)[0].tolist() == expected


@given(TIMES, st.integers(1, 10))
def test_a_ramp_costs_half_its_length(completed: float, ramp_up: int) -> None:
    lost = strength(at(completed), 0, 40) - strength(at(completed), ramp_up, 40)
    assert lost.sum() == pytest.approx(ramp_up / 2, rel=1e-12)
