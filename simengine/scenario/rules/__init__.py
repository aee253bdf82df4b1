"""What fields alone cannot say: rules between them, each a named function that yields problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem
from simengine.scenario.rules import (
    allocations,
    budget,
    company,
    customers,
    dates,
    levers,
    moves,
    names,
    offers,
    segments,
)

Rule = Callable[[Draft], Iterator[Problem]]


def _rules() -> list[Rule]:
    rooms = (names, dates, company, customers, segments, offers, levers, allocations, budget, moves)
    return [rule for room in rooms for name, rule in vars(room).items() if name.startswith("fail_if_")]


RULES: tuple[Rule, ...] = tuple(_rules())


def problems_of(sound: Draft) -> list[Problem]:
    """Every problem that a rule finds in the sound parts of a scenario."""
    return [problem for rule in RULES for problem in rule(sound)]
