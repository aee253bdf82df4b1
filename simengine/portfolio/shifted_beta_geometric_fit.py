"""The shifted-beta-geometric of a customer file: maximum likelihood from who left at which tenure, who is still there.

Likelihood of Fader & Hardie 2007, doi:10.1002/dir.20074: S(a) - S(b) of a customer who left between the tenures a
and b, S(t) of one who is still there at t (right-censored). Newton's method in log alpha and log beta, from the best
of a coarse grid, damped where the likelihood is not concave: own arithmetic, so the same bits on every processor.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import digamma, exp, expm1, log, trigamma
from simengine.portfolio.customers import Floats
from simengine.portfolio.hazard import NoEstimate, departures, survival_of
from simengine.portfolio.population import Hazards
from simengine.portfolio.shifted_beta_geometric import ShiftedBetaGeometric, cumulative_hazard
from simengine.scenario.calendar import MONTHS_PER_YEAR

SMALLEST, LARGEST = 1e-4, 1e4  # of alpha and beta: beyond, the likelihood still rises towards a limit
STARTS = (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)  # of both
MOST_STEPS, LONGEST_STEP, CLOSE, TOLERANCE = 200, 1.0, 1e-3, 1e-7  # of the logarithms
FLAT = 1e-6  # of the information's smaller eigenvalue, relative to its trace: Newton's step would lead astray
SINGULAR = 1e-9  # of the information's determinant, relative to the product of its diagonal


class Slopes(NamedTuple):
    """A value and its derivatives by alpha and beta."""

    value: float
    a: float
    b: float
    aa: float
    ab: float
    bb: float


class Group(NamedTuple):
    """Customers alike: who left in (start, end] years, or (end = inf) who are still there after `start` years."""

    customers: float
    start: float
    end: float


def fit_shifted_beta_geometric(
    tenure_months: NDArray[np.integer], churned: NDArray[np.bool_], weight: Floats, grid: int = 1
) -> Hazards:
    """The hazards of the most likely alpha and beta; axis 0 of all: customer.

    `tenure_months` are completed months, and `churned` whether the customer left then: within the `grid` months
    before, the unit in which tenures are stated (12 in the source), but within the month before where some who left
    did so after a part of a unit. Whoever left before completing one left in the first. `weight` is how many
    customers a row stands for. Raises NoEstimate: too few customers, or no maximum, as where hazards do not fall with
    tenure.
    """
    if not weight[churned].sum() > 0:
        raise NoEstimate("nobody who has left")
    survival = survival_of(*departures(tenure_months, churned, weight))
    if (tenure_months[churned] % grid).any():  # of who is still there the likelihood asks no interval
        grid = 1
    parameters = fit_groups(list(_groups(tenure_months, churned, weight, grid)))._replace(grid_months=grid)
    return Hazards(np.zeros(1), 0.0, round(weight.sum()), round(weight[churned].sum()), survival, parameters)


def fit_groups(groups: list[Group]) -> ShiftedBetaGeometric:
    """The most likely alpha and beta of some groups of customers. Raises NoEstimate."""
    alpha, beta = _most_likely(groups)
    top = log_likelihood(alpha, beta, groups)
    information = -top.aa, -top.ab, -top.bb
    determinant = information[0] * information[2] - information[1] ** 2
    return ShiftedBetaGeometric(
        alpha,
        beta,
        math.sqrt(information[2] / determinant),
        math.sqrt(information[0] / determinant),
        top.value,
        correlation=-information[1] / math.sqrt(information[0] * information[2]),
    )


def _groups(
    tenure_months: NDArray[np.integer], churned: NDArray[np.bool_], weight: Floats, grid: int
) -> Iterator[Group]:
    years = 1 / MONTHS_PER_YEAR
    left = np.bincount(np.maximum(tenure_months[churned], grid), weight[churned])
    there = np.bincount(tenure_months[~churned], weight[~churned])
    for months in np.flatnonzero(left).tolist():
        yield Group(float(left[months]), (months - grid) * years, months * years)
    for months in np.flatnonzero(there).tolist():
        yield Group(float(there[months]), months * years, math.inf)


def log_likelihood(alpha: float, beta: float, groups: list[Group]) -> Slopes:
    """The logarithm of the likelihood with its first and second derivatives."""
    parts = [np.multiply(g.customers, _log_probability(alpha, beta, g.start, g.end)) for g in groups]
    return Slopes(*(math.fsum(column) for column in zip(*parts, strict=True)))


def _log_probability(alpha: float, beta: float, start: float, end: float) -> Slopes:
    """log S(start), or log(S(start) - S(end)) = -H(start) + log(1 - exp(-(H(end) - H(start))))."""
    there = _hazard(alpha, beta, start)
    stay = Slopes(*(-value for value in there))
    if end == math.inf:
        return stay
    step = Slopes(*(late - early for late, early in zip(_hazard(alpha, beta, end), there, strict=True)))
    grown = expm1(step.value)
    first, second = 1.0 / grown, -exp(step.value) / (grown * grown)  # derivatives of log(1 - exp(-D)) by D
    leave = Slopes(
        log(-expm1(-step.value)),
        first * step.a,
        first * step.b,
        first * step.aa + second * step.a * step.a,
        first * step.ab + second * step.a * step.b,
        first * step.bb + second * step.b * step.b,
    )
    return Slopes(*(a + b for a, b in zip(stay, leave, strict=True)))


def _hazard(alpha: float, beta: float, years: float) -> Slopes:
    """The cumulative hazard H(t) = -log S(t) and its derivatives."""
    both = digamma(alpha + beta + years) - digamma(alpha + beta)
    both_too = trigamma(alpha + beta + years) - trigamma(alpha + beta)
    return Slopes(
        cumulative_hazard(alpha, beta, years),
        both,
        both - (digamma(beta + years) - digamma(beta)),
        both_too,
        both_too,
        both_too - (trigamma(beta + years) - trigamma(beta)),
    )


def _most_likely(groups: list[Group]) -> tuple[float, float]:
    """alpha and beta at the top of the likelihood. Raises NoEstimate where there is none."""
    alpha, beta = max(product(STARTS, STARTS), key=lambda at: log_likelihood(at[0], at[1], groups).value)
    for _ in range(MOST_STEPS):
        here = log_likelihood(alpha, beta, groups)
        slope = alpha * here.a, beta * here.b
        # information by the logarithms of alpha and beta
        aa, ab, bb = -alpha * alpha * here.aa - slope[0], -alpha * beta * here.ab, -beta * beta * here.bb - slope[1]
        step = _damped_step(aa, ab, bb, *slope)
        if max(map(abs, step)) < TOLERANCE:
            if aa * bb - ab * ab < SINGULAR * aa * bb:
                break
            return alpha, beta
        part = 1.0
        # Close to the top the whole step is right, and a rise is too small for a float64 to show.
        while max(map(abs, step)) * part > CLOSE:
            if log_likelihood(alpha * exp(part * step[0]), beta * exp(part * step[1]), groups).value > here.value:
                break
            part /= 2.0
        alpha, beta = alpha * exp(part * step[0]), beta * exp(part * step[1])
        if not (min(alpha, beta) > SMALLEST and max(alpha, beta) < LARGEST):
            shape = "that does not fall with tenure" if alpha > 1.0 else "that falls to nothing at once"
            raise NoEstimate(f"a hazard of leaving {shape}: no alpha and beta are the most likely")
    raise NoEstimate("tenures that do not tell alpha from beta")


def _damped_step(aa: float, ab: float, bb: float, slope_a: float, slope_b: float) -> tuple[float, float]:
    """Newton's step for a 2 x 2 information, made positive definite, and no longer than `LONGEST_STEP`."""
    least = (aa + bb) / 2.0 - math.sqrt((aa - bb) * (aa - bb) / 4.0 + ab * ab)  # its smaller eigenvalue
    flat = FLAT * (abs(aa) + abs(bb))
    damping = 0.0 if least > flat else 2.0 * flat + 2.0 * abs(least)
    aa, bb = aa + damping, bb + damping
    determinant = aa * bb - ab * ab
    if not determinant > 0.0:
        return 0.0, 0.0
    step = (bb * slope_a - ab * slope_b) / determinant, (aa * slope_b - ab * slope_a) / determinant
    longest = max(map(abs, step))
    factor = min(1.0, LONGEST_STEP / longest) if longest > 0.0 else 1.0
    return step[0] * factor, step[1] * factor
