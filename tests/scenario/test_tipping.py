"""How much word of mouth a market bears, against eigenvalues and against markets that answer themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario.rules.word_of_mouth import strongest_answer

SHARES = st.lists(st.integers(1, 1000), min_size=1, max_size=7)


@given(SHARES, st.integers(0, 500))
def test_it_is_the_largest_eigenvalue(parts: list[int], outside: int) -> None:
    shares = np.array(parts) / (sum(parts) + outside)
    expected = np.linalg.eigvalsh(np.diag(shares) - np.outer(shares, shares)).max()
    assert strongest_answer(shares.tolist()) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_of_two_equal_suppliers_it_is_half_of_one() -> None:
    """Brock & Durlauf 2001: one equilibrium up to omega = 2."""
    assert strongest_answer([0.5, 0.5]) == 0.5


def long_run(utility: np.ndarray, pull: float) -> np.ndarray:
    """Shares in the long run of customers alike, whose inertia multiplies the weight of their supplier by `pull`."""
    weight = np.exp(utility)
    share = weight * (weight.sum() + weight * (pull - 1))
    return share / share.sum()


def answered(omega: float, pull: float) -> float:
    """How far shares are from today's in the end, which they left by a thousandth."""
    today = np.array([0.0, 0.1, -0.2])
    start = long_run(today, pull)
    share = start + np.array([0.001, -0.0005, -0.0005])
    for _ in range(3000):
        share = long_run(today + omega * (share - start), pull)
    return float(np.abs(share - start).max())


@pytest.mark.parametrize("pull", [1.0, 8.0, 1000.0])
def test_below_half_of_the_bound_markets_return_and_beyond_it_they_tip(pull: float) -> None:
    bound = 1 / strongest_answer(long_run(np.array([0.0, 0.1, -0.2]), pull).tolist())
    assert answered(0.49 * bound, pull) < 1e-4
    assert answered(1.01 * bound, pull) > 0.01
