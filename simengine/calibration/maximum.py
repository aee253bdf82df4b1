"""The maximum of a likelihood of positive parameters, and how sure it is.

Searched on the logarithms of the parameters, from several starts by L-BFGS-B, then by Newton's method with derivatives
by central differences; standard errors are those of the observed information, by the delta method. What is not a
maximum is never returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from simengine.scenario.problems import counted

Floats = NDArray[np.float64]

SMALLEST, LARGEST = 1e-6, 1e6  # of a parameter: beyond, the likelihood still rises towards a limit
GRADIENT_STEP, HESSIAN_STEP = 1e-4, 1e-3  # of the logarithms
IMPROVEMENT = 1e-6  # of the log likelihood that a further step of Newton's may promise at a maximum
MOST_STEPS, LONGEST_STEP = 50, 1.0  # of Newton's method
FLAT = 1e-9  # of an eigenvalue of the information, relative to the largest: nothing is known in its direction
SAME = 1e-2  # of the log likelihood, between starts that found the same maximum


class Search(NamedTuple):
    """How a maximum was found."""

    log_likelihoods: tuple[float, ...]  # reached from each start
    evaluations: int  # of the log likelihood
    gradient: float  # the largest by the logarithm of a parameter
    improvement: float  # of the log likelihood that a further step promises

    @property
    def agreeing(self) -> int:
        """Starts that led to the best."""
        return sum(value > max(self.log_likelihoods) - SAME for value in self.log_likelihoods)


class Maximum(NamedTuple):
    """The most likely parameters, and what is known of them."""

    parameters: Floats  # [parameter]
    covariance: Floats  # [parameter, parameter]
    log_likelihood: float
    search: Search

    @property
    def standard_errors(self) -> Floats:
        """[parameter]"""
        return np.sqrt(np.diag(self.covariance))

    @property
    def correlations(self) -> Floats:
        """[parameter, parameter]"""
        errors = self.standard_errors
        return self.covariance / np.outer(errors, errors)


class NoMaximum(Exception):
    """The likelihood has no maximum, or none was found; `diagnostics` are lines that say what was."""

    def __init__(self, reason: str, diagnostics: Sequence[str] = ()) -> None:
        self.reason, self.diagnostics = reason, tuple(diagnostics)
        super().__init__(reason)


def maximise(
    log_likelihood: Callable[[Floats], float], names: Sequence[str], starts: Sequence[Sequence[float]]
) -> Maximum:
    """The maximum of a log likelihood of positive parameters, called with them [parameter].

    `starts` are parameters to begin from. Raises NoMaximum.
    """
    found = _Found(log_likelihood, names)
    bounds = [(np.log(SMALLEST), np.log(LARGEST))] * len(names)
    ends = []
    for start in starts:
        end = minimize(found.surprise, np.log(start), method="L-BFGS-B", bounds=bounds)
        ends.append((-float(end.fun), end.x))
    found.reached = tuple(value for value, _ in ends)
    return found.polished(max(ends, key=lambda end: end[0])[1])


class _Found:
    """The log likelihood on logarithms, its derivatives, and what was seen of it so far."""

    def __init__(self, log_likelihood: Callable[[Floats], float], names: Sequence[str]) -> None:
        self._value, self._names = log_likelihood, names
        self._steps = np.eye(len(names))
        self.evaluations = 0
        self.reached: tuple[float, ...] = ()

    def value(self, logs: Floats) -> float:
        self.evaluations += 1
        value = float(self._value(np.exp(logs)))
        return value if np.isfinite(value) else -1e300

    def surprise(self, logs: Floats) -> float:
        return -self.value(logs)

    def gradient(self, logs: Floats) -> Floats:
        steps = GRADIENT_STEP * self._steps
        return np.array([(self.value(logs + s) - self.value(logs - s)) / (2 * GRADIENT_STEP) for s in steps])

    def hessian(self, logs: Floats) -> Floats:
        steps, middle, count = HESSIAN_STEP * self._steps, self.value(logs), len(logs)
        hessian = np.empty((count, count))
        for i in range(count):
            for j in range(i + 1):
                if i == j:
                    second = self.value(logs + steps[i]) - 2 * middle + self.value(logs - steps[i])
                    hessian[i, i] = second / HESSIAN_STEP**2
                    continue
                signs = ((1, 1), (1, -1), (-1, 1), (-1, -1))
                cross = sum(a * b * self.value(logs + a * steps[i] + b * steps[j]) for a, b in signs)
                hessian[i, j] = hessian[j, i] = cross / (4 * HESSIAN_STEP**2)
        return hessian

    def polished(self, logs: Floats) -> Maximum:
        """The maximum near `logs`, by Newton's method."""
        for _ in range(MOST_STEPS):
            gradient, information = self.gradient(logs), -self.hessian(logs)
            values, vectors = np.linalg.eigh(information)
            flat = FLAT * max(values[-1], 1e-300)
            step = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), flat))
            improvement = float(gradient @ step) / 2
            if values[0] > flat and improvement < IMPROVEMENT:
                self._require_inside(logs, gradient, improvement)
                return self._maximum(logs, gradient, information, improvement)
            if (moved := self._moved(logs, step)) is None:
                break
            logs = moved
        self._require_inside(logs, gradient, improvement)
        reason = "nothing is known in a direction of the parameters" if values[0] <= flat else "the search did not end"
        raise NoMaximum(f"the likelihood has no maximum that was found: {reason}", self._said(logs, gradient))

    def _moved(self, logs: Floats, step: Floats) -> Floats | None:
        """Where a step leads that raises the likelihood, within the bounds; None if it cannot be raised."""
        step = step * min(1.0, LONGEST_STEP / max(np.abs(step).max(), 1e-300))
        before = self.value(logs)
        for _ in range(30):
            moved = np.clip(logs + step, np.log(SMALLEST), np.log(LARGEST))
            if self.value(moved) > before:
                return moved
            step = step / 2
        return None

    def _maximum(self, logs: Floats, gradient: Floats, information: Floats, improvement: float) -> Maximum:
        parameters = np.exp(logs)
        covariance = np.linalg.inv(information) * np.outer(parameters, parameters)
        search = Search(self.reached, self.evaluations, float(np.abs(gradient).max()), improvement)
        return Maximum(parameters, (covariance + covariance.T) / 2, self.value(logs), search)

    def _require_inside(self, logs: Floats, gradient: Floats, improvement: float) -> None:
        """Raise NoMaximum for parameters that have no end."""
        large = [name for name, log in zip(self._names, logs, strict=True) if log > np.log(LARGEST / 10)]
        small = [name for name, log in zip(self._names, logs, strict=True) if log < np.log(SMALLEST * 10)]
        ends = [f"{name} grows" for name in large] + [f"{name} nears 0" for name in small]
        if ends:
            reason = f"the likelihood has no maximum: it still rises as {' and '.join(ends)}"
            raise NoMaximum(reason, self._said(logs, gradient))

    def _said(self, logs: Floats, gradient: Floats) -> list[str]:
        at = ", ".join(f"{name} {value:.6g}" for name, value in zip(self._names, np.exp(logs), strict=True))
        slopes = ", ".join(f"{slope:.2g}" for slope in gradient)
        reached = ", ".join(f"{value:.3f}" for value in self.reached)
        return [
            f"log likelihood {self.value(logs):.4f} at {at}",
            f"its slope there, by the logarithm of each: {slopes}",
            f"reached from {counted(len(self.reached), 'start')}: {reached}; {self.evaluations:,} evaluations",
        ]
