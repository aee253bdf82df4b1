"""The multinomial logit by maximum likelihood: own likelihood, analytic derivatives, Newton's method.

P(j) = exp(V_j) / sum over available l of exp(V_l), V linear in the coefficients (McFadden 1974; Train 2009, doi:
10.1017/CBO9780511805271, chapter 3). The likelihood is concave, so what Newton's method finds is its only top.
There is none where the data are separable: where some direction of the coefficients never makes a choice less
likely and makes some likelier, the likelihood rises along it for ever (Albert & Anderson 1984,
doi:10.1093/biomet/71.1.1). Separation is looked for by a linear programme (Konis 2007) once Newton's method fails.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import linprog

Floats = NDArray[np.float64]

MOST_STEPS, HALVINGS = 60, 40
CLOSE = 1e-9  # of a step, in standard deviations of what its column adds to utility
ALIKE = 1e-10  # of an information matrix with a unit diagonal: eigenvalues below say that columns cannot be told apart
FLAT = 1e-6  # of the curvature a choice: below, the likelihood may rise for ever, too slowly for a float64 to show
FARTHEST = 40.0  # utility that one standard deviation of a column adds: beyond, it only grows
SEPARATES = 1e-7  # of a direction of at most 1 that no choice speaks against


class Choices(NamedTuple):
    """What was chosen from what. Alternatives that were not available have a utility of minus infinity."""

    columns: tuple[str, ...]  # [coefficient] names
    values: Floats  # [occasion, alternative, coefficient]
    available: NDArray[np.bool_]  # [occasion, alternative]
    chosen: NDArray[np.intp]  # [occasion] alternative

    def of(self, occasions: NDArray[np.bool_]) -> Choices:
        """Some of the occasions."""
        return self._replace(
            values=self.values[occasions], available=self.available[occasions], chosen=self.chosen[occasions]
        )

    def only(self, columns: tuple[str, ...]) -> Choices:
        """Some of the columns."""
        return self._replace(columns=columns, values=self.values[:, :, [self.columns.index(c) for c in columns]])


class Logit(NamedTuple):
    """The most likely coefficients; axis 0 of all arrays: coefficient."""

    columns: tuple[str, ...]
    coefficients: Floats
    information: Floats  # [coefficient, coefficient] minus the second derivatives of the log likelihood
    log_likelihood: float
    steps: int
    slope: float  # the largest derivative left, each times its standard error

    @property
    def covariance(self) -> Floats:
        """[coefficient, coefficient] inverse of the information."""
        return np.asarray(np.linalg.inv(self.information))

    @property
    def standard_errors(self) -> Floats:
        return np.sqrt(np.diag(self.covariance))

    def at(self, column: str) -> float:
        """The coefficient of a column."""
        return float(self.coefficients[self.columns.index(column)])


class Separable(ValueError):
    """Columns along which the likelihood rises for ever."""

    def __init__(self, direction: dict[str, float]) -> None:
        self.direction = direction  # {column: its part in the direction}, the largest 1
        super().__init__(", ".join(direction))


class Alike(ValueError):
    """Columns of which one is told by the others (or alone says nothing): no coefficients are the most likely."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns
        super().__init__(", ".join(columns))


class NotConverged(ValueError):
    """Newton's method ended without a top of the likelihood; the message says where it was."""


def probabilities(values: Floats, available: NDArray[np.bool_], coefficients: Floats) -> Floats:
    """[occasion, alternative] probabilities of choice."""
    utility = np.where(available, values @ coefficients, -np.inf)
    utility -= utility.max(axis=1, keepdims=True)
    np.exp(utility, out=utility)
    utility /= utility.sum(axis=1, keepdims=True)
    return utility


def log_probabilities(choices: Choices, coefficients: Floats) -> Floats:
    """[occasion] the logarithm of the probability of what was chosen."""
    utility = np.where(choices.available, choices.values @ coefficients, -np.inf)
    highest = utility.max(axis=1)
    taken = utility[np.arange(len(utility)), choices.chosen]
    return np.asarray(taken - highest - np.log(np.exp(utility - highest[:, None]).sum(axis=1)))


def scores(choices: Choices, coefficients: Floats) -> Floats:
    """[occasion, coefficient] first derivatives of each occasion's log probability."""
    p = probabilities(choices.values, choices.available, coefficients)
    mean = np.einsum("nj,njk->nk", p, choices.values)
    return np.asarray(choices.values[np.arange(len(p)), choices.chosen] - mean)


