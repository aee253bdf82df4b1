"""A market that answers what customers do, or has luck of its own: one replication of it, period after period."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from . import knowledge, market, rival_programme
from .condition import Shown, holds
from .imitation import speed
from .luck import words
from .market import KNOWLEDGE, NOBODY, US, Cell, Forces, Market, is_choice, knowledge_today, suppliers
from .moves import periods_held
from .shocks import SHOCK, address, deviation, mixed, need_shifts, normal
from .world import World, beyond, centre_of, options

ARRIVAL = 33
DEMAND = "demand"
Customers = dict[str, float]  # by supplier
Count = Callable[[World, Cell, str], Customers]  # in a segment of a cell, after the periods that the world knows


def feeds_back(scenario: Any) -> bool:
    """Whether what customers do moves the market."""
    talk = any(getattr(segment, "word_of_mouth", 0) for segment in scenario.segments.values())
    return talk or scenario.learning is not None or any(change.trigger for change in _changes(scenario))


def has_luck(scenario: Any) -> bool:
    """Whether replications differ by more than the luck of single customers."""
    drifting = [segment.needs_drift.volatility for segment in scenario.segments.values() if hasattr(segment, "needs")]
    moves = any(change.arrival or change.size for change in _changes(scenario))
    return moves or any(drifting) or bool(_volatility(scenario))


def _changes(scenario: Any) -> list[Any]:
    return [change for changes in scenario.moves.values() for change in changes]


def unfolded(world: World, replication: int, count: Count) -> World:
    """The world as it comes to be in a replication: markets of all periods, moves with the dates that they got."""
    if not (feeds_back(world.scenario) or has_luck(world.scenario)):
        return world
    whole = world._replace(markets={}, told={}, run_off={})
    for cell in world.cells:
        life = world._replace(markets={(cell, segment): [] for segment in world.segments})
        today = {name: knowledge_today(world.scenario, name) for name in suppliers(world.scenario)[:-1]}
        known = dict.fromkeys(world.segments, today)
        history: list[dict[str, Customers]] = []
        forces: dict[str, Forces] = {}
        told = world.scenario
        for period in range(world.scenario.calendar.periods):
            history.append({segment: count(life, cell, segment) for segment in world.segments})
            told = as_it_happened(life, cell, history, replication)
            for segment in world.segments:
                now, opening = history[-1][segment], history[0][segment]
                shown = life.markets[cell, segment][-1].knowledge if period else today
                known[segment] = learned(told, cell, segment, period, known[segment], shown, now, opening)
                forces[segment] = forces_in(life, segment, period, replication, known[segment], now, opening)
                people, choices = world.openings[segment].people, options(world.openings[segment])
                there = market.market(told, segment, choices, cell, period, centre_of(people), forces=forces[segment])
                life.markets[cell, segment].append(there)
        whole.markets.update(life.markets)
        whole.told[cell] = told
        for segment in world.segments:
            last = life.markets[cell, segment][-1]
            whole.run_off[cell, segment] = beyond(told, world.openings[segment], segment, cell, last, forces[segment])
    return whole


def as_it_happened(life: World, cell: Cell, history: list[dict[str, Customers]], replication: int) -> Any:
    """The scenario with dates, known by now, in place of what the cell's move waits for."""
    scenario, move = life.scenario, cell[1]
    assert move is not None
    views = [view(life, cell, end, customers) for end, customers in enumerate(history[1:])]
    dated = [
        each
        for i, change in enumerate(scenario.moves[move], start=1)
        for each in spans(scenario, change, f"move {move} {i}", views, replication)
    ]
    return replace(scenario, moves={**scenario.moves, move: tuple(dated)})


def spans(scenario: Any, change: Any, name: str, views: list[Shown], replication: int) -> list[Any]:
    """A change as many times as it has begun, of the size that luck gave it."""
    periods, seed = scenario.calendar.periods, scenario.simulation.seed
    if change.size is not None:
        assert not change.repeatedly
        least, most = change.size.uniform
        size = least + (most - least) * uniform(seed, f"size {name}", 0, replication)
        change = replace(change, size=None, change={key: size * amount for key, amount in change.change.items()})
    if change.arrival is not None:
        assert not change.repeatedly
        left_a_period = (1 - change.arrival) ** scenario.calendar.years_per_period
        waits = math.floor(math.log(uniform(seed, f"arrival {name}", 0, replication)) / math.log(left_a_period))
        end = periods if change.lasts is None else waits + change.lasts
        return [replace(change, arrival=None, start=waits, end=end)]
    if change.trigger is None:
        return [change]
    trigger = change.trigger
    breached = [holds(str(trigger.condition), each) for each in views]
    held = periods_held([*breached, False], trigger.detect, trigger.respond, change.lasts, change.repeatedly)
    begun = [t for t, there in enumerate(held) if there and not (t and held[t - 1])]
    ended = [t + 1 for t, there in enumerate(held) if there and not (t + 1 < len(held) and held[t + 1])]
    return [
        replace(change, trigger=None, start=start, end=periods if end == len(held) else end)
        for start, end in zip(begun, ended, strict=True)
    ]


def uniform(seed: int, text: str, time: int, replication: int) -> float:
    """A number strictly between 0 and 1, of 52 bits."""
    high, low, _, _ = words(seed, address(text), ARRIVAL, time, replication)
    return (high * 2**20 + (low >> 12) + 0.5) / 2**52


