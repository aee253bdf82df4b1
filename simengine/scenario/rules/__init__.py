"""What fields alone cannot say: rules between them, each a named function that yields problems.

`fail_if_...` refuses a scenario; `warn_if_...` lets it pass, and is asked only of one that nothing refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from simengine.scenario.draft import Draft
from simengine.scenario.fields import NotKnown
from simengine.scenario.problems import Problem, in_order
from simengine.scenario.rules import (
    allocations,
    budget,
    buying,
    company,
    conditions,
    conversion,
    customers,
    dates,
    designs,
    experience,
    horizon,
    idle_conditions,
    idle_initiatives,
    imitation,
    initiatives,
    knowledge,
    levers,
    market,
    markov,
    moves,
    names,
    need_states,
    needs_drift,
    offers,
    precision,
    rival_programmes,
    segments,
    share_trend,
    slips,
    spreads,
    uncertain,
    waiting,
    without_effect,
    word_of_mouth,
)

if TYPE_CHECKING:
    from types import ModuleType

    from simengine.scenario.model import Scenario

_REFUSING = (
    names,
    dates,
    company,
    customers,
    segments,
    buying,
    markov,
    share_trend,
    offers,
    levers,
    conversion,
    allocations,
    spreads,
    designs,
    experience,
    initiatives,
    budget,
    imitation,
    knowledge,
    need_states,
    needs_drift,
    market,
    moves,
    waiting,
    conditions,
    rival_programmes,
    uncertain,
    precision,
)
_WARNING = (
    slips,
    buying,
    markov,
    without_effect,
    idle_conditions,
    idle_initiatives,
    imitation,
    rival_programmes,
    horizon,
    share_trend,
    budget,
    knowledge,
    need_states,
    needs_drift,
    word_of_mouth,
    market,
    precision,
    uncertain,
)


def _rules(prefix: str, *rooms: ModuleType) -> tuple[Callable[..., Iterator[Problem]], ...]:
    return tuple(rule for room in rooms for name, rule in vars(room).items() if name.startswith(prefix))


RULES: tuple[Callable[[Draft], Iterator[Problem]], ...] = _rules("fail_if_", *_REFUSING)
WARNINGS: tuple[Callable[[Scenario], Iterator[Problem]], ...] = _rules("warn_if_", *_WARNING)


def problems_of(sound: Draft) -> list[Problem]:
    """Every problem that a rule finds in the sound parts of a scenario."""
    return [problem for view in sound.views for rule in RULES for problem in found_by(rule, view)]


def found_by(rule: Callable[[Draft], Iterator[Problem]], view: Draft) -> Iterator[Problem]:
    """What a rule finds before it asks for something that is not known."""
    with suppress(NotKnown):
        yield from rule(view)


def warnings_of(scenario: Scenario) -> tuple[Problem, ...]:
    """What is likely to be a slip in a scenario that nothing refuses, in file order."""
    return in_order(warning for rule in WARNINGS for warning in rule(scenario))
