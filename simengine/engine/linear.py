"""Small linear solves in plain arithmetic: LAPACK's last bits depend on the processor."""

from __future__ import annotations

from typing import Any

from simengine.jit import kernel


def solve_linear(matrix: list[list[float]], right: list[float]) -> list[float]:
    """x with matrix x = right, by Gaussian elimination with partial pivoting. Raises ZeroDivisionError if singular."""
    n = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
    solution = [0.0] * n
    for k in reversed(range(n)):
        known = sum(rows[k][i] * solution[i] for i in range(k + 1, n))
        solution[k] = (rows[k][n] - known) / rows[k][k]
    return solution


@kernel
def solve_in_place(matrix: Any, right: Any) -> None:
    """right [n, m] = the solutions of matrix [n, n] x = right, by elimination with partial pivoting; matrix is lost."""
    n, m = right.shape
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[pivot, k]):
                pivot = i
        if pivot != k:
            for j in range(n):
                matrix[k, j], matrix[pivot, j] = matrix[pivot, j], matrix[k, j]
            for j in range(m):
                right[k, j], right[pivot, j] = right[pivot, j], right[k, j]
        for i in range(k + 1, n):
            factor = matrix[i, k] / matrix[k, k]
            for j in range(k + 1, n):
                matrix[i, j] -= factor * matrix[k, j]
            for j in range(m):
                right[i, j] -= factor * right[k, j]
    for j in range(m):
        for k in range(n - 1, -1, -1):
            for i in range(k + 1, n):
                right[k, j] -= matrix[k, i] * right[i, j]
            right[k, j] /= matrix[k, k]
