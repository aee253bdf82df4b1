"""What a segment's market looks like in one period of one cell: offers, levers and moves put together."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from . import design, experience, projects, rival_programme
from .imitation import imitated
from .spending import NOTHING, TODAY, lever_effect, yearly_spend

US = "us"
NOBODY = "none"  # the outside option: buys nowhere
KNOWLEDGE = "knowledge"
HIGHEST_LEVEL = 10.0

Cell = tuple[str | None, str | None]  # allocation, move
BASE: Cell = (TODAY, None)  # today's levers, no moves


class Forces(NamedTuple):
    """What moves a segment's market in a period, besides what suppliers do."""

    shift: dict[str, float]  # utility that an option gains by luck, or because it is talked about
    drift: dict[str, float]  # by need: change of the mean weight since today
    known: dict[str, float]  # by supplier: its knowledge as learned so far; empty: as today
    demand: float  # multiplier on everybody's revenue


NOTHING_ELSE = Forces({}, {}, {}, 1.0)


class Market(NamedTuple):
    """One segment in one period of one cell."""

    level: dict[tuple[str, str], float]  # by supplier and need, 0 to 10, as customers perceive it
    price: dict[str, float]  # by supplier
    knowledge: dict[str, float]  # by supplier, 0 to 1
    review: dict[str, float]  # hazard a year, by the supplier that is being reconsidered
    leaving: float  # multiplier on the hazard of leaving a contract
    leaving_after: float  # the same of the segment to which customers convert
    converting: float  # hazard a year of converting to another contract
    extra_inertia: float  # utility, ours
    price_ratio: float  # our price over our price today
    wallet: float  # multiplier on revenue
    cost_to_serve: float  # currency a year per customer of ours
    programmes: float  # currency a year
    groups: int  # for which we design
    rival_groups: dict[str, int]  # for which rivals do
    shift: dict[str, float]  # utility that options have gained since today, besides what their offers say
    demand: float  # multiplier on everybody's revenue


def rivals(scenario: Any) -> tuple[str, ...]:
    """Every rival that the scenario names anywhere, in name order."""
    names = set(scenario.offers) | set(scenario.rivals)
    for segment in scenario.segments.values():
        names |= set(getattr(segment, "shares", None) or {})
        names |= set(getattr(segment, "constants", None) or {})
    return tuple(sorted(names - {US, NOBODY}))


def suppliers(scenario: Any) -> tuple[str, ...]:
    """Us, the rivals in name order, nobody."""
    return (US, *rivals(scenario), NOBODY)


def is_choice(scenario: Any, segment: str) -> bool:
    """Whether the segment's customers choose among suppliers (or are under contract)."""
    return bool(scenario.segments[segment].dynamics == "choice")


def market(
    scenario: Any,
    segment: str,
    options: tuple[str, ...],
    cell: Cell,
    period: int,
    centre: dict[str, float] | None = None,
    organised: str | None = None,
    forces: Forces = NOTHING_ELSE,
) -> Market:
    """The market of a segment whose customers choose among `options` and have mean needs `centre` today (which need not
    be known for today). `organised`: the allocation that says who answers for touchpoints, if another than the
    cell's."""
    ratio = served(scenario, segment, cell, period, organised)
    promised = {need: our_level(scenario, segment, cell, period, need) for need in scenario.needs}
    delivered = {need: our_delivery(scenario, need, level, ratio) for need, level in promised.items()}
    weights = {need: weight + forces.drift.get(need, 0.0) for need, weight in (centre or {}).items()}
    gap = experience.gap(weights, promised, delivered)
    cost = sum(point.uses * point.cost for point in scenario.segments[segment].cost_to_serve.values())
    cost *= 1 + levers(scenario, segment, cell, period, "cost_to_serve")
    price = {US: our_price(scenario, segment, cell, period)}
    level, knowledge, review = {}, {US: our_knowledge(scenario, segment, cell, period, forces.known)}, {}
    for name in options:
        review[name] = review_hazard(scenario, segment, cell, period, name, gap)
        if name not in (US, NOBODY):
            price[name] = rival_price(scenario, segment, cell, period, name)
            knowledge[name] = rival_knowledge(scenario, segment, cell, period, name, forces.known)
        for need in scenario.needs:
            if name == US:
                level[name, need] = delivered[need]
            elif name != NOBODY:
                level[name, need] = rival_level(scenario, segment, cell, period, name, need)
    return Market(
        level=level,
        price=price,
        knowledge=knowledge,
        review=review,
        leaving=leaving(scenario, segment, cell, period),
        leaving_after=leaving(scenario, converted(scenario, segment), cell, period),
        converting=max(0.0, levers(scenario, segment, cell, period, "convert")),
        extra_inertia=levers(scenario, segment, cell, period, "inertia"),
        price_ratio=price[US] / scenario.price(US, segment),
        wallet=1 + levers(scenario, segment, cell, period, "wallet"),
        cost_to_serve=cost * market_change(scenario, segment, cell, period, "cost"),
        programmes=sum(yearly_spend(scenario, cell[0], lever, segment, period) for lever in sorted(scenario.levers))
        + design.yearly_cost(scenario, cell[0], segment, period),
        groups=design.groups_of(scenario, cell[0], segment, period),
        rival_groups={
            name: rival_programme.groups_of(scenario, cell[1], name, segment, period)
            for name in options
            if name not in (US, NOBODY)
        },
        shift={name: shift(scenario.segments[segment], forces, name, level, knowledge) for name in options},
        demand=forces.demand,
    )


