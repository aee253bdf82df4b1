"""The maximum of a likelihood of positive parameters, and how sure it is.

Searched on the logarithms of the parameters, from several starts by L-BFGS-B, then by Newton's method with second
derivatives by central differences of the first; standard errors are those of the observed information, by the delta
method. What is not a maximum is never returned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from simengine.scenario.problems import counted, listed

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats], tuple[float, Floats]]  # of parameters: the log likelihood, and its slope by each

SMALLEST, LARGEST = 1e-6, 1e6  # of a parameter: beyond, the likelihood still rises towards a limit
STEP = 1e-4  # of the logarithms, for second derivatives
IMPROVEMENT = 1e-12  # of the log likelihood that a further step of Newton's may promise at a maximum
CLOSE = 1e-4  # so near, steps are below what the log likelihood can tell apart, and are taken unseen
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
    likelihood: Likelihood, names: Sequence[str], starts: Sequence[Sequence[float]], unseen: Mapping[str, str]
) -> Maximum:
    """The maximum of a likelihood of positive parameters.

    `starts` are parameters to begin from; `unseen` says for each parameter, by name, what evidence is like that does
    not tell it. Raises NoMaximum.
    """
    found = _Found(likelihood, names, unseen)
    bounds = [(np.log(SMALLEST), np.log(LARGEST))] * len(names)
    ends = []
    for start in starts:
        begin = np.clip(np.log(start), *bounds[0])
        end = minimize(found.surprise, begin, jac=True, method="L-BFGS-B", bounds=bounds)
        ends.append((-float(end.fun), end.x))
    found.reached = tuple(value for value, _ in ends)
    return found.polished(max(ends, key=lambda end: end[0])[1])


class _Found:
    """The log likelihood on logarithms, its derivatives, and what was seen of it so far."""

    def __init__(self, likelihood: Likelihood, names: Sequence[str], unseen: Mapping[str, str]) -> None:
        self._likelihood, self._names, self._unseen = likelihood, names, unseen
        self.evaluations = 0
        self.reached: tuple[float, ...] = ()

    def at(self, logs: Floats) -> tuple[float, Floats]:
        """The log likelihood and its slope by each logarithm."""
        self.evaluations += 1
        parameters = np.exp(logs)
        value, slopes = self._likelihood(parameters)
        if not (np.isfinite(value) and np.isfinite(slopes).all()):
            return -1e300, np.zeros(len(logs))
        return value, slopes * parameters

    def surprise(self, logs: Floats) -> tuple[float, Floats]:
        value, slopes = self.at(logs)
        return -value, -slopes

    def information(self, logs: Floats) -> Floats:
        """Minus the second derivatives."""
        steps = STEP * np.eye(len(logs))
        rows = [(self.at(logs - step)[1] - self.at(logs + step)[1]) / (2 * STEP) for step in steps]
        information = np.array(rows)
        return (information + information.T) / 2

    def polished(self, logs: Floats) -> Maximum:
        """The maximum near `logs`, by Newton's method."""
        for _ in range(MOST_STEPS):
            gradient, information = self.at(logs)[1], self.information(logs)
            values, vectors = np.linalg.eigh(information)
            flat = FLAT * max(values[-1], 1e-300)
            step = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), flat))
            improvement = float(gradient @ step) / 2
            if values[0] > flat and improvement < IMPROVEMENT:
                self._require_inside(logs, gradient)
                return self._maximum(logs, gradient, information, improvement)
            if values[0] > flat and improvement < CLOSE:
                logs = np.clip(logs + step, np.log(SMALLEST), np.log(LARGEST))
                continue
            if (moved := self._moved(logs, step)) is None:
                break
            logs = moved
        self._require_inside(logs, gradient)
        if values[0] > flat:
            raise NoMaximum("the search for the likelihood's maximum did not end", self._said(logs, gradient))
        level = [name for name, part in zip(self._names, vectors[:, 0], strict=True) if abs(part) > 0.3]
        reason = f"the likelihood is level along {listed(level, 'and')}{self._why(level)}"
        raise NoMaximum(reason, self._said(logs, gradient))

    def _moved(self, logs: Floats, step: Floats) -> Floats | None:
        """Where a step leads that raises the likelihood, within the bounds; None if it cannot be raised."""
        step = step * min(1.0, LONGEST_STEP / max(np.abs(step).max(), 1e-300))
        before = self.at(logs)[0]
        for _ in range(30):
            moved = np.clip(logs + step, np.log(SMALLEST), np.log(LARGEST))
            if self.at(moved)[0] > before:
                return moved
            step = step / 2
        return None

    def _maximum(self, logs: Floats, gradient: Floats, information: Floats, improvement: float) -> Maximum:
        parameters = np.exp(logs)
        covariance = np.linalg.inv(information) * np.outer(parameters, parameters)
        search = Search(self.reached, self.evaluations, float(np.abs(gradient).max()), improvement)
        return Maximum(parameters, covariance, self.at(logs)[0], search)

    def _require_inside(self, logs: Floats, gradient: Floats) -> None:
        """Raise NoMaximum for parameters that have no end."""
        large = [name for name, log in zip(self._names, logs, strict=True) if log > np.log(LARGEST / 10)]
        small = [name for name, log in zip(self._names, logs, strict=True) if log < np.log(SMALLEST * 10)]
        ends = [f"{name} grows" for name in large] + [f"{name} nears 0" for name in small]
        if ends:
            reason = f"the likelihood has no maximum: it still rises as {listed(ends, 'and')}{self._why(large + small)}"
            raise NoMaximum(reason, self._said(logs, gradient))

    def _why(self, names: Sequence[str]) -> str:
        """What may be the reason that parameters are not known."""
        reasons = dict.fromkeys(self._unseen[name] for name in names if name in self._unseen)
        return f"; {listed(reasons, 'and')}" if reasons else ""

    def _said(self, logs: Floats, gradient: Floats) -> list[str]:
        at = ", ".join(f"{name} {value:.6g}" for name, value in zip(self._names, np.exp(logs), strict=True))
        slopes = ", ".join(f"{slope:.2g}" for slope in gradient)
        reached = ", ".join(f"{value:.3f}" for value in self.reached)
        return [
            f"log likelihood {self.at(logs)[0]:.4f} at {at}",
            f"its slope there, by the logarithm of each: {slopes}",
            f"reached from {counted(len(self.reached), 'start')}: {reached}; {self.evaluations:,} evaluations",
            "more evidence may help: a longer time, more customers, or fewer segments",
        ]
