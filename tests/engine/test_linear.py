"""The small linear solve against LAPACK."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.engine.linear import solve_linear


@given(st.integers(0, 10**6), st.integers(1, 8))
def test_against_numpy(seed: int, n: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(n, n)) * 10.0 ** random.integers(-3, 4, (n, 1))
    right = random.normal(size=n)
    precision = np.linalg.cond(matrix) * 1e-13
    found, wanted = solve_linear(matrix.tolist(), right.tolist()), np.linalg.solve(matrix, right)
    assert np.abs(found - wanted).max() <= precision * np.abs(wanted).max()


def test_a_zero_on_the_diagonal_is_pivoted() -> None:
    assert solve_linear([[0.0, 2.0], [4.0, 1.0]], [6.0, 7.0]) == [1.0, 3.0]


def test_nothing_to_solve() -> None:
    assert solve_linear([], []) == []


@pytest.mark.parametrize("matrix", [[[0.0]], [[1.0, 2.0], [2.0, 4.0]], [[0.0, 1.0], [0.0, 2.0]]])
def test_a_singular_matrix_is_refused(matrix: list[list[float]]) -> None:
    with pytest.raises(ZeroDivisionError):
        solve_linear(matrix, [1.0] * len(matrix))


def test_inputs_are_not_changed() -> None:
    matrix, right = [[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0]
    solve_linear(matrix, right)
    assert (matrix, right) == ([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0])
