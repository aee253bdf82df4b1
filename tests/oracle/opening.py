"""A segment on day one: the rules that explain it, where each customer starts, what it brings."""

from __future__ import annotations

from typing import Any, NamedTuple

from .calibration import solve
from .contract import CONVERTED
from .customer import ESTABLISHED, STAGES, ChoiceRules, Customer
from .market import BASE, NOBODY, US, is_choice, market, suppliers
from .reading import choice_rules, customers
from .rest import Chances, given, opening_chances, ours, stationary

FILE_KIND = 0  # in the two top bits of an id


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
        chances = {person.row: {ESTABLISHED: 1.0, CONVERTED: 0.0, NOBODY: 0.0} for person in people}
        base = base_revenues(scenario, segment, people, chances, chances)
        return SegmentOpening(people, None, chances, base)
    stated = scenario.segments[segment]
    if constants is None:
        constants, inertia = stated.constants, stated.inertia
    if constants is None or inertia is None:
        rules, restful, _ = solve(scenario, segment, [person for person in people if person.arrival == 0])
    else:
        present = tuple(name for name in suppliers(scenario) if name in {US, *constants})
        ordered = {name: constants.get(name, 0.0) for name in present}
        restful = rules = choice_rules(scenario, segment, ordered, inertia)
    today = market(scenario, segment, tuple(rules.constants), BASE, 0)
    resting = {person.row: stationary(person, today, restful) for person in people}
    names = suppliers(scenario)
    chances = {
        person.row: opening_chances(person, resting[person.row], names, stated.stages.years) for person in people
    }
    return SegmentOpening(people, rules, chances, base_revenues(scenario, segment, people, chances, resting))


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
        there = [person for person in people if person.arrival == 0]
        weight = {person.row: person.weight * ours(chances[person.row]) for person in there}
        modelled = sum(weight[person.row] * person.revenue for person in there) / sum(weight.values())
        factor = mean_revenue(stated.revenue) / modelled
    stages = getattr(stated, "stages", None)
    multipliers = (1.0, 1.0, 1.0) if stages is None else tuple(stages.revenue)
    base = {}
    for person in people:
        start = chances[person.row] if ours(chances[person.row]) > 0 else resting[person.row]
        stage = given(start, set(STAGES))
        expected = sum(stage.get(name, 0.0) * multiplier for name, multiplier in zip(STAGES, multipliers, strict=True))
        base[person.row] = person.revenue * factor / expected
    return base


def mean_revenue(revenue: Any) -> float:
    """What the scenario states as the mean revenue of a customer of ours, currency a year."""
    return float(getattr(revenue, "mean", revenue))
