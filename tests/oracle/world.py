"""A scenario and a portfolio, opened: everything that does not depend on luck."""

from __future__ import annotations

from typing import Any, NamedTuple

from .customer import Customer
from .market import NOBODY, NOTHING_ELSE, US, Cell, Forces, Market, market, rivals, shift, suppliers
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
    told: dict[Cell, Any]  # the scenario as it is in a cell: dates of moves that waited for something
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
        told=dict.fromkeys(cells, scenario),
        run_off={
            (cell, segment): beyond(scenario, openings[segment], segment, cell, markets[cell, segment][-1])
            for cell, segment in markets
        },
        money={segment: segment_money(scenario.segments[segment]) for segment in segments},
        rates=rates(scenario),
        months_per_period=12 // scenario.calendar.periods_per_year,
    )


def beyond(
    scenario: Any, opening: SegmentOpening, segment: str, cell: Cell, last: Market, forces: Forces = NOTHING_ELSE
) -> Market:
    """The last period without any spend on levers; our price stays, what all know, who answers for touchpoints, rivals'
    offers and what luck, talk and drift have made of needs; but demand is as usual."""
    t, choices, centre = scenario.calendar.periods - 1, options(opening), centre_of(opening.people)
    bare = market(scenario, segment, choices, (NOTHING, cell[1]), t, centre, organised=cell[0], forces=forces)
    level = {at: bare.level[at] if at[0] == US else points for at, points in last.level.items()}
    stated = scenario.segments[segment]
    return bare._replace(
        level=level,
        price=last.price,
        price_ratio=last.price_ratio,
        knowledge=last.knowledge,
        rival_groups=dict.fromkeys(last.rival_groups, 1),
        shift={name: shift(stated, forces, name, level, last.knowledge) for name in choices},
        demand=1.0,
    )


def centre_of(people: list[Customer]) -> dict[str, float]:
    """Mean needs of those who are in the market at the opening."""
    there = [person for person in people if person.arrival == 0]
    total = sum(person.weight for person in there)
    return {need: sum(person.weight * person.needs[need] for person in there) / total for need in people[0].needs}


def options(opening: SegmentOpening) -> tuple[str, ...]:
    """The suppliers among which a segment chooses; none under contract."""
    return () if opening.rules is None else tuple(opening.rules.constants)


def offering(world: World, segment: str) -> tuple[str, ...]:
    """Whose customer somebody in a segment may be, nobody's included."""
    return options(world.openings[segment]) or (US, NOBODY)


def everybody(world: World) -> list[Customer]:
    """All customers, in the order of the population."""
    people = [person for segment in world.segments for person in world.openings[segment].people]
    return sorted(people, key=lambda person: person.row)
