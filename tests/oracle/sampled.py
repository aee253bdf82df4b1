"""Sampled mode: every customer draws its path, with the same luck in all cells."""

from __future__ import annotations

from typing import NamedTuple

from . import contract, customer
from .customer import ABSENT, Customer, Position, Step, open_position, state_at, supplier_in
from .luck import OpeningLuck, PeriodLuck, opening_luck, period_luck, revenue_multiplier
from .market import US, Cell
from .value import History
from .world import World, offering

NEVER = 2**31


class Path(NamedTuple):
    """What became of a customer in a cell."""

    states: list[str]  # [T + 1]
    steps: list[Step]  # [T]


class Fate(NamedTuple):
    """What a customer drew in a replication, whatever the cell."""

    opening: OpeningLuck
    periods: list[PeriodLuck]
    multiplier: float


def fate(world: World, person: Customer, replication: int) -> Fate:
    """All luck of a customer in a replication."""
    seed = world.scenario.simulation.seed
    spread = world.scenario.segments[person.segment].revenue_spread
    return Fate(
        opening_luck(seed, person.id, replication),
        [period_luck(seed, person.id, period, replication) for period in range(world.scenario.calendar.periods)],
        revenue_multiplier(seed, person.id, replication, spread),
    )


def draw_path(world: World, person: Customer, cell: Cell, luck: Fate) -> Path:
    """A customer's path through a cell."""
    opening = world.openings[person.segment]
    if opening.rules is None:
        position = Position(US, 0, NEVER)
    else:
        position = open_position(opening.chances[person.row], luck.opening, opening.rules.promotion, person.arrival)
    before = [Step(Position(ABSENT), False, {})] * person.arrival
    path = Path([ABSENT] * person.arrival + [state_at(position, person.arrival - 1)], before)
    for period, market in enumerate(world.markets[cell, person.segment]):
        if period < person.arrival:
            continue
        if opening.rules is None:
            terms = contract.terms(world.scenario, world.portfolio, person.segment)
            leaving = contract.leaving_probabilities(terms, market, person, period, world.months_per_period)
            converting = contract.converting_probability(market, world.scenario.calendar.years_per_period)
            step = Step(contract.live(position, period, leaving, converting, luck.periods[period]), False, {})
        else:
            step = customer.live(person, market, opening.rules, position, period, luck.periods[period])
        position = step.position
        path.steps.append(step)
        path.states.append(state_at(position, period))
    return path


def count(world: World, cell: Cell, segment: str, fates: dict[int, Fate]) -> dict[str, float]:
    """Customers of every supplier in a segment after the periods whose markets are known."""
    known = len(world.markets[cell, segment])
    counted = dict.fromkeys(offering(world, segment), 0.0)
    for person in world.openings[segment].people:
        if person.arrival <= known:
            path = draw_path(world, person, cell, fates[person.row])
            counted[supplier_in(path.states[-1])] += person.weight
    return counted


def history_of(path: Path) -> History:
    """A path as certain probabilities."""
    pairs = zip(path.states, path.states[1:], strict=False)
    return History(
        [{state: 1.0} for state in path.states],
        [float(supplier_in(before) != US and supplier_in(after) == US) for before, after in pairs],
    )


def compare_directions(reference: Path, other: Path) -> tuple[int, int, int]:
    """Reviews that take place in both cells, those that end at an offer that did not rise, later differences.

    The guarantee holds from the same state; whatever differs after an earlier difference is 'later'.
    """
    shared = violations = later = 0
    for period, (first, second) in enumerate(zip(reference.steps, other.steps, strict=True)):
        if not (first.reviewed and second.reviewed):
            continue
        shared += 1
        there, here = first.position.supplier, second.position.supplier
        if there == here:
            continue
        if reference.states[period] != other.states[period]:
            later += 1
        elif rise(first, second, here) <= rise(first, second, there):
            violations += 1
    return shared, violations, later


def rise(first: Step, second: Step, option: str) -> float:
    """By how much the utility of an option is higher in the second cell."""
    return second.worth[option] - first.worth[option]