def shift(
    stated: Any, forces: Forces, name: str, level: dict[tuple[str, str], float], knowledge: dict[str, float]
) -> float:
    """What an option has gained: by luck and talk, and by needs that moved towards what it is good at; it lost by their
    moving away from whom it was made for, a part of which who knows its customers has seen coming."""
    gained = forces.shift.get(name, 0.0)
    if name == NOBODY:
        return gained
    worth = sum(change * level[name, need] for need, change in forces.drift.items())
    moved = (1 - knowledge[name]) * sum(map(abs, forces.drift.values())) / 2
    return gained + float(stated.points_worth * worth - stated.tailoring * (1 - knowledge[name]) * moved)


def levers(scenario: Any, segment: str, cell: Cell, period: int, target: str) -> float:
    """The summed effect in a period of all levers with a target, and of initiatives but on knowledge: levers teach it,
    initiatives add to it."""
    of_levers = sum(
        lever_effect(scenario, cell[0], name, segment, period)
        for name, lever in sorted(scenario.levers.items())
        if lever.target == target
    )
    return of_levers + (0.0 if target == KNOWLEDGE else projects.effect(scenario, cell[0], segment, period, target))


def leaving(scenario: Any, segment: str, cell: Cell, period: int) -> float:
    """What the market and our levers multiply a segment's hazard of leaving by."""
    kept = math.exp(-levers(scenario, segment, cell, period, "retention"))
    return kept * market_change(scenario, segment, cell, period, "hazard")


def converted(scenario: Any, segment: str) -> str:
    """The segment to which customers of a segment convert; the same if to none."""
    to = [lever.to for lever in scenario.levers.values() if lever.from_segment == segment]
    return to[0] if to else segment


def active_changes(scenario: Any, segment: str, cell: Cell, period: int, who: str | None) -> list[Any]:
    """What a rival (or the market: None) does in a period, in the order of the file."""
    if cell[1] is None:
        return []
    return [
        change
        for change in scenario.moves[cell[1]]
        if change.who == who
        and change.start <= period < change.end
        and (not change.segments or segment in change.segments)
    ]


def market_change(scenario: Any, segment: str, cell: Cell, period: int, key: str) -> float:
    """The product of the market's relative changes of a quantity."""
    changes = active_changes(scenario, segment, cell, period, None)
    return float(math.prod(1 + change.change.get(key, 0.0) for change in changes))


def review_hazard(scenario: Any, segment: str, cell: Cell, period: int, current: str, gap: float) -> float:
    """How often, a year, a customer of `current` reconsiders: infinite for 'always'. `gap`: of ours, in points."""
    stated = scenario.segments[segment]
    if stated.review == "always":
        return math.inf
    hazard = stated.review * market_change(scenario, segment, cell, period, "review")
    if current == US:
        hazard *= math.exp(stated.gap_sensitivity * gap)
    else:
        hazard *= max(0.0, 1 + levers(scenario, segment, cell, period, "acquisition"))
    for name in stated.shares or ():  # who woos, if its size is known
        if name not in (US, NOBODY, current):
            hazard *= max(0.0, 1 + rival_programme.effect(scenario, cell[1], name, segment, period, "acquisition"))
    return float(min(hazard, stated.review_cap * stated.review))


def our_price(scenario: Any, segment: str, cell: Cell, period: int) -> float:
    """Our price: today's, moved by levers."""
    return float(scenario.price(US, segment) * (1 + levers(scenario, segment, cell, period, "price")))


def our_level(scenario: Any, segment: str, cell: Cell, period: int, need: str) -> float:
    """What we promise on a need: today's level plus the levers' points."""
    level = scenario.level(US, segment, need) + levers(scenario, segment, cell, period, need)
    return float(min(HIGHEST_LEVEL, max(0.0, level)))


def perceived(scenario: Any, segment: str, cell: Cell, period: int, need: str) -> float:
    """What we deliver on a need in a period of a cell."""
    promised = our_level(scenario, segment, cell, period, need)
    return our_delivery(scenario, need, promised, served(scenario, segment, cell, period))


