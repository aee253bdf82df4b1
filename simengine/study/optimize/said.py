"""What a person says of an optimum in single options, and what that allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

import numpy as np

from simengine.scenario.model import Scenario
from simengine.scenario.option_number import money_of_option
from simengine.scenario.problems import Problem, ScenarioError, listed, of_option
from simengine.scenario.rules.budget import money
from simengine.study.optimize.expression import Refused, Sum, compared, named, names_of
from simengine.study.optimize.items import Items, Place
from simengine.study.optimize.limits import Feasible, Limit
from simengine.study.probabilities import probabilities_of, require_probabilities

YEARLY, UNLIMITED = "yearly", "unlimited"
Read = TypeVar("Read")


@dataclass(frozen=True)
class Bound:
    """What one lever in one segment, or several places together, may cost, money a year."""

    text: str
    places: tuple[Place, ...]
    low: float
    high: float  # inf where nothing is stated


@dataclass(frozen=True)
class Fixed:
    """Places that are not decided: at an amount, money a year, or as the scenario has them."""

    text: str
    places: tuple[Place, ...]
    amount: float | None


@dataclass(frozen=True)
class Constraint:
    """left <= 0, >= 0 or = 0."""

    text: str
    left: Sum
    sign: str


def all_of(problems: list[Problem], texts: Sequence[str], read: Callable[[str], Read]) -> list[Read]:
    """What all the texts of an option mean; what is wrong with them goes to `problems`."""
    found = []
    for text in texts:
        try:
            found.append(read(text))
        except ScenarioError as error:
            problems += error.problems
    return found


def read_bound(text: str, places: Sequence[Place]) -> Bound:
    """`advisers.affluent=2M:12M`, either side of the colon left out."""
    option, expected = "--bound", "WHAT=LOW:HIGH, such as advisers.affluent=2M:12M or outreach=:6M"
    name, equals, span = text.partition("=")
    low_text, colon, high_text = (part.strip() for part in span.partition(":"))
    if not (equals and colon and (low_text or high_text)):
        raise ScenarioError([of_option(option, text, f"'{text}'", expected)])
    found = _named(option, text, name.strip(), places)
    low = money_of_option(option, low_text, expected) if low_text else 0.0
    high = money_of_option(option, high_text, expected) if high_text else inf
    if low > high:
        raise ScenarioError([of_option(option, text, f"{low_text} above {high_text}", "the lower amount first")])
    return Bound(text, found, low, high)


def read_fixed(text: str, places: Sequence[Place]) -> Fixed:
    """`advisers.mass` as it is, or `advisers.mass=3M`."""
    name, equals, amount = text.partition("=")
    found = _named("--fix", text, name.strip(), places)
    if not equals:
        return Fixed(text, found, None)
    expected = "WHAT or WHAT=MONEY, such as advisers.mass=3M"
    if len(found) > 1:
        one = listed(map(str, found))
        raise ScenarioError([of_option("--fix", text, f"an amount for {len(found)} places", f"one place: {one}")])
    return Fixed(text, found, money_of_option("--fix", amount.strip(), expected))


def read_constraint(text: str, places: Sequence[Place]) -> Constraint:
    """`advisers.affluent >= 2 advisers.mass`."""
    try:
        return Constraint(text, *compared(text, names_of(places)))
    except Refused as refused:
        expected = "sums of money, such as `advisers.affluent + outreach <= 60% budget`"
        raise ScenarioError([of_option("--constraint", text, refused.found, expected, refused.suggestion)]) from None


def _named(option: str, text: str, name: str, places: Sequence[Place]) -> tuple[Place, ...]:
    known = names_of(places)
    try:
        return named(name, known)
    except Refused as refused:
        levers = listed(sorted({place.lever for place in places}))
        expected = f"a lever that can be funded ({levers}), a segment, or lever.segment"
        raise ScenarioError([of_option(option, text, refused.found, expected, refused.suggestion)]) from None


def read_phases(text: str | None, scenario: Scenario) -> list[int]:
    """`2027,2029` or `yearly` as the periods in which phases begin; the first period of None."""
    if text is None:
        return [0]
    calendar = scenario.calendar
    if text.strip() == YEARLY:
        return list(range(0, calendar.periods, calendar.periods_per_year))
    expected = f"dates of the calendar with commas between, such as {calendar.labels[0]}, or {YEARLY}"
    starts, problems = [], []
    for part in (part.strip() for part in text.split(",")):
        try:
            starts.append(calendar.index(part))
        except ValueError as error:
            problems.append(of_option("--phases", text, f"'{part}'", str(error) if part else expected))
    if not problems and starts != sorted(set(starts)):
        problems.append(of_option("--phases", text, "dates that do not rise", expected))
    if problems:
        raise ScenarioError(problems)
    return starts


def read_budget(text: str | None, scenario: Scenario, spent: float) -> float:
    """Money a year: the budget of None is the scenario's, else what is `spent` today. inf: unlimited."""
    if text is None:
        return spent if scenario.budget is None else scenario.budget
    if text.strip() == UNLIMITED:
        return inf
    expected = f"money a year above 0, such as 40M, or {UNLIMITED}"
    found = money_of_option("--budget", text, expected)
    if found == 0:
        raise ScenarioError([of_option("--budget", text, text, expected)])
    return found


