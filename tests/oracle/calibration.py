"""Calibration: the constants and the inertia that explain today's shares and churn."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq

from .customer import STAGES, ChoiceRules, Customer
from .market import BASE, NOBODY, US, Market, market, suppliers
from .reading import choice_rules
from .rest import DRAWN, NOT_OURS, Chances, matrix, opening_chances, shares, stationary

CLOSE = 1e-12  # relative to a share
Model = Callable[[dict[str, float]], dict[str, float]]  # shares, given constants


class Today(NamedTuple):
    """What is to be explained in a segment."""

    scenario: Any
    segment: str
    people: list[Customer]
    market: Market
    target: dict[str, float]  # shares


class Explanation(NamedTuple):
    """Rules that explain the shares for some inertia, and the churn that follows."""

    rules: ChoiceRules
    restful: ChoiceRules  # under which the opening is at rest; other rules only if a file fixes suppliers
    churn: float


def solve(scenario: Any, segment: str, people: list[Customer]) -> Explanation:
    """The inertia under which churn is as stated; churn falls as inertia rises."""
    stated = scenario.segments[segment]
    target = stated_shares(stated, people, suppliers(scenario))
    there = market(scenario, segment, tuple(target), BASE, 0)
    today = Today(scenario, segment, people, there, target)
    guess = dict.fromkeys(target, 0.0)

    def excess(inertia: float) -> float:
        explanation = explain(today, inertia, guess)
        guess.update(explanation.restful.constants)
        return explanation.churn - float(stated.churn)

    if excess(0.0) < 0:
        raise ValueError(f"{segment}: churn {stated.churn} is more than reviews allow without inertia")
    highest = 1.0
    while excess(highest) > 0:
        highest *= 2
    return explain(today, float(brentq(excess, 0.0, highest, xtol=1e-13)), guess)


def stated_shares(stated: Any, people: list[Customer], names: tuple[str, ...]) -> dict[str, float]:
    """Shares of the options in their order: the scenario's, or the file's where it fixes everybody's supplier."""
    share = {name: float(stated.shares.get(name, 0.0)) for name in names}
    if all(person.supplier >= 0 for person in people):
        total = sum(person.weight for person in people)
        share = dict.fromkeys(names, 0.0)
        for person in people:
            share[names[person.supplier]] += person.weight / total
    return {name: part for name, part in share.items() if part > 0}


def explain(today: Today, inertia: float, guess: dict[str, float]) -> Explanation:
    """For an inertia, the constants that explain the shares."""

    def rules(constants: dict[str, float]) -> ChoiceRules:
        return choice_rules(today.scenario, today.segment, constants, inertia)

    restful = rules(match(lambda constants: shares_at_rest(today, rules(constants)), today.target, guess))
    chances = chances_today(today, restful)
    explaining = restful
    trend = today.scenario.segments[today.segment].share_trend
    if any(person.supplier != DRAWN for person in today.people) or any(trend.values()):
        a_year_on = match(
            lambda constants: shares_a_year_on(today, rules(constants), chances),
            changed(shares(today.people, chances), trend),
            restful.constants,
        )
        explaining = rules(a_year_on)
    return Explanation(explaining, restful, first_year_churn(today, explaining, chances))


def changed(share: dict[str, float], trend: dict[str, float]) -> dict[str, float]:
    """Shares after their change; who is not named takes of what is left as much as of today's."""
    if not any(trend.values()):
        return share
    left = 1 - sum(share[name] * (1 + change) for name, change in trend.items())
    others = sum(part for name, part in share.items() if name not in trend)
    return {name: part * (1 + trend[name]) if name in trend else part * left / others for name, part in share.items()}


def chances_today(today: Today, restful: ChoiceRules) -> dict[int, Chances]:
    """Where everybody starts, by row."""
    names = suppliers(today.scenario)
    stage_years = today.scenario.segments[today.segment].stages.years
    return {
        person.row: opening_chances(person, stationary(person, today.market, restful), names, stage_years)
        for person in today.people
    }


def shares_at_rest(today: Today, rules: ChoiceRules) -> dict[str, float]:
    """Shares if everybody is at rest.

    Where the file holds only our customers, rivals' shares are those of the opening: of prospects at rest on the
    condition that they are not ours. So the opening has the stated shares.
    """
    share = shares(today.people, {p.row: stationary(p, today.market, rules) for p in today.people})
    if any(person.supplier == NOT_OURS for person in today.people):
        return shares(today.people, chances_today(today, rules)) | {US: share[US]}
    return share


def shares_a_year_on(today: Today, rules: ChoiceRules, chances: dict[int, Chances]) -> dict[str, float]:
    """Shares a year after the opening if nobody acts."""
    year = today.scenario.calendar.periods_per_year
    later = {p.row: after(chances[p.row], matrix(p, today.market, rules), year) for p in today.people}
    return shares(today.people, later)


def after(chances: Chances, moves: np.ndarray, periods: int) -> Chances:
    """Chances some periods later."""
    vector = np.array(list(chances.values()))
    for _ in range(periods):
        vector = vector @ moves
    return dict(zip(chances, map(float, vector), strict=True))


def first_year_churn(today: Today, rules: ChoiceRules, chances: dict[int, Chances]) -> float:
    """Of those who are ours on day one, the fraction who leave at least once in the first year."""
    kept = opened = 0.0
    for person in today.people:
        stay = matrix(person, today.market, rules)[:3, :3]
        vector = np.array([chances[person.row][stage] for stage in STAGES])
        opened += person.weight * float(vector.sum())
        for _ in range(today.scenario.calendar.periods_per_year):
            vector = vector @ stay
        kept += person.weight * float(vector.sum())
    return 1 - kept / opened


def match(model: Model, target: dict[str, float], guess: dict[str, float]) -> dict[str, float]:
    """Constants under which the model's shares are the target; the outside option's (or ours) is 0."""
    reference = NOBODY if NOBODY in guess else US
    unknown = [name for name in guess if name != reference]

    def constants(values: np.ndarray) -> dict[str, float]:
        found = dict(zip(unknown, map(float, values), strict=True))
        return {name: found.get(name, 0.0) for name in guess}

    def miss(values: np.ndarray) -> np.ndarray:
        share = model(constants(values))
        return np.array([math.log(share[name] / target[name]) for name in unknown])

    return constants(newton(miss, np.array([guess[name] for name in unknown])))


def newton(miss: Callable[[np.ndarray], np.ndarray], start: np.ndarray) -> np.ndarray:
    """The root of a function of several variables, by steps of at most 1 in any of them."""
    at, nudge = start, 1e-6
    for _ in range(100):
        here = miss(at)
        slopes = [(miss(at + nudge * axis) - here) / nudge for axis in np.eye(len(at))]
        step = -np.linalg.solve(np.array(slopes).T, here)
        at = at + step / max(1.0, float(np.abs(step).max()))
        if np.abs(here).max() < CLOSE:
            return at
    raise ValueError(f"no constants found: shares are off by {np.abs(here).max():.1e}")
