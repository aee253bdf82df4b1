"""Maxima that are known, and likelihoods that have none."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.calibration.maximum import NoMaximum, maximise

TOGETHER = dict.fromkeys("ab", "they only come together")
TOP, SPREAD = np.array([0.3, 40.0]), np.array([[2.0, 0.5], [0.5, 1.0]])


def bell(parameters: np.ndarray) -> tuple[float, np.ndarray]:
    """Quadratic in the logarithms."""
    away = np.log(parameters / TOP)
    return float(-away @ SPREAD @ away / 2 - 7), -(SPREAD @ away) / parameters


def test_a_quadratic_has_its_own_standard_errors() -> None:
    found = maximise(bell, ("a", "b"), [(1, 1), (10, 3)], {})
    assert found.parameters == pytest.approx(TOP, rel=1e-9)
    assert found.log_likelihood == pytest.approx(-7)
    covariance = np.linalg.inv(SPREAD) * np.outer(TOP, TOP)
    assert found.covariance == pytest.approx(covariance, rel=1e-6)
    assert found.standard_errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)
    assert found.correlations[0, 1] == pytest.approx(-0.5 / np.sqrt(2), rel=1e-6)
    assert found.search.agreeing == 2
    assert found.search.improvement < 1e-9


def test_what_rises_without_end_is_told_by_name() -> None:
    def rising(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        value, slopes = bell(np.array([parameters[0], 40.0]))
        return value - 1 / parameters[1], np.array([slopes[0], 1 / parameters[1] ** 2])

    with pytest.raises(NoMaximum, match="it still rises as b grows; nobody knows b") as caught:
        maximise(rising, ("a", "b"), [(1, 1)], {"b": "nobody knows b"})
    assert any("log likelihood" in line for line in caught.value.diagnostics)


def test_a_ridge_is_no_maximum() -> None:
    def ridge(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        away = np.log(parameters.prod())
        return float(-(away**2)), -2 * away / parameters

    with pytest.raises(NoMaximum, match=r"level along a and b; they only come together$"):
        maximise(ridge, ("a", "b"), [(2, 3)], TOGETHER)


def test_what_cannot_be_computed_is_no_maximum() -> None:
    with pytest.raises(NoMaximum):
        maximise(
            lambda parameters: (float("nan"), np.zeros(2)),
            ("a", "b"),
            [(2, 3)],
            TOGETHER,
        )