def view(life: World, cell: Cell, end: int, customers: dict[str, Customers]) -> Shown:
    """What a market shows at the end of a period."""
    there = {s: life.markets[cell, s][end] for s in life.segments if is_choice(life.scenario, s)}

    def levels(shown: Market) -> dict[str, dict[str, float]]:
        return {name: {need: shown.level[name, need] for need in life.scenario.needs} for name in shown.price}

    return Shown(
        customers,
        {segment: shown.price for segment, shown in there.items()},
        {segment: levels(shown) for segment, shown in there.items()},
        {segment: shown.knowledge for segment, shown in there.items()},
        frozenset(there),
    )


def learned(
    told: Any,
    cell: Cell,
    segment: str,
    period: int,
    before: dict[str, float],
    shown: dict[str, float],
    now: Customers,
    opening: Customers,
) -> dict[str, float]:
    """What suppliers have learned by a period, of what they had in the one `before` and whom they served at the end of
    it; `shown` is what they then knew with what moves and initiatives made of it: that is what others imitate, and what
    they need not imitate."""
    stated = told.learning
    if stated is None:
        return before
    years, found = told.calendar.years_per_period, {}
    gained = shown[US] - knowledge_today(told, US)
    for name, known in before.items():
        today = knowledge_today(told, name)
        ratio = now[name] / opening[name] if opening.get(name, 0.0) > 0 else 1.0
        taught = (
            market.levers(told, segment, cell, period, KNOWLEDGE)
            if name == US
            else rival_programme.effect(told, cell[1], name, segment, period, KNOWLEDGE)
        )
        after = knowledge.after(known, today, ratio, taught, stated.forgetting, stated.learning_exponent, years)
        lead = 0.0 if name == US else max(0.0, gained - (max(known, shown.get(name, known)) - today))
        part = 0.0 if name == US else 1 - math.exp(-speed(told, name, KNOWLEDGE) * years)
        found[name] = min(1.0, after + part * lead)
    return found


def forces_in(
    life: World,
    segment: str,
    period: int,
    replication: int,
    known: dict[str, float],
    now: Customers,
    opening: Customers,
) -> Forces:
    """What luck, talk and drift do to a segment."""
    scenario = life.scenario
    shocks = shocks_in(scenario, period, replication)
    demand = math.exp(shocks.pop(DEMAND)) if DEMAND in shocks else 1.0
    if not is_choice(scenario, segment):
        return Forces({}, {}, known, demand)
    stated, everybody, before = scenario.segments[segment], sum(now.values()), sum(opening.values())
    gained = {name: shocks.get(name, 0.0) for name in now}
    for name in now.keys() - {NOBODY}:
        gained[name] += stated.word_of_mouth * (now[name] / everybody - opening[name] / before)
    law, centre = stated.needs_drift, centre_of(life.openings[segment].people)
    if not law.volatility and not law.trend:
        return Forces(gained, {}, known, demand)
    shifts = need_shifts(
        scenario.simulation.seed,
        [f"drift {segment}\t{need}" for need in scenario.needs],
        replication,
        period,
        scenario.calendar.years_per_period,
        law.volatility,
        law.persistence,
        trend(law.trend, scenario.needs),
        [centre[need] for need in scenario.needs],
    )
    return Forces(gained, dict(zip(scenario.needs, shifts, strict=True)), known, demand)


def trend(stated: dict[str, float], needs: tuple[str, ...]) -> list[float]:
    """Of all mean weights, which sum to 1: who is not named bears what is left, all the same."""
    others = [need for need in needs if need not in stated]
    return [stated[need] if need in stated else -sum(stated.values()) / len(others) for need in needs]


def shocks_in(scenario: Any, period: int, replication: int) -> dict[str, float]:
    """By supplier, to utility; and to the logarithm of what is spent, so that its exponential has mean 1."""
    volatility, found = _volatility(scenario), {}
    if not volatility:
        return {}
    stated, seed, years = scenario.market, scenario.simulation.seed, scenario.calendar.years_per_period
    names = list(volatility)
    correlations = [[_correlation(stated, one, other) for other in names] for one in names]
    factor = np.linalg.cholesky(np.array(correlations)).tolist()

    def new(name: str) -> Callable[[int], float]:
        return lambda t: normal(seed, f"shock {name}", SHOCK, t, replication)

    independent = [new(name) for name in names]
    for row, (name, sd) in enumerate(volatility.items()):
        own = stated.demand if name == DEMAND else stated.suppliers.get(name)
        persistence = stated.persistence if own is None or own.persistence is None else own.persistence
        found[name] = deviation(sd, persistence, years, mixed(factor, row, independent), period)
        if name == DEMAND:
            found[name] -= sd**2 * (1 - persistence ** (2 * years * (period + 1))) / 2
    return found


def _correlation(stated: Any, one: str, other: str) -> float:
    if one == other:
        return 1.0
    pairs = {frozenset((a, b)): value for a, row in stated.correlations.items() for b, value in row.items()}
    return float(pairs.get(frozenset((one, other)), 0.0))


def _volatility(scenario: Any) -> dict[str, float]:
    """Of all that is shocked: suppliers in their order, demand last."""
    stated, found = scenario.market, {}
    if stated is None:
        return {}
    for name in suppliers(scenario):
        own = stated.suppliers.get(name)
        left_out = 0.0 if name == NOBODY else stated.volatility
        found[name] = left_out if own is None or own.volatility is None else own.volatility
    found[DEMAND] = stated.demand.volatility
    return {name: sd for name, sd in found.items() if sd}
