"""Where a customer is at rest, and where it starts."""

from __future__ import annotations

import numpy as np

from .customer import ESTABLISHED, LOYAL, NEW, STAGES, ChoiceRules, Customer, states, supplier_in, transition
from .market import US, Market

DRAWN, NOT_OURS = -1, -2  # as `Population.supplier` has them
Chances = dict[str, float]  # probability of each state


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
