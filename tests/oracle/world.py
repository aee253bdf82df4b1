"""A scenario and a portfolio, opened: everything that does not depend on luck."""

from __future__ import annotations

from typing import Any, NamedTuple

from .customer import Customer
from .market import US, Cell, Market, market, rivals, suppliers
from .opening import SegmentOpening, open_segment
from .spending import NOTHING
from .spread import with_spreads
from .value import Rates, SegmentMoney, rates, segment_money


class World(NamedTuple):
    """What luck is applied to."""

    scenario: Any
    portfolio: Any
    names: tuple[str, ...]  # suppliers
    rivals: tuple[str, ...]
    cells: list[Cell]
    segments: tuple[str, ...]
    openings: dict[str, SegmentOpening]
    markets: dict[tuple[Cell, str], list[Market]]  # by cell and segment: each period
    run_off: dict[tuple[Cell, str], Market]  # after the horizon
    money: dict[str, SegmentMoney]
    rates: Rates
    months_per_period: int


def open_world(
    scenario: Any,
    portfolio: Any,
    constants: dict[str, dict[str, float]] | None = None,
    inertia: dict[str, float] | None = None,
) -> World:
    """Solve today, then look at every segment in every period of every cell."""
    scenario = with_spreads(scenario, portfolio)
    cells: list[Cell] = [(allocation, move) for allocation in scenario.allocations for move in scenario.moves]
    segments = tuple(sorted(scenario.segments))
    openings = {
        segment: open_segment(
            scenario, portfolio, segment, (constants or {}).get(segment), (inertia or {}).get(segment)
        )
        for segment in segments
    }
    markets = {
        (cell, segment): [
            market(scenario, segment, options(openings[segment]), cell, period, centre_of(openings[segment].people))
            for period in range(scenario.calendar.periods)
        ]
        for cell in cells
        for segment in segments
    }
    return World(
        scenario=scenario,
        portfolio=portfolio,
        names=suppliers(scenario),
        rivals=rivals(scenario),
        cells=cells,
        segments=segments,
        openings=openings,
        markets=markets,
        run_off={
            (cell, segment): _run_off(
                scenario,
                segment,
                options(openings[segment]),
                cell,
                markets[cell, segment][-1],
                centre_of(openings[segment].people),
            )
            for cell, segment in markets
        },
        money={segment: segment_money(scenario.segments[segment]) for segment in segments},
        rates=rates(scenario),
        months_per_period=12 // scenario.calendar.periods_per_year,
    )


def _run_off(
    scenario: Any, segment: str, choices: tuple[str, ...], cell: Cell, last: Market, centre: dict[str, float]
) -> Market:
    """The last period without any spend on levers; our price stays, who answers for touchpoints and rivals' offers."""
    last_period = scenario.calendar.periods - 1
    bare = market(scenario, segment, choices, (NOTHING, cell[1]), last_period, centre, organised=cell[0])
    level = {at: bare.level[at] if at[0] == US else points for at, points in last.level.items()}
    one = dict.fromkeys(last.rival_groups, 1)
    return bare._replace(level=level, price=last.price, price_ratio=last.price_ratio, rival_groups=one)


def centre_of(people: list[Customer]) -> dict[str, float]:
    """Mean needs of those who are in the market at the opening."""
    there = [person for person in people if person.arrival == 0]
    total = sum(person.weight for person in there)
    return {need: sum(person.weight * person.needs[need] for person in there) / total for need in people[0].needs}


def options(opening: SegmentOpening) -> tuple[str, ...]:
    """The suppliers among which a segment chooses; none under contract."""
    return () if opening.rules is None else tuple(opening.rules.constants)


def everybody(world: World) -> list[Customer]:
    """All customers, in the order of the population."""
    people = [person for segment in world.segments for person in world.openings[segment].people]
    return sorted(people, key=lambda person: person.row)
