"""The small linear solves against LAPACK."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.engine.linear import solve_in_place, solve_linear


@given(st.integers(0, 10**6), st.integers(1, 8))
def test_against_numpy(seed: int, n: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(n, n)) * 10.0 ** random.integers(-3, 4, (n, 1))
    right = random.normal(size=n)
    precision = np.linalg.cond(matrix) * 1e-13
    found, wanted = solve_linear(matrix.tolist(), right.tolist()), np.linalg.solve(matrix, right)
    assert np.abs(found - wanted).max() <= precision * np.abs(wanted).max()


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 4))
def test_of_several_right_sides_at_once(seed: int, n: int, m: int) -> None:
    random = np.random.default_rng(seed)
    matrix, found = random.normal(size=(n, n)), random.normal(size=(n, m))
    precision, wanted = np.linalg.cond(matrix) * 1e-13, np.linalg.solve(matrix, found)
    solve_in_place(matrix, found)
    assert np.abs(found - wanted).max() <= precision * np.abs(wanted).max()


def test_a_zero_on_the_diagonal_is_pivoted() -> None:
    assert solve_linear([[0.0, 2.0], [4.0, 1.0]], [6.0, 7.0]) == [1.0, 3.0]
    matrix, right = np.array([[0.0, 2.0], [4.0, 1.0]]), np.array([[6.0], [7.0]])
    solve_in_place(matrix, right)
    assert right.tolist() == [[1.0], [3.0]]


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
