"""Comparisons that never come true, or are true whatever happens: a warning each, for somebody meant something."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.condition import (
    Amount,
    Arithmetic,
    Comparison,
    Measure,
    Negative,
    Number,
    comparisons_of,
    measures_of,
)
from simengine.scenario.problems import Problem, counted, listed
from simengine.scenario.rules.conditions import COUNTED
from simengine.scenario.suppliers import COMPANY

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario
    from simengine.scenario.move import Change

Range = tuple[float, float]  # the least and the most that an amount can be
_ALL = {"share": (0.0, 1.0), "knowledge": (0.0, 1.0), "level": (0.0, 10.0)}  # others are 0 or more


def warn_if_a_comparison_is_always_or_never_so(scenario: Scenario) -> Iterator[Problem]:
    for name, changes in scenario.moves.items():
        for i, change in enumerate(changes):
            others = (*changes[:i], *changes[i + 1 :])
            for compared in comparisons_of(change.trigger.condition) if change.trigger else ():
                answer = _answer(scenario, compared, others)
                if answer is not None:
                    yield scenario.source.problem(
                        ("moves", name, i, "when"),
                        found=f"`{compared}`, which is {'always' if answer else 'never'} so",
                        expected="a comparison that can come out either way",
                        suggestion=_why(scenario, compared, others),
                        part=(compared.span.at, compared.span.length),
                    )


def warn_if_an_answer_comes_after_the_calendar(scenario: Scenario) -> Iterator[Problem]:
    periods = scenario.calendar.periods
    for path, change in scenario.changes:
        if change.trigger and 1 + change.trigger.lag >= periods:
            key = "detect" if change.trigger.detect >= change.trigger.respond else "respond"
            yield scenario.problem(
                (*path, key),
                f"an answer from period {2 + change.trigger.lag:,} on, at the earliest",
                f"an answer within the calendar, which has {counted(periods, 'period')}",
                "let it notice and respond sooner, or simulate more periods",
            )


def _answer(scenario: Scenario, compared: Comparison, others: tuple[Change, ...]) -> bool | None:
    """Whether a comparison is always or never so; None where it can be either."""
    less, more = _range(scenario, compared.left, others), _range(scenario, compared.right, others)
    if compared.sign in (">", ">="):
        less, more = more, less
    if compared.sign in ("<", ">"):
        return True if less[1] < more[0] else False if less[0] >= more[1] else None
    return True if less[1] <= more[0] else False if less[0] > more[1] else None


def _why(scenario: Scenario, compared: Comparison, others: tuple[Change, ...]) -> str:
    """What amounts are, that a comparison comes out as it does."""
    reasons = []
    for measure in measures_of(compared):
        low, high = _measured(scenario, measure, others)
        if measure.what in COUNTED and high == 0:
            reasons.append(
                f"{measure.who.text} serves nobody {f'in {measure.segment}' if measure.segment else 'there'}"
            )
        elif low == high:
            reasons.append(f"nothing changes {measure} from {low:g}")
        elif measure.what in _ALL:
            top = "100%" if high == 1 else f"{high:g}"
            reasons.append(f"{measure} is from 0 to {top}")
        else:
            reasons.append(f"{measure} is not less than 0")
    return listed(dict.fromkeys(reasons), "and") or "it is about numbers alone"


def _range(scenario: Scenario, amount: Amount, others: tuple[Change, ...]) -> Range:
    match amount:
        case Number():
            return amount.value, amount.value
        case Measure():
            return _measured(scenario, amount, others)
        case Negative():
            low, high = _range(scenario, amount.amount, others)
            return -high, -low
        case Arithmetic():
            return _put_together(
                amount.sign, _range(scenario, amount.left, others), _range(scenario, amount.right, others)
            )


def _put_together(sign: str, left: Range, right: Range) -> Range:
    """Anything, where a division by 0 or a product of 0 and of more than any number is among what can be."""
    if sign == "+":
        return left[0] + right[0], left[1] + right[1]
    if sign == "-":
        return left[0] - right[1], left[1] - right[0]
    if sign == "/" and right[0] <= 0 <= right[1]:
        return -math.inf, math.inf
    ends = [a * b if sign == "*" else a / b for a in left for b in right]
    return (-math.inf, math.inf) if any(map(math.isnan, ends)) else (min(ends), max(ends))


def _measured(scenario: Scenario, measure: Measure, others: tuple[Change, ...]) -> Range:
    """What can be measured, given what levers, the other changes of the move and imitation can do."""
    what, who = measure.what, measure.who.text
    choosing = scenario.choosing
    where = [measure.segment.text] if measure.segment else list(choosing)
    served = [name for name in where if name not in choosing or who in choosing[name].available]
    low, high = _ALL.get(what, (0.0, math.inf))
    if what in COUNTED:
        return (low, high) if served else (0.0, 0.0)
    key = measure.need.text if measure.need else what
    if what == "knowledge" or not served or _can_change(scenario, who, key, served, others):
        return low, high
    today = [scenario.price(who, name) if what == "price" else scenario.level(who, name, key) for name in served]
    return min(today), max(today)


def _can_change(scenario: Scenario, who: str, key: str, served: list[str], others: tuple[Change, ...]) -> bool:
    """Whether anything may change a supplier's price, or its level of a need."""
    changed = {lever.target for lever in scenario.levers.values()}
    if scenario.experience and scenario.touchpoints_change:
        changed.update(scenario.experience.delivers or ())
    for allocation in scenario.allocations.values():
        changed.update(target for each in allocation.initiatives.values() for target in each.effect)
    ours = key in changed
    if who == COMPANY:
        return ours
    stated = any(
        each.who == who and set(each.segments) & set(served) and (key in {**each.change, **each.set} or each.like)
        for each in others
    )
    return stated or (ours and scenario.imitation_speed(who, key) > 0)
