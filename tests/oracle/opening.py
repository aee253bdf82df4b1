"""Today: the constants and the inertia that explain it, and where each customer starts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq

from .customer import (
    ESTABLISHED,
    LOYAL,
    NEW,
    STAGES,
    ChoiceRules,
    Customer,
    customers,
    promotion_probability,
    states,
    supplier_in,
    transition,
)
from .market import BASE, NOBODY, US, Market, is_choice, market, suppliers

DRAWN, NOT_OURS = -1, -2  # as `Population.supplier` has them
CLOSE = 1e-12  # relative to a share
FILE_KIND = 0  # in the two top bits of an id
Chances = dict[str, float]  # probability of each state
Model = Callable[[dict[str, float]], dict[str, float]]  # shares, given constants


class SegmentOpening(NamedTuple):
    """A segment on day one."""

    people: list[Customer]
    rules: ChoiceRules | None  # None under contract
    chances: dict[int, Chances]  # by row: where the customer starts
    base_revenue: dict[int, float]  # by row: currency a year before the stage's multiplier


def open_segment(
    scenario: Any, portfolio: Any, segment: str, constants: dict[str, float] | None, inertia: float | None
) -> SegmentOpening:
    """A segment on day one. `constants` and `inertia`, where given, are used in place of solving for them."""
    people = customers(scenario, portfolio, segment)
    if not is_choice(scenario, segment):
        chances = {person.row: {ESTABLISHED: 1.0, NOBODY: 0.0} for person in people}
        base = base_revenues(scenario, segment, people, chances, chances)
        return SegmentOpening(people, None, chances, base)
    stated = scenario.segments[segment]
    if constants is None:
        constants, inertia = stated.constants, stated.inertia
    if constants is None or inertia is None:
        rules, restful = solve(scenario, segment, people)
    else:
        present = tuple(name for name in suppliers(scenario) if name in {US, *constants})
        ordered = {name: constants.get(name, 0.0) for name in present}
        restful = rules = choice_rules(scenario, segment, ordered, inertia)
    today = market(scenario, segment, tuple(rules.constants), BASE, 0)
    resting = {person.row: stationary(person, today, restful) for person in people}
    names = suppliers(scenario)
    chances = {
        person.row: opening_chances(person, resting[person.row], names, stated.stages.years)
        for person in people
    }
    return SegmentOpening(people, rules, chances, base_revenues(scenario, segment, people, chances, resting))


def choice_rules(scenario: Any, segment: str, constants: dict[str, float], inertia: float) -> ChoiceRules:
    """The rules of a segment for given constants and inertia."""
    stated = scenario.segments[segment]
    years = scenario.calendar.years_per_period
    names = suppliers(scenario)
    slots = {name: number + 1 for number, name in enumerate(names)} | {NOBODY: 0}
    return ChoiceRules(
        constants=constants,
        inertia=inertia,
        stage_inertia=tuple(stated.stages.inertia),
        outside_inertia=stated.outside_inertia,
        points_worth=stated.points_worth,
        tailoring=stated.tailoring,
        reference_price=scenario.price(US, segment),
        promotion=(
            promotion_probability(stated.stages.years[0], years),
            promotion_probability(stated.stages.years[1], years),
        ),
        slots=slots,
        years=years,
    )


def matrix(person: Customer, today: Market, rules: ChoiceRules) -> np.ndarray:
    """The customer's own transition matrix: from state (row) to state."""
    names = states(tuple(rules.constants))
    return np.array([list(transition(person, today, rules, state).values()) for state in names])


def stationary(person: Customer, today: Market, rules: ChoiceRules) -> Chances:
    """Where a customer is in the long run if nothing changes: pi P = pi, sum 1."""
    moves = matrix(person, today, rules)
    size = len(moves)
    equations = np.vstack([moves.T - np.eye(size), np.ones(size)])
    shares = np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)[0]
    return dict(zip(states(tuple(rules.constants)), map(float, shares), strict=True))


def given(chances: Chances, keep: set[str]) -> Chances:
    """Chances on the condition that the state is one of `keep`."""
    total = sum(chance for state, chance in chances.items() if state in keep)
    return {state: chance / total if state in keep else 0.0 for state, chance in chances.items()}


def opening_chances(
    person: Customer, resting: Chances, names: tuple[str, ...], stage_years: tuple[float, ...]
) -> Chances:
    """Where a customer starts: anywhere it rests, or where the file says that it is."""
    if person.supplier == DRAWN:
        return resting
    if person.supplier == NOT_OURS:
        return given(resting, set(resting) - set(STAGES))
    if names[person.supplier] != US:
        return given(resting, {names[person.supplier]})
    if person.tenure_months < 0:
        return given(resting, set(STAGES))
    return given(resting, {stage_of(person.tenure_months, stage_years)})


def stage_of(tenure_months: int, stage_years: tuple[float, ...]) -> str:
    """The stage of a customer whose tenure the file gives: as long as the stages last on average."""
    if tenure_months < 12 * stage_years[0]:
        return NEW
    return ESTABLISHED if tenure_months < 12 * (stage_years[0] + stage_years[1]) else LOYAL


def ours(chances: Chances) -> float:
    """The probability of being our customer."""
    return sum(chances[stage] for stage in STAGES if stage in chances)


