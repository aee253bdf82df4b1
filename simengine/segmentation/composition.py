"""Weights of needs as points of a space in which distances and ellipses mean something."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import helmert

Floats = NDArray[np.float64]

POWER = 0.5


def power_transform(weights: Floats) -> Floats:
    """[N, K - 1] coordinates of compositions [N, K], rows that sum to 1.

    z = H (K u - 1) / a with u = w^a / sum(w^a): the a-transformation of Tsagris, Preston & Wood (2011, A data-based
    power transformation for compositional data, arXiv:1106.1451), H the Helmert matrix without its first row, and
    a = 1/2. It lies between the isometric log-ratio (a -> 0), under which weights near 0 fly apart and those of 0 need
    a made-up value, so that segments form around who left a need out, and the weights themselves (a = 1), which are
    pressed against 0. A weight of 0 stays as it is.
    """
    needs = weights.shape[1]
    roots = np.sqrt(weights)
    shares = roots / roots.sum(axis=1, keepdims=True)
    return np.asarray((needs * shares - 1) / POWER @ helmert(needs).T)