def served(scenario: Any, segment: str, cell: Cell, period: int, organised: str | None = None) -> float:
    """D over D today in a period, `organised` as in `market`; employees are at rest where nothing is spent."""

    def respond(target: str, then: int) -> float:
        return levers(scenario, segment, cell, then, target)

    return experience.ratio(scenario, organised or cell[0] or None, period, respond, cell[0] == NOTHING)


def our_delivery(scenario: Any, need: str, promised: float, ratio: float) -> float:
    """What we deliver on a need that touchpoints deliver; on others what we promise."""
    if scenario.experience is None or need not in scenario.experience.delivers:
        return promised
    return float(min(HIGHEST_LEVEL, promised * ratio))


def rival_price(scenario: Any, segment: str, cell: Cell, period: int, name: str) -> float:
    """A rival's price: what its moves make of it, less what it has imitated of our cuts."""
    today, our_today = scenario.price(name, segment), scenario.price(US, segment)
    part = imitated(
        scenario,
        name,
        "price",
        lambda earlier: 1 - our_price(scenario, segment, cell, earlier) / our_today,
        lambda earlier: 1 - moved_price(scenario, segment, cell, earlier, name) / today,
        period,
        last_set(scenario, segment, cell, period, name, "price"),
    )
    return max(0.0, moved_price(scenario, segment, cell, period, name) - part * today)


def rival_level(scenario: Any, segment: str, cell: Cell, period: int, name: str, need: str) -> float:
    """What a rival delivers on a need: what its moves make of it, and what it has imitated of ours."""
    points = imitated(
        scenario,
        name,
        need,
        lambda earlier: perceived(scenario, segment, cell, earlier, need) - scenario.level(US, segment, need),
        lambda earlier: moved_level(scenario, segment, cell, earlier, name, need) - scenario.level(name, segment, need),
        period,
        last_set(scenario, segment, cell, period, name, need),
    )
    return min(HIGHEST_LEVEL, moved_level(scenario, segment, cell, period, name, need) + points)


def last_set(scenario: Any, segment: str, cell: Cell, period: int, name: str, key: str) -> int:
    """The last period, up to this one, in which a move began to state a rival's level; the first if none did."""
    stating = [
        [change for change in active_changes(scenario, segment, cell, earlier, name) if key in change.set][-1:]
        for earlier in range(period + 1)
    ]
    return max((t for t in range(1, period + 1) if stating[t] and stating[t] != stating[t - 1]), default=0)


def moved_price(scenario: Any, segment: str, cell: Cell, period: int, name: str) -> float:
    """A rival's price before imitation: what was set, else today's, times every active change and its programme's."""
    changes = active_changes(scenario, segment, cell, period, name)
    price = scenario.price(name, segment)
    for change in changes:
        price = change.set.get("price", price)
    price *= max(0.0, 1 + rival_programme.effect(scenario, cell[1], name, segment, period, "price"))
    return float(price * math.prod(1 + change.change.get("price", 0.0) for change in changes))


def moved_level(scenario: Any, segment: str, cell: Cell, period: int, name: str, need: str) -> float:
    """A rival's level before imitation: what was set, else today's, plus every active change and its programme's."""
    changes = active_changes(scenario, segment, cell, period, name)
    level = scenario.level(name, segment, need)
    for change in changes:
        level = change.set.get(need, level)
    level += sum(change.change.get(need, 0.0) for change in changes)
    level += rival_programme.effect(scenario, cell[1], name, segment, period, need)
    return float(min(HIGHEST_LEVEL, max(0.0, level)))


def our_knowledge(scenario: Any, segment: str, cell: Cell, period: int, learned: dict[str, float]) -> float:
    """How well we know our customers, between 0 and 1: `learned`, and added to by initiatives."""
    known = learned.get(US, scenario.company.knowledge)
    return float(min(1.0, max(0.0, known + projects.effect(scenario, cell[0], segment, period, KNOWLEDGE))))


def knowledge_today(scenario: Any, name: str) -> float:
    """Of us or a rival."""
    if name == US:
        return float(scenario.company.knowledge)
    return float(scenario.rivals[name].knowledge) if name in scenario.rivals else 0.0


def rival_knowledge(
    scenario: Any, segment: str, cell: Cell, period: int, name: str, learned: dict[str, float]
) -> float:
    """How well a rival knows its customers, between 0 and 1: what it has `learned`, and what moves make of it."""
    changes = active_changes(scenario, segment, cell, period, name)
    known = learned.get(name, knowledge_today(scenario, name))
    for change in changes:
        known = change.set.get("knowledge", known)
    known += sum(change.change.get("knowledge", 0.0) for change in changes)
    return float(min(1.0, max(0.0, known)))
