"""Expectations over a beta distribution by Gauss's quadrature."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.linalg import eigh_tridiagonal

from simengine.calibration.maximum import Floats

NODES = 100


@lru_cache(maxsize=4096)
def beta_nodes(a: float, b: float) -> tuple[Floats, Floats]:
    """Nodes p in (0, 1) and weights, which sum to 1: an expectation over Beta(a, b) is that of f(p) by the weights.

    Golub & Welsch 1969, doi:10.1090/S0025-5718-69-99647-1, for Jacobi's polynomials: eigenvalues of the matrix of
    their recurrence, and the squares of the first components of its eigenvectors.
    """
    n = np.arange(1, NODES)
    s = 2 * n + a + b - 2  # of Jacobi's α + β = a + b - 2 on (-1, 1), with α = b - 1 and β = a - 1
    diagonal = np.empty(NODES)
    diagonal[0] = (a - b) / (a + b)
    diagonal[1:] = (a - b) * (a + b - 2) / (s * (s + 2))
    square = np.empty(NODES - 1)
    square[0] = 4 * a * b / ((a + b) ** 2 * (a + b + 1))
    m, t = n[1:], s[1:]
    square[1:] = 4 * m * (m + a - 1) * (m + b - 1) * (m + a + b - 2) / (t**2 * (t + 1) * (t - 1))
    values, vectors = eigh_tridiagonal(diagonal, np.sqrt(square))
    return np.maximum((1 + values) / 2, 1e-300), vectors[0] ** 2
