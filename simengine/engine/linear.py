"""A small linear solve in plain arithmetic: LAPACK's last bits depend on the processor."""

from __future__ import annotations


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
