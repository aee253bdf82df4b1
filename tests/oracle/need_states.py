"""Customers who move on between need states: joint distributions by matrices, and each one's own path by its luck."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import expm

from . import customer, luck
from .customer import STAGES, ChoiceRules, Customer, open_position, state_at, states, transition
from .luck import OPENING, period_luck, uniform, words
from .market import Market
from .world import World

NEED_STATE = 11
Joint = np.ndarray  # [need state, state]


class Law(NamedTuple):
    """How a segment's customers move on, and what that does to what they need."""

    names: tuple[str, ...]
    hazard: np.ndarray  # [L, L] a year, from and to
    share: np.ndarray  # [L] of customers, for ever
    shift: list[dict[str, float]]  # of needs weights
    move: np.ndarray  # [L, L] probabilities of a period
    years: float  # its length


def law_of(scenario: Any, segment: str) -> Law:
    """All states must lead to all others."""
    stated = scenario.segments[segment].need_states
    names = tuple(sorted(stated))
    hazard = np.array([[-math.log(1 - stated[one].next.get(other, 0.0)) for other in names] for one in names])
    generator = hazard - np.diag(hazard.sum(axis=1))
    equations = np.vstack([generator.T, np.ones(len(names))])
    share = np.linalg.lstsq(equations, np.append(np.zeros(len(names)), 1.0), rcond=None)[0]
    mean = {
        need: sum(p * stated[n].needs.get(need, 0.0) for p, n in zip(share, names, strict=True))
        for need in scenario.needs
    }
    shift = [{need: stated[n].needs.get(need, 0.0) - mean[need] for need in scenario.needs} for n in names]
    years = scenario.calendar.years_per_period
    return Law(names, hazard, share, shift, np.asarray(expm(generator * years)), years)


def moved_on(person: Customer, shift: dict[str, float]) -> Customer:
    """The customer in a need state."""
    needs = {need: weight + shift[need] for need, weight in person.needs.items()}
    return person._replace(needs=needs, moved=sum(map(abs, shift.values())) / 2)


def reviewed(person: Customer, market: Market, rules: ChoiceRules, law: Law) -> np.ndarray:
    """[L, states, states] transitions of suppliers and stages in each need state."""
    names = states(tuple(rules.constants))
    return np.array(
        [
            [list(transition(moved_on(person, shift), market, rules, state).values()) for state in names]
            for shift in law.shift
        ]
    )


def carried(joint: Joint, moves: np.ndarray, law: Law) -> Joint:
    """A period on: reviews with the needs of its beginning, then moves between need states."""
    return law.move.T @ np.einsum("ns,nst->nt", joint, moves)


def at_rest(moves: np.ndarray, law: Law) -> Joint:
    """What a period leaves as it is."""
    copies, count, _ = moves.shape
    whole = np.einsum("nst,nm->nsmt", moves, law.move).reshape(copies * count, -1)
    equations = np.vstack([whole.T - np.eye(len(whole)), np.ones(len(whole))])
    found = np.linalg.lstsq(equations, np.append(np.zeros(len(whole)), 1.0), rcond=None)[0]
    return np.asarray(found.reshape(copies, count))


def stays(joint: Joint, moves: np.ndarray, law: Law, periods: int) -> float:
    """Mass of ours that never left."""
    ours = joint[:, : len(STAGES)]
    for _ in range(periods):
        ours = law.move.T @ np.einsum("ns,nst->nt", ours, moves[:, : len(STAGES), : len(STAGES)])
    return float(ours.sum())


def lived(world: World, person: Customer, cell: Any, opening: Joint, law: Law) -> list[Joint]:
    """The customer's joint distribution at the end of every period, from the opening or entering on."""
    rules = world.openings[person.segment].rules
    assert rules is not None
    found = [opening]
    for market in world.markets[cell, person.segment][person.arrival :]:
        found.append(carried(found[-1], reviewed(person, market, rules, law), law))
    return found


def need_path(seed: int, person: Customer, replication: int, law: Law, start: int, periods: int) -> list[int]:
    """The need state as each period from the arrival on begins."""
    dates, visited, ordinal = [person.arrival * law.years], [start], 0
    while dates[-1] <= periods * law.years:
        ordinal += 1
        high, low, onward, _ = words(seed, person.id, NEED_STATE, ordinal, replication)
        hazard = law.hazard[visited[-1]]
        wait = -math.log((high * 2**20 + (low >> 12) + 0.5) / 2**52) / hazard.sum()
        reached = np.cumsum(hazard) / hazard.sum()
        dates.append(dates[-1] + wait)
        visited.append(next(n for n, part in enumerate(reached) if uniform(onward) < part and hazard[n] > 0))
    return [
        visited[max(n for n, date in enumerate(dates) if date <= period * law.years)]
        for period in range(person.arrival, periods)
    ]


def drawn(world: World, person: Customer, cell: Any, opening: Joint, law: Law, replication: int) -> list[str]:
    """The states of a customer in a cell, from the opening or entering on: those of suppliers and stages."""
    scenario, rules = world.scenario, world.openings[person.segment].rules
    assert rules is not None
    seed, names = scenario.simulation.seed, states(tuple(rules.constants))
    first, established, loyal, _ = words(seed, person.id, OPENING, 0, replication)
    reached = np.cumsum(opening.ravel())
    place = next(k for k, part in enumerate(reached) if uniform(first) < part and opening.ravel()[k] > 0)
    need, state = divmod(place, len(names))
    own = luck.OpeningLuck(0.0, established, loyal)
    position = open_position({names[state]: 1.0}, own, rules.promotion, person.arrival)
    path = [state_at(position, person.arrival - 1)]
    needs = need_path(seed, person, replication, law, need, scenario.calendar.periods)
    for period in range(person.arrival, scenario.calendar.periods):
        there = moved_on(person, law.shift[needs[period - person.arrival]])
        market = world.markets[cell, person.segment][period]
        step = customer.live(there, market, rules, position, period, period_luck(seed, person.id, period, replication))
        position = step.position
        path.append(state_at(position, period))
    return path
