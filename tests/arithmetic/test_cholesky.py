"""The factor of a matrix, against LAPACK's and by its definition."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.arithmetic.cholesky import cholesky


@pytest.mark.parametrize("size", [1, 2, 5, 12])
def test_it_is_the_factor_of_the_matrix(size: int) -> None:
    root = np.random.default_rng(size).standard_normal((size, size + 2))
    matrix = root @ root.T
    factor = cholesky(matrix)
    np.testing.assert_allclose(factor, np.linalg.cholesky(matrix), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(factor @ factor.T, matrix, rtol=1e-12, atol=1e-12)


def test_what_is_independent_is_left_alone() -> None:
    np.testing.assert_array_equal(cholesky(np.eye(4)), np.eye(4))
    assert cholesky(np.empty((0, 0))).shape == (0, 0)


@pytest.mark.parametrize("correlation", [1.0, -1.0, 1.2])
def test_what_is_not_positive_definite_is_refused(correlation: float) -> None:
    with pytest.raises(ValueError, match="row 1"):
        cholesky(np.array([[1.0, correlation], [correlation, 1.0]]))
