"""The Cholesky factor of a small matrix, from + - * / and square roots in one order."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def cholesky(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lower triangular L of L L' = `matrix`, symmetric; ValueError if the matrix is not positive definite."""
    rows = matrix.tolist()
    factor = [[0.0] * len(rows) for _ in rows]
    for i, row in enumerate(rows):
        for j in range(i + 1):
            left = row[j]
            for k in range(j):
                left -= factor[i][k] * factor[j][k]
            if j < i:
                factor[i][j] = left / factor[j][j]
            elif left > 0.0:
                factor[i][i] = math.sqrt(left)
            else:
                raise ValueError(f"row {i} of the matrix is not independent of those above it")
    return np.array(factor).reshape(matrix.shape)
