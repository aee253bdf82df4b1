"""What every supplier offers a segment in a period: levels, price and knowledge, after levers and moves."""

from __future__ import annotations

from typing import NamedTuple

from simengine.model.experience import TOP_LEVEL
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.suppliers import COMPANY
from simengine.tables.programmes import Effects


class Proposition(NamedTuple):
    """One supplier's offer to one segment in one period: what it promises."""

    price: float
    levels: tuple[float, ...]  # by need, in name order; 0-10
    knowledge: float  # 0-1


def active(changes: tuple[Change, ...], who: str | None, segment: str, period: int) -> list[Change]:
    """Changes of `who` (None: the market's) that hold in a segment and period, in the order they are written."""
    return [c for c in changes if c.who == who and segment in c.segments and c.start <= period < c.end]


def factor(changes: tuple[Change, ...], key: str, segment: str, period: int) -> float:
    """Product of (1 + change) of the market's changes of `key`: review, hazard, cost."""
    product = 1.0
    for change in active(changes, None, segment, period):
        product *= 1.0 + change.change.get(key, 0.0)
    return product


def effect_in(effects: Effects, segment: str, target: str, period: int) -> float:
    """Effect on a target in a period; 0 where no lever acts."""
    return effects[segment, target][period] if (segment, target) in effects else 0.0


def our_proposition(scenario: Scenario, effects: Effects, segment: str, period: int) -> Proposition:
    """Ours: what we offer today, with what the levers add since."""
    levels = tuple(
        min(max(scenario.level(COMPANY, segment, need) + effect_in(effects, segment, need, period), 0.0), TOP_LEVEL)
        for need in scenario.needs
    )
    price = scenario.price(COMPANY, segment) * max(1.0 + effect_in(effects, segment, "price", period), 0.0)
    return Proposition(price, levels, scenario.company.knowledge)


def rival_proposition(
    scenario: Scenario, rival: str, changes: tuple[Change, ...], effects: Effects, segment: str, period: int
) -> Proposition:
    """A rival's: what it offers today, then what its moves set, then what they change and its programmes add."""
    moves = active(changes, rival, segment, period)
    settled = {key: level for move in moves for key, level in move.set.items()}
    price = settled.get("price", scenario.price(rival, segment))
    for move in moves:
        price *= 1.0 + move.change.get("price", 0.0)
    price *= max(1.0 + effect_in(effects, segment, "price", period), 0.0)

    def total(key: str, level: float, top: float) -> float:
        moved = settled.get(key, level) + sum(move.change.get(key, 0.0) for move in moves)
        moved += effect_in(effects, segment, key, period)
        return min(max(moved, 0.0), top)

    levels = tuple(total(need, scenario.level(rival, segment, need), TOP_LEVEL) for need in scenario.needs)
    economics = scenario.rivals.get(rival)
    return Proposition(price, levels, total("knowledge", economics.knowledge if economics else 0.0, 1.0))
