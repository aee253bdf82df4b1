"""Functions of inputs whose indices are known."""

from __future__ import annotations

from math import pi

import numpy as np

from simengine.study.sensitivity.design import Floats

A, B = 7.0, 0.1


def ishigami(probabilities: Floats) -> Floats:
    """Ishigami & Homma 1990 (doi:10.1109/ISUMA.1990.151285), of three inputs uniform over (-pi, pi)."""
    x = pi * (2.0 * probabilities - 1.0)
    first = np.sin(x[..., 0])
    return np.asarray(first + A * np.sin(x[..., 1]) ** 2 + B * x[..., 2] ** 4 * first)


VARIANCE = A**2 / 8 + B * pi**4 / 5 + B**2 * pi**8 / 18 + 0.5
_FIRST, _SECOND = 0.5 * (1 + B * pi**4 / 5) ** 2, A**2 / 8
_TOGETHER = B**2 * pi**8 * (1 / 18 - 1 / 50)
FIRST = [_FIRST / VARIANCE, _SECOND / VARIANCE, 0.0]
TOTAL = [(_FIRST + _TOGETHER) / VARIANCE, _SECOND / VARIANCE, _TOGETHER / VARIANCE]
