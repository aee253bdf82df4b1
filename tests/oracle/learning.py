"""Markets whose suppliers learn from the customers that they serve: lived through from the start for every period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import expected, knowledge, rival_programme, sampled
from .customer import Customer, supplier_in
from .imitation import speed
from .market import NOBODY, US, Cell, Market, active_changes, levers
from .world import World

Counts = dict[str, float]  # customers by supplier
Crowd = Callable[[list[Market]], Counts]  # what has become of customers in so many periods, which may be none


def with_learning(world: World, replication: int | None = None) -> World:
    """The world of one replication, or that of expected customers, with what suppliers know by then in its markets."""
    markets, run_off = dict(world.markets), dict(world.run_off)
    for cell, segment in world.markets:
        if world.openings[segment].rules is None:
            continue
        crowd = _crowd(world, cell, segment, replication)
        markets[cell, segment] = _learned(world.scenario, cell, segment, world.markets[cell, segment], crowd)
        run_off[cell, segment] = run_off[cell, segment]._replace(knowledge=markets[cell, segment][-1].knowledge)
    return world._replace(markets=markets, run_off=run_off)


def _crowd(world: World, cell: Cell, segment: str, replication: int | None) -> Crowd:
    """Customers of a segment by supplier after some markets, in one cell."""
    people = world.openings[segment].people
    fates = {} if replication is None else {each.row: sampled.fate(world, each, replication) for each in people}

    def crowd(so_far: list[Market]) -> Counts:
        counts: Counts = dict.fromkeys(world.names, 0.0)
        known = world._replace(markets={(cell, segment): so_far})
        for person in people:
            if person.arrival > len(so_far):
                continue
            if replication is None:
                chances = _chances(world, person, so_far)
            else:
                chances = {sampled.draw_path(known, person, cell, fates[person.row]).states[-1]: 1.0}
            for state, chance in chances.items():
                counts[supplier_in(state)] += person.weight * chance
        return counts

    return crowd


def _chances(world: World, person: Customer, so_far: list[Market]) -> dict[str, float]:
    chances = world.openings[person.segment].chances[person.row]
    for period in range(person.arrival, len(so_far)):
        after = dict.fromkeys(chances, 0.0)
        for state, chance in chances.items():
            for to, move in expected.row_in(world, person, so_far[period], period, state).items():
                after[to] += chance * move
        chances = after
    return chances


def _learned(scenario: Any, cell: Cell, segment: str, markets: list[Market], crowd: Crowd) -> list[Market]:
    """The markets of all periods, given them without learning."""
    names = [name for name in markets[0].knowledge if name != NOBODY]
    today = {name: stated_knowledge(scenario, name) for name in names}
    opening, stock, shown, found = crowd([]), dict(today), dict(today), list[Market]()
    years = scenario.calendar.years_per_period
    for period, market in enumerate(markets):
        counts, before = crowd(found), dict(stock)
        for name in names:
            ratio = counts[name] / opening[name] if opening[name] > 0 else 1.0
            stock[name] = knowledge.after(
                before[name], today[name], ratio, taught(scenario, cell, segment, period, name),
                scenario.learning.forgetting, scenario.learning.learning_exponent, years,
            )  # fmt: skip
            if name != US:
                lead = (shown[US] - today[US]) - (max(before[name], shown[name]) - today[name])
                stock[name] += knowledge.made_up(speed(scenario, name, "knowledge"), years) * max(0.0, lead)
            stock[name] = min(1.0, stock[name])
        shown = {name: moved(scenario, segment, cell, period, name, known) for name, known in stock.items()}
        found.append(market._replace(knowledge=shown))
    return found


def stated_knowledge(scenario: Any, name: str) -> float:
    """Of a supplier, today."""
    if name == US:
        return float(scenario.company.knowledge)
    return float(scenario.rivals[name].knowledge) if name in scenario.rivals else 0.0


def taught(scenario: Any, cell: Cell, segment: str, period: int, name: str) -> float:
    """What spend adds to a supplier's learning, a year."""
    if name == US:
        return levers(scenario, segment, cell, period, "knowledge")
    return rival_programme.effect(scenario, cell[1], name, segment, period, "knowledge")


def moved(scenario: Any, segment: str, cell: Cell, period: int, name: str, known: float) -> float:
    """What a supplier knows in a period, by what it has learned and its moves."""
    changes = active_changes(scenario, segment, cell, period, name) if name != US else []
    for change in changes:
        known = change.set.get("knowledge", known)
    return float(max(0.0, min(1.0, known + sum(change.change.get("knowledge", 0.0) for change in changes))))