def shares(people: list[Customer], chances: dict[int, Chances]) -> dict[str, float]:
    """Market shares by supplier."""
    total = sum(person.weight for person in people)
    share: dict[str, float] = {}
    for person in people:
        for state, chance in chances[person.row].items():
            name = supplier_in(state)
            share[name] = share.get(name, 0.0) + person.weight * chance / total
    return share


def after(chances: Chances, moves: np.ndarray, periods: int) -> Chances:
    """Chances some periods later."""
    vector = np.array(list(chances.values()))
    for _ in range(periods):
        vector = vector @ moves
    return dict(zip(chances, map(float, vector), strict=True))


def first_year_churn(
    scenario: Any, people: list[Customer], today: Market, rules: ChoiceRules, chances: dict[int, Chances]
) -> float:
    """Of those who are ours on day one, the fraction who leave at least once in the first year."""
    kept = opened = 0.0
    for person in people:
        stay = matrix(person, today, rules)[:3, :3]
        vector = np.array([chances[person.row][stage] for stage in STAGES])
        opened += person.weight * float(vector.sum())
        for _ in range(scenario.calendar.periods_per_year):
            vector = vector @ stay
        kept += person.weight * float(vector.sum())
    return 1 - kept / opened


def solve(scenario: Any, segment: str, people: list[Customer]) -> tuple[ChoiceRules, ChoiceRules]:
    """The rules that explain stated shares and churn, and those under which the opening is at rest.

    They differ only if a file fixes suppliers: then customers do not start at rest one by one, and constants
    are such that shares are the same a year later.
    """
    stated = scenario.segments[segment]
    names = suppliers(scenario)
    target = stated_shares(stated, people, names)
    present = tuple(name for name in names if target.get(name, 0.0) > 0)
    today = market(scenario, segment, present, BASE, 0)
    fixed = any(person.supplier != DRAWN for person in people)
    guess = dict.fromkeys(present, 0.0)

    def explain(inertia: float) -> tuple[ChoiceRules, ChoiceRules, float]:
        nonlocal guess

        def resting_shares(constants: dict[str, float]) -> dict[str, float]:
            rules = choice_rules(scenario, segment, constants, inertia)
            return shares(people, {person.row: stationary(person, today, rules) for person in people})

        guess = match(resting_shares, target, guess)
        restful = rules = choice_rules(scenario, segment, guess, inertia)
        chances = {
            person.row: opening_chances(
                person, stationary(person, today, restful), names, stated.stages.years
            )
            for person in people
        }
        if fixed:

            def shares_a_year_on(constants: dict[str, float]) -> dict[str, float]:
                rules = choice_rules(scenario, segment, constants, inertia)
                year = scenario.calendar.periods_per_year
                later = {
                    person.row: after(chances[person.row], matrix(person, today, rules), year)
                    for person in people
                }
                return shares(people, later)

            constants = match(shares_a_year_on, shares(people, chances), guess)
            rules = choice_rules(scenario, segment, constants, inertia)
        return rules, restful, first_year_churn(scenario, people, today, rules, chances)

    def excess(inertia: float) -> float:
        return explain(inertia)[2] - float(stated.churn)

    if excess(0.0) < 0:
        raise ValueError(f"{segment}: churn {stated.churn} is more than reviews allow without inertia")
    highest = 1.0
    while excess(highest) > 0:
        highest *= 2
    rules, restful, _ = explain(float(brentq(excess, 0.0, highest, xtol=1e-13)))
    return rules, restful


def stated_shares(stated: Any, people: list[Customer], names: tuple[str, ...]) -> dict[str, float]:
    """The scenario's shares, or the file's where it fixes everybody's supplier."""
    if all(person.supplier >= 0 for person in people):
        total = sum(person.weight for person in people)
        share: dict[str, float] = {}
        for person in people:
            name = names[person.supplier]
            share[name] = share.get(name, 0.0) + person.weight / total
        return share
    return {name: float(share) for name, share in stated.shares.items()}


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


def base_revenues(
    scenario: Any,
    segment: str,
    people: list[Customer],
    chances: dict[int, Chances],
    resting: dict[int, Chances],
) -> dict[int, float]:
    """Yearly revenue before the stage's multiplier, such that what is stated holds at the opening stage.

    Synthetic revenue is rescaled so that the mean over our opening customers is the stated one.
    """
    stated = scenario.segments[segment]
    factor = 1.0
    if all(person.id >> 62 != FILE_KIND for person in people):
        weight = {person.row: person.weight * ours(chances[person.row]) for person in people}
        modelled = sum(weight[person.row] * person.revenue for person in people) / sum(weight.values())
        factor = mean_revenue(stated.revenue) / modelled
    stages = getattr(stated, "stages", None)
    multipliers = (1.0, 1.0, 1.0) if stages is None else tuple(stages.revenue)
    base = {}
    for person in people:
        start = chances[person.row] if ours(chances[person.row]) > 0 else resting[person.row]
        stage = given(start, set(STAGES))
        expected = sum(
            stage.get(name, 0.0) * multiplier for name, multiplier in zip(STAGES, multipliers, strict=True)
        )
        base[person.row] = person.revenue * factor / expected
    return base


def mean_revenue(revenue: Any) -> float:
    """What the scenario states as the mean revenue of a customer of ours, currency a year."""
    return float(getattr(revenue, "mean", revenue))
