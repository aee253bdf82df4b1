"""How long customers stay: a constant hazard and the shifted-beta-geometric, from who left at which tenure.

Time is in years. The likelihood of both is that of Fader & Hardie 2007, doi:10.1002/dir.20074: S(a) - S(b) for a
customer who left between the tenures a and b, S(t) for one who is still there at t.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scipy.optimize import brentq

from simengine.portfolio.hazard import NoEstimate
from simengine.portfolio.shifted_beta_geometric import cumulative_hazard
from simengine.portfolio.shifted_beta_geometric_fit import Group, fit_groups

CONSTANT, SHIFTED_BETA_GEOMETRIC = "constant", "shifted_beta_geometric"
MODELS = (CONSTANT, SHIFTED_BETA_GEOMETRIC)
SHORTEST, LONGEST = 1e-9, 500.0  # of a hazard a year


class Retention(NamedTuple):
    """A model of leaving, fitted."""

    model: str
    parameters: dict[str, float]  # hazard (a year), or alpha and beta (of a year)
    standard_errors: dict[str, float]
    correlation: float | None  # of the estimates of alpha and beta; None for one parameter
    log_likelihood: float

    def survival(self, years: float) -> float:
        """The part of new customers who are still there after some years."""
        if self.model == CONSTANT:
            return math.exp(-self.parameters["hazard"] * years)
        return math.exp(-cumulative_hazard(self.parameters["alpha"], self.parameters["beta"], years))

    @property
    def aic(self) -> float:
        """Akaike's criterion: twice the parameters, less twice the log likelihood."""
        return 2 * len(self.parameters) - 2 * self.log_likelihood


class Survivors(NamedTuple):
    """Kaplan and Meier's survival at the tenures at which somebody was seen to have left or stayed."""

    years: list[float]
    at_risk: list[float]  # customers who were there before it and were seen at it
    survival: list[float]


class Horizon(NamedTuple):
    """Survival at a tenure beyond those that were fitted."""

    years: float
    observed: float
    predicted: float


class TenureBacktest(NamedTuple):
    """Fitted to tenures up to `until` years, compared with what came later."""

    until: float
    model: str
    parameters: dict[str, float]
    horizons: tuple[Horizon, ...]


def fit(model: str, groups: Sequence[Group]) -> Retention:
    """The most likely parameters of a model. Raises NoEstimate."""
    if not any(g.end != math.inf and g.customers > 0 for g in groups):
        raise NoEstimate("nobody who has left")
    return _constant(groups) if model == CONSTANT else _shifted_beta_geometric(groups)


def _constant(groups: Sequence[Group]) -> Retention:
    """The hazard h at the top of sum c log(exp(-h a) - exp(-h b)), exp(-h b) = 0 for who is still there.

    The derivative by h falls strictly, so its root is the only top.
    """
    left = [g for g in groups if g.end != math.inf]
    time = math.fsum(g.customers * g.start for g in groups)  # that customers are known to have stayed

    def slope(h: float) -> float:
        ended = (g.customers * (g.end - g.start) / math.expm1(min(700.0, h * (g.end - g.start))) for g in left)
        return math.fsum(ended) - time

    if not slope(LONGEST) < 0:
        raise NoEstimate("nobody who stayed for as long as tenures are told apart")
    hazard = float(brentq(slope, SHORTEST, LONGEST, xtol=1e-15, rtol=1e-14))
    information = math.fsum(
        g.customers * (g.end - g.start) ** 2 / (4 * math.sinh(hazard * (g.end - g.start) / 2) ** 2) for g in left
    )
    value = math.fsum(g.customers * math.log(-math.expm1(-hazard * (g.end - g.start))) for g in left) - hazard * time
    return Retention(CONSTANT, {"hazard": hazard}, {"hazard": 1 / math.sqrt(information)}, None, value)


def _shifted_beta_geometric(groups: Sequence[Group]) -> Retention:
    found = fit_groups(list(groups))
    errors = {"alpha": found.alpha_error, "beta": found.beta_error}
    parameters = {"alpha": found.alpha, "beta": found.beta}
    return Retention(SHIFTED_BETA_GEOMETRIC, parameters, errors, found.correlation, found.log_likelihood)


def fits(groups: Sequence[Group], model: str | None = None) -> tuple[dict[str, Retention], dict[str, str]]:
    """({model: its fit}, {model: why it has none}); all models, or the one that is asked for.

    Raises NoEstimate where the model that is asked for, or every one, has none.
    """
    found, lacking = {}, {}
    for each in (model,) if model else MODELS:
        try:
            found[each] = fit(each, groups)
        except NoEstimate as reason:
            lacking[each] = str(reason)
    if not found:
        raise NoEstimate("; ".join(dict.fromkeys(lacking.values())))
    return found, lacking


def best(found: dict[str, Retention]) -> Retention:
    """The fit with the lowest Akaike criterion."""
    return min(found.values(), key=lambda each: each.aic)


def merged(groups: Iterable[Group]) -> list[Group]:
    """Groups of the same tenures as one, sorted."""
    counts: dict[tuple[float, float], float] = {}
    for g in groups:
        counts[g.start, g.end] = counts.get((g.start, g.end), 0.0) + g.customers
    return [Group(customers, *tenures) for tenures, customers in sorted(counts.items()) if customers]


def up_to(groups: Sequence[Group], years: float) -> list[Group]:
    """The groups as they were seen when nobody was longer there than `years`."""
    seen = []
    for g in groups:
        if g.end <= years or (g.end == math.inf and g.start <= years):
            seen.append(g)
        else:
            seen.append(Group(g.customers, min(g.start, years), math.inf))
    return merged(seen)


def survivors(groups: Sequence[Group]) -> Survivors:
    """Survival from the product of 1 - left / at risk over tenures (Kaplan & Meier 1958,
    doi:10.1080/01621459.1958.10501452)."""
    ends = sorted({g.end for g in groups if g.end != math.inf})
    survival, at_risk, product = [], [], 1.0
    for end in ends:
        left = math.fsum(g.customers for g in groups if g.end == end)
        risk = math.fsum(g.customers for g in groups if (g.start if g.end == math.inf else g.end) >= end)
        product *= 1 - left / risk if risk > 0 else 1.0
        survival.append(product)
        at_risk.append(risk)
    return Survivors(ends, at_risk, survival)


def backtest(
    groups: Sequence[Group], until: float | None = None, model: str | None = None, holdout: float = 1 / 3
) -> list[TenureBacktest]:
    """Each model fitted to tenures up to `until` years, else to all but the share `holdout`, against those beyond.

    Empty where nothing is beyond or nothing can be fitted.
    """
    seen = survivors(groups)
    if until is None:
        until = seen.years[math.ceil(len(seen.years) * (1 - holdout)) - 1] if seen.years else 0.0
    later = [i for i, years in enumerate(seen.years) if years > until]
    if not later:
        return []
    try:
        found, _ = fits(up_to(groups, until), model)
    except NoEstimate:
        return []
    return [
        TenureBacktest(
            until,
            each.model,
            each.parameters,
            tuple(Horizon(seen.years[i], seen.survival[i], each.survival(seen.years[i])) for i in later),
        )
        for each in found.values()
    ]