def information(choices: Choices, coefficients: Floats) -> Floats:
    """[coefficient, coefficient] minus the second derivatives of the log likelihood."""
    p = probabilities(choices.values, choices.available, coefficients)
    mean = np.einsum("nj,njk->nk", p, choices.values)
    centred = np.sqrt(p)[:, :, None] * (choices.values - mean[:, None, :])
    flat = centred.reshape(-1, centred.shape[-1])
    return np.asarray(flat.T @ flat)


def fit_logit(choices: Choices) -> Logit:
    """The most likely coefficients. Raises Alike, Separable, NotConverged."""
    if not choices.columns:
        return Logit((), np.zeros(0), np.zeros((0, 0)), float(log_probabilities(choices, np.zeros(0)).sum()), 0, 0.0)
    scale = _scale(choices)
    scaled = choices._replace(values=choices.values / scale)
    at = np.zeros(len(scale))
    value = float(log_probabilities(scaled, at).sum())
    for steps in range(1, MOST_STEPS + 1):
        slope, curvature = scores(scaled, at).sum(axis=0), information(scaled, at)
        try:
            step = cho_solve(cho_factor(curvature), slope)
        except np.linalg.LinAlgError:
            break
        if np.abs(step).max() < CLOSE:
            if np.linalg.eigvalsh(curvature)[0] < FLAT * len(choices.chosen) and (direction := separating(choices)):
                raise Separable(direction)
            left = float(np.abs(slope / np.sqrt(np.diag(curvature))).max())
            return Logit(choices.columns, (at + step) / scale, curvature * np.outer(scale, scale), value, steps, left)
        part = 1.0
        for _ in range(HALVINGS):
            risen = float(log_probabilities(scaled, at + part * step).sum())
            # Close to the top a rise is too small for a float64 to show, and the whole step is right.
            if risen >= value or np.abs(part * step).max() < 1e-5:
                break
            part /= 2.0
        at, value = at + part * step, risen
        if not np.isfinite(at).all() or np.abs(at).max() > FARTHEST:
            break
    if direction := separating(choices):
        raise Separable(direction)
    farthest = int(np.abs(at).argmax())
    found = f"{choices.columns[farthest]} {at[farthest] / scale[farthest]:.4g}, log likelihood {value:,.3f}"
    raise NotConverged(f"after {steps} steps of Newton's method at {found}")


def separating(choices: Choices) -> dict[str, float]:
    """A direction of the coefficients that no choice speaks against and some speak for: {column: part of it}.

    Empty where there is none. One column alone is named if it suffices.
    """
    n = np.arange(len(choices.chosen))
    against = choices.values[n, choices.chosen][:, None, :] - choices.values
    other = choices.available.copy()
    other[n, choices.chosen] = False
    rows = np.unique(against[other], axis=0)
    rows = rows[np.abs(rows).max(axis=1) > 0]
    if not len(rows):
        return {}
    for k, column in enumerate(choices.columns):
        for sign in (1.0, -1.0):
            if (sign * rows[:, k]).min() >= 0 and rows[:, k].any():
                return {column: sign}
    size = np.abs(rows).max(axis=0).clip(min=1e-300)
    rows = rows / size
    found = linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs")
    if not found.success or -found.fun < SEPARATES:
        return {}
    told = np.abs(found.x) > SEPARATES
    parts = np.where(told, found.x / size, 0.0)
    parts /= np.abs(parts).max()
    return {c: float(part) for c, part in zip(choices.columns, parts, strict=True) if part}


def _scale(choices: Choices) -> Floats:
    """[coefficient] how much each column differs between alternatives. Raises Alike where nothing can be told."""
    even = information(choices, np.zeros(len(choices.columns)))
    spread = np.sqrt(np.diag(even) / len(choices.chosen))
    size = np.abs(choices.values).max(axis=(0, 1), initial=0.0)
    for k, column in enumerate(choices.columns):
        if not spread[k] > 1e-9 * size[k]:
            raise Alike((column,))
    correlation = even / np.sqrt(np.outer(np.diag(even), np.diag(even)))
    eigenvalues, vectors = np.linalg.eigh(correlation)
    if eigenvalues[0] < ALIKE:
        null = np.abs(vectors[:, 0])
        raise Alike(tuple(c for c, part in zip(choices.columns, null, strict=True) if part > 1e-4 * null.max()))
    return np.asarray(spread)
