"""Conditions of moves: of suppliers, needs and segments that there are, between amounts that can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simengine.scenario.condition import (
    Arithmetic,
    Comparison,
    Condition,
    Measure,
    Name,
    Negative,
    Number,
    Part,
    comparisons_of,
    measures_of,
    parts_of,
)
from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.moves import changes_of
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import COMPANY, OUTSIDE, choice_segments, rivals_of, segments
from simengine.scenario.units import write_number
from simengine.scenario.yaml_source import Path

COUNTED = ("share", "customers")  # what also those have who buy nowhere
FRACTIONS = ("share", "knowledge")
_MEANT = {
    "price": "a price in the unit of the offers, without %",
    "customers": "a number of customers, without %",
    "level": "a level from 0 to 10, without %",
}


def _conditions(d: Draft) -> Iterator[tuple[Path, Condition]]:
    for path, change in changes_of(d):
        if change.when is not None:
            yield (*path, "when"), change.when


def _measures(d: Draft) -> Iterator[tuple[Path, Measure]]:
    for path, condition in _conditions(d):
        for measure in measures_of(condition):
            yield path, measure


def _problem(d: Draft, path: Path, part: Part | Name, found: str, expected: str, suggestion: str = "") -> Problem:
    """A problem with a part of the condition at `path`."""
    there = part.span.at, part.span.length
    return d.source.problem(path, found=found, expected=expected, suggestion=suggestion, part=there)


def fail_if_a_condition_is_on_an_unknown_supplier(d: Draft) -> Iterator[Problem]:
    if not (d.knows("offers") and d.knows("segments")):
        return
    rivals = sorted(rivals_of(d))
    for path, measure in _measures(d):
        known = [COMPANY, *rivals, *([OUTSIDE] if measure.what in COUNTED else [])]
        who = measure.who.text
        if who in known:
            continue
        if who == OUTSIDE:
            found = f"{measure.what} of `{OUTSIDE}`, who buy nowhere"
            yield _problem(d, path, measure.who, found, listed(known), f"share({OUTSIDE}) is how many they are")
            continue
        hint = did_you_mean(who, known)
        if who in d.names("segments"):
            hint = f"write {measure.what}({measure.segment if _swapped(d, measure) else COMPANY}, {measure.who})"
        yield _problem(d, path, measure.who, f"the unknown supplier `{who}`", listed(known), hint)


def _swapped(d: Draft, measure: Measure) -> bool:
    """Whether supplier and segment stand in each other's place."""
    suppliers = (COMPANY, *rivals_of(d), OUTSIDE)
    return measure.segment is not None and measure.segment.text in suppliers and measure.who.text in d.names("segments")


def fail_if_a_condition_is_on_an_unknown_need(d: Draft) -> Iterator[Problem]:
    if not d.sound("needs"):
        return
    for path, measure in _measures(d):
        need = measure.need
        if need is not None and need.text not in d.file.needs:
            hint = did_you_mean(need.text, d.file.needs, otherwise="list it under needs")
            yield _problem(d, path, need, f"the unknown need `{need.text}`", listed(d.file.needs) or "no level", hint)


def fail_if_a_condition_is_on_a_segment_where_nothing_is_to_be_seen(d: Draft) -> Iterator[Problem]:
    for path, measure in _measures(d):
        what, who, named = measure.what, measure.who.text, measure.segment
        if named is None:
            if d.sound("segments") and not choice_segments(d):
                found = f"`{measure}`, and no segment in which customers choose"
                hint = f"write customers({COMPANY}, {next(iter(d.names('segments')))})"
                yield _problem(d, path, measure, found, "our customers in a segment", hint)
            continue
        if named.text not in d.names("segments"):
            if _swapped(d, measure):
                continue  # told of the supplier
            if d.knows("segments"):
                hint = did_you_mean(named.text, d.names("segments"))
                found = f"the unknown segment `{named.text}`"
                yield _problem(d, path, named, found, listed(d.names("segments")), hint)
            continue
        segment = segments(d).get(named.text)
        if segment is None or not d.sound("segments", named.text):
            continue
        if not isinstance(segment, ChoiceSegment):
            if (what, who) != ("customers", COMPANY):
                found = f"{what} of `{who}` in `{named.text}`, whose customers do not choose"
                expected = "a segment in which customers choose, or how many are ours"
                yield _problem(d, path, named, found, expected, f"write customers({COMPANY}, {named})")
        elif what not in COUNTED and who not in segment.available and who in rivals_of(d):
            found = f"{what} of `{who}` in `{named.text}`, where it is not available"
            yield _problem(d, path, named, found, "a segment that it serves", "give it a share there, or name another")


