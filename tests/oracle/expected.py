"""Expected mode: every customer carries its probabilities, once as ours at the opening and once as not."""

from __future__ import annotations

from typing import NamedTuple

from . import contract, customer
from .customer import ABSENT, ESTABLISHED, STAGES, Customer, supplier_in
from .market import Cell, Market
from .rest import given, ours
from .tally import FUTURE, PRESENT, joined_us
from .value import History
from .world import World, offering

NEGLIGIBLE = 1e-12
UNSEEN, LONGEST_RUN_OFF = 1e-9, 5000  # customers, discounted; periods
Flows = dict[tuple[str, str], float]  # probability of going from a state to another


class Part(NamedTuple):
    """A customer on the condition that it was, or was not, ours at the opening."""

    presence: int
    probability: float
    history: History
    flows: list[Flows]  # [T]


def parts(world: World, person: Customer, cell: Cell) -> list[Part]:
    """The customer as present, and as future."""
    chances = world.openings[person.segment].chances[person.row]
    if person.arrival > 0:
        return [carry(world, person, cell, FUTURE, 1.0, chances)]
    present = ours(chances)
    found = []
    if present > NEGLIGIBLE:
        found.append(carry(world, person, cell, PRESENT, present, given(chances, set(STAGES))))
    if 1 - present > NEGLIGIBLE:
        elsewhere = given(chances, set(chances) - set(STAGES))
        found.append(carry(world, person, cell, FUTURE, 1 - present, elsewhere))
    return found


def carry(
    world: World,
    person: Customer,
    cell: Cell,
    presence: int,
    probability: float,
    start: dict[str, float],
) -> Part:
    """Probabilities from the opening, or from entering the market, to the horizon."""
    history, flows = History([start], []), []
    if person.arrival > 0:
        nothing: Flows = {}
        history = History([{}] * person.arrival + [start], [0.0] * (person.arrival - 1) + [ours(start)])
        flows = [nothing] * (person.arrival - 1) + [{(ABSENT, state): chance for state, chance in start.items()}]
    for period in range(person.arrival, len(world.markets[cell, person.segment])):
        flow = {
            (before, after): chance * move
            for before, chance in history.states[-1].items()
            for after, move in row(world, person, cell, period, before).items()
        }
        history.joins.append(sum(chance for move, chance in flow.items() if joined_us(*move)))
        history.states.append(
            {state: sum(chance for move, chance in flow.items() if move[1] == state) for state in start}
        )
        flows.append(flow)
    return Part(presence, probability, history, flows)


def count(world: World, cell: Cell, segment: str) -> dict[str, float]:
    """Customers of every supplier in a segment after the periods whose markets are known."""
    known = len(world.markets[cell, segment])
    counted = dict.fromkeys(offering(world, segment), 0.0)
    for person in world.openings[segment].people:
        for part in parts(world, person, cell) if person.arrival <= known else ():
            for state, chance in part.history.states[-1].items():
                counted[supplier_in(state)] += person.weight * part.probability * chance
    return counted


def row(world: World, person: Customer, cell: Cell, period: int, state: str) -> dict[str, float]:
    """The customer's transition probabilities from a state in a period."""
    return row_in(world, person, world.markets[cell, person.segment][period], period, state)


def row_in(world: World, person: Customer, market: Market, period: int, state: str) -> dict[str, float]:
    """The same in a given market."""
    rules = world.openings[person.segment].rules
    if rules is not None:
        return customer.transition(person, market, rules, state)
    terms = contract.terms(world.scenario, world.portfolio, person.segment)
    leaving = contract.leaving_probabilities(terms, market, person, period, world.months_per_period)
    years = world.scenario.calendar.years_per_period
    return contract.transition(state, leaving, contract.converting_probability(market, years))


def run_off(world: World, person: Customer, cell: Cell, end: dict[str, float]) -> History:
    """The horizon's customers until next to nobody is left: the last period again and again, and nobody returns."""
    first, market = world.scenario.calendar.periods, world.run_off[cell, person.segment]
    discounted, v = 1.0, 1 / (1 + world.rates.discount)
    choosing = world.openings[person.segment].rules is not None
    stages = STAGES if choosing else (ESTABLISHED, contract.CONVERTED)
    history = History([{stage: end.get(stage, 0.0) for stage in stages}], [])
    rows = {state: row_in(world, person, market, first, state) for state in history.states[0]}
    for period in range(first, first + LONGEST_RUN_OFF):
        before = history.states[-1]
        if discounted * sum(before.values()) < UNSEEN:
            break
        if not choosing:  # the hazard goes on with tenure
            rows = {state: row_in(world, person, market, period, state) for state in before}
        after = {to: sum(chance * rows[state].get(to, 0.0) for state, chance in before.items()) for to in before}
        history.states.append(after)
        history.joins.append(0.0)
        discounted *= v
    return history