def read_probabilities(text: str, scenario: Scenario) -> dict[str, float]:
    """`quiet=50%,price_war=50%` in the order of the scenario's moves; those not named have none."""
    found = probabilities_of(text)
    require_probabilities(found, scenario.moves)
    return {move: found[move] for move in scenario.moves if found.get(move)}


def feasible_of(
    items: Items, budget: float, bounds: Sequence[Bound], fixed: Sequence[Fixed], constraints: Sequence[Constraint],
    much: float,
) -> Feasible:  # fmt: skip
    """What the items may cost in every phase. Without a budget no item may cost more than `much`."""
    n, phases = len(items), len(items.phases)
    low, high = np.zeros(n), np.full(n, np.inf if budget < inf else much)
    index = {place: p for p, place in enumerate(items.places)}
    limits: list[Limit] = []

    def limit(text: str, phase: int, factors: Mapping[Place, float], at_most: float) -> None:
        """The part of what is not decided counts as it is."""
        row, room = np.zeros(n), at_most
        for place, factor in factors.items():
            if place in index:
                row[items.at(index[place], phase)] = factor
            else:
                span = items.phases[phase]
                path = items.kept.get(place, (0.0,) * span.end)
                room -= max(factor * money for money in path[span.start : span.end])
        limits.append(Limit(text, phase, row, room))

    for f, phase in enumerate(items.phases):
        if budget < inf:
            row = np.zeros(n)
            row[f::phases] = 1.0
            limits.append(Limit(f"budget {money(budget)}", f, row, budget - items.kept_in(phase)))
        for bound in bounds:
            if len(bound.places) == 1 and bound.places[0] in index:
                i = items.at(index[bound.places[0]], f)
                low[i], high[i] = max(low[i], bound.low), min(high[i], bound.high)
                continue
            ones = dict.fromkeys(bound.places, 1.0)
            if bound.high < inf:
                limit(f"bound {bound.text}", f, ones, bound.high)
            if bound.low > 0:
                limit(f"bound {bound.text}", f, dict.fromkeys(bound.places, -1.0), -bound.low)
        for each in fixed:
            if each.amount is not None:
                i = items.at(index[each.places[0]], f)
                low[i] = high[i] = each.amount
        for constraint in constraints:
            left = constraint.left
            constant = left.money + (left.budget * budget if left.budget else 0.0)
            if constraint.sign in ("<=", "="):
                limit(constraint.text, f, left.places, -constant)
            if constraint.sign in (">=", "="):
                limit(constraint.text, f, {place: -x for place, x in left.places.items()}, constant)
    return Feasible(low, high, tuple(limits), min(budget, much))
