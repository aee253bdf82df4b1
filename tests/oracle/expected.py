"""Expected mode: every customer carries its probabilities, once as ours at the opening and once as not."""

from __future__ import annotations

from typing import NamedTuple

from . import contract, customer
from .customer import STAGES, Customer
from .market import NOBODY, Cell
from .rest import given, ours
from .tally import FUTURE, PRESENT, joined_us
from .value import History
from .world import World

NEGLIGIBLE = 1e-12
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
    """Probabilities from the opening to the horizon."""
    history, flows = History([start], []), []
    for period in range(world.scenario.calendar.periods):
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


def row(world: World, person: Customer, cell: Cell, period: int, state: str) -> dict[str, float]:
    """The customer's transition probabilities from a state in a period."""
    market = world.markets[cell, person.segment][period]
    rules = world.openings[person.segment].rules
    if rules is not None:
        return customer.transition(person, market, rules, state)
    hazards = world.portfolio.hazards[person.segment]
    leaving = contract.leaving_probability(hazards, market, person, period, world.months_per_period)
    return contract.transition(state, 1.0 if state == NOBODY else leaving)
