"""Need states: closed forms of two states, scipy's matrix exponential, and long runs for what is at rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from simengine.engine.run_off_kernels import _moving_presence
from simengine.model.need_states import displacements, hazards, shares_at_rest, transitions
from simengine.model.run_off import presence


def test_a_chance_within_a_year_is_a_hazard() -> None:
    hazard = hazards(np.array([[0.0, 0.15], [0.04, 0.0]]))
    np.testing.assert_allclose(1 - np.exp(-hazard), [[0, 0.15], [0.04, 0]], rtol=1e-15)


def test_two_states_have_a_closed_form() -> None:
    a, b = 0.3, 0.05
    found = transitions(np.array([[0, a], [b, 0]]), 0.25)
    left = (1 - np.exp(-(a + b) / 4)) / (a + b)
    np.testing.assert_allclose(found, [[1 - a * left, a * left], [b * left, 1 - b * left]], rtol=1e-14)
    np.testing.assert_allclose(shares_at_rest(np.array([[0, a], [b, 0]])), [b / (a + b), a / (a + b)], rtol=1e-15)


@given(
    st.lists(st.floats(1e-3, 12), min_size=12, max_size=12),
    st.sampled_from([1 / 12, 1 / 4, 1.0]),
)
def test_any_number_of_states(rates: list[float], years: float) -> None:
    hazard = np.zeros((4, 4))
    hazard[~np.eye(4, dtype=bool)] = rates
    generator = hazard - np.diag(hazard.sum(axis=1))
    move, share = transitions(hazard, years), shares_at_rest(hazard)
    np.testing.assert_allclose(move, expm(generator * years), rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(move.sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_allclose(share @ generator, 0, atol=1e-13 * max(rates))
    np.testing.assert_allclose(share @ move, share, rtol=1e-13)


def test_nobody_moves_without_hazards() -> None:
    np.testing.assert_array_equal(transitions(np.zeros((2, 2)), 1.0), np.eye(2))


def test_what_states_add_is_nothing_on_average() -> None:
    share, needs = np.array([0.25, 0.75]), np.array([[0.6, 0.4], [0.2, 0.8]])
    shift = displacements(share, needs)
    np.testing.assert_allclose(shift, [[0.3, -0.3], [-0.1, 0.1]], rtol=1e-14)
    np.testing.assert_allclose(share @ shift, 0, atol=1e-16)


@pytest.mark.parametrize("copies", [1, 3])
def test_presence_beyond_the_horizon_is_a_sum_over_periods(copies: int) -> None:
    draw, v, promote = np.random.default_rng(5), 0.97, np.array([0.2, 0.1])
    stay = draw.uniform(0.7, 0.95, (3, copies))
    hazard = draw.uniform(0.05, 0.5, (copies, copies)) * (1 - np.eye(copies))
    move = expm(hazard - np.diag(hazard.sum(axis=1)))
    step = np.zeros((3, copies, 3, copies))  # stage and need state, then both a period later
    for stage in range(3):
        for n in range(copies):
            rise = promote[stage] if stage < 2 else 0.0
            step[stage, n, stage] = stay[stage, n] * (1 - rise) * move[n]
            if stage < 2:
                step[stage, n, stage + 1] = stay[stage, n] * rise * move[n]
    step = step.reshape(3 * copies, -1)
    total, power = np.zeros_like(step), np.eye(3 * copies)
    for _ in range(800):
        total, power = total + power, v * power @ step
    wanted = total.reshape(3, copies, 3, copies).sum(axis=3)
    there = np.empty((6, copies))
    _moving_presence(stay, promote, v, move, there)
    pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    np.testing.assert_allclose(there, [wanted[start, :, end] for start, end in pairs], rtol=1e-12)
    if copies == 1:
        np.testing.assert_allclose(there[:, 0], presence(*(1 - stay[:, 0]), *promote, v), rtol=1e-14)