def fail_if_a_condition_leaves_open_which_segment(d: Draft) -> Iterator[Problem]:
    """Price and level without a segment, where they differ between segments today."""
    if not (d.sound("segments") and d.sound("offers") and d.sound("needs")):
        return
    for path, measure in _measures(d):
        offer = d.file.offers.get(measure.who.text)
        if measure.segment is not None or measure.what not in ("price", "level") or offer is None:
            continue
        need = measure.need.text if measure.need else ""
        today = {
            name: offer.price_in(name) if measure.what == "price" else offer.level_in(need, name) or 0.0
            for name, segment in sorted(choice_segments(d).items())
            if measure.who.text in segment.available
        }
        first = next(iter(today), "")
        other = next((name for name, value in today.items() if value != today[first]), None)
        if other is None:
            continue
        differs = f"{today[first]:g} in `{first}`, {today[other]:g} in `{other}`"
        hint = f"write {str(measure).removesuffix(')')}, {Name(first)})"
        yield _problem(d, path, measure, f"`{measure}`, which differs: {differs}", "a segment", hint)


def fail_if_a_condition_compares_what_cannot_be_compared(d: Draft) -> Iterator[Problem]:
    """Shares with prices, say."""
    for path, condition in _conditions(d):
        for part in parts_of(condition):
            if isinstance(part, Comparison) or (isinstance(part, Arithmetic) and part.sign in "+-"):
                left, right = _unit(part.left), _unit(part.right)
                if left and right and left != right:
                    found = f"`{part}`, {_UNITS[left]} and {_UNITS[right]}"
                    yield _problem(d, path, part, found, "amounts of one kind", "compare each with a number of its own")


def fail_if_a_condition_states_a_number_in_another_unit(d: Draft) -> Iterator[Problem]:
    """38 in place of 38%, or 95% in place of 95."""
    for path, condition in _conditions(d):
        for compared in comparisons_of(condition):
            for number, other in ((compared.left, compared.right), (compared.right, compared.left)):
                unit = _unit(other)
                if not isinstance(number, Number) or not isinstance(other, Measure) or unit is None:
                    continue
                percent = "%" in number.words
                if unit in FRACTIONS and not percent and 1 < number.value <= 100:
                    hint = f"did you mean {write_number(number.value)}%?"
                    yield _problem(d, path, number, str(number), f"{_UNITS[unit]}, from 0% to 100%", hint)
                elif unit in _MEANT and percent:
                    hint = f"write {number.words.replace('%', '').strip()}"
                    if unit == "customers" and (other.segment is None or other.segment.text in choice_segments(d)):
                        hint = f"write {replace(other, what='share')}"
                    yield _problem(d, path, number, str(number), _MEANT[unit], hint)


_UNITS = {
    "share": "a share",
    "customers": "a number of customers",
    "price": "a price",
    "level": "a level",
    "knowledge": "knowledge",
}


def _unit(part: Part) -> str | None:
    """What an amount is an amount of; None where it is a number, or of no one kind."""
    match part:
        case Measure():
            return part.what
        case Negative():
            return _unit(part.amount)
        case Arithmetic(sign="+" | "-"):
            return _unit(part.left) or _unit(part.right)
        case Arithmetic() if not _measures_something(part.right):
            return _unit(part.left)
        case Arithmetic(sign="*") if not _measures_something(part.left):
            return _unit(part.right)
    return None


def _measures_something(part: Part) -> bool:
    return any(True for _ in measures_of(part))
