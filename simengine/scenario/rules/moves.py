"""Moves: who does what, where that is possible, by how much."""

from __future__ import annotations

from collections.abc import Iterator

from simengine.scenario.draft import Draft
from simengine.scenario.move import MARKET_KEYS, RIVAL_KEYS, ChangeText
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.dates import date_problems
from simengine.scenario.rules.levers import LARGEST_CHANGE
from simengine.scenario.rules.offers import unknown_segment
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import COMPANY, OUTSIDE, rivals_of, segments
from simengine.scenario.units import percent
from simengine.scenario.yaml_source import Path


def changes_of(d: Draft) -> Iterator[tuple[Path, ChangeText]]:
    """Where everything that happens is stated, and what."""
    for name, changes in d.file.moves.items():
        for i, change in enumerate(changes):
            yield ("moves", name, i), change


def fail_if_nobody_known_moves(d: Draft) -> Iterator[Problem]:
    rivals = sorted(rivals_of(d))
    for path, change in changes_of(d):
        who = change.who
        if who in (COMPANY, OUTSIDE):
            hint = "what we do is an allocation" if who == COMPANY else "leave `who` out for a move of the market"
            yield d.source.problem((*path, "who"), expected=f"a rival: {listed(rivals)}", suggestion=hint)
        elif who is not None and who not in rivals and d.knows("offers") and d.knows("segments"):
            hint = did_you_mean(who, rivals, otherwise="state its offer and its shares")
            expected = f"a rival: {listed(rivals)}" if rivals else "no `who`: there are no rivals"
            yield d.source.problem((*path, "who"), expected=expected, suggestion=hint)


def fail_if_move_dates_are_wrong(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        yield from date_problems(d, path, ("at", change.at), ("until", change.until))


def fail_if_a_move_changes_nothing(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        if not change.change.amounts and not change.set.amounts and change.like is None:
            yield d.source.problem(
                path,
                found="neither `change`, `set` nor `like`",
                expected="what changes",
                at_key=True,
                suggestion="state change: {price: -12%}, or leave the move empty: {}",
            )


def fail_if_a_move_changes_what_it_cannot(d: Draft) -> Iterator[Problem]:
    if not d.sound("needs"):
        return
    for path, change in changes_of(d):
        rival = change.who is not None
        known = [*RIVAL_KEYS, *d.file.needs] if rival else list(MARKET_KEYS)
        for block in ("change", "set"):
            for key in getattr(change, block).amounts:
                at = (*path, block, key)
                if block == "set" and not rival:
                    yield d.source.problem(
                        at,
                        found="levels of the market",
                        expected="`set` with a rival's `who`",
                        at_key=True,
                        suggestion="state `who`, or use change",
                    )
                elif key == "size" and not rival:
                    yield d.source.problem(
                        at,
                        found="`size`",
                        expected=f"{listed(known)}: size is not available in this version",
                        suggestion="leave it out: the market keeps its size",
                        at_key=True,
                    )
                elif key not in known:
                    others = MARKET_KEYS if rival else (*RIVAL_KEYS, *d.file.needs)
                    hint = "leave `who` out: that is the market's" if rival else "state `who`: that is a rival's"
                    yield d.source.problem(
                        at,
                        found=f"`{key}`",
                        expected=listed(known),
                        at_key=True,
                        suggestion=hint if key in others else did_you_mean(key, [*known, "segments"]),
                    )


def fail_if_a_change_is_out_of_range(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        for block in ("change", "set"):
            for key, amount in getattr(change, block).amounts.items():
                low, high, unit = _range(block, key)
                relative = unit.startswith("a relative")
                if not low <= amount <= high or (amount == low and (relative or unit == "a price above 0")):
                    written = d.source.text(d.source.nearest((*path, block, key)))
                    slip = relative and "%" not in written and -1 < amount / 100 <= LARGEST_CHANGE
                    yield d.source.problem(
                        (*path, block, key),
                        expected=unit,
                        suggestion=f"did you mean {amount:g}%?" if slip else "",
                    )


def _range(block: str, key: str) -> tuple[float, float, str]:
    """Lowest, highest and what it is."""
    if block == "set":
        if key == "price":
            return 0, float("inf"), "a price above 0"
        return (0, 1, "knowledge from 0 to 1") if key == "knowledge" else (0, 10, "a level from 0 to 10")
    if key == "knowledge":
        return -1, 1, "an absolute change from -1 to 1"
    if key in (*MARKET_KEYS, "price"):
        return -1, LARGEST_CHANGE, f"a relative change above -100% and at most {percent(LARGEST_CHANGE)}"
    return -10, 10, "a change of -10 to 10 points"


def fail_if_a_price_is_set_in_percent(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        at = (*path, "set", "price")
        if "price" in change.set.amounts and "%" in d.source.text(d.source.nearest(at)):
            hint = "write it without %, or use change for a relative change"
            yield d.source.problem(at, expected="a price in the unit of the offers", suggestion=hint)


def fail_if_something_is_changed_and_set(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        for key in sorted(set(change.change.amounts) & set(change.set.amounts)):
            yield d.source.problem(
                (*path, "set", key),
                found=f"`{key}` in both `change` and `set`",
                expected="one of the two",
                suggestion="`set` states what it will be, `change` by how much it differs from today",
                at_key=True,
            )


def fail_if_a_move_is_nowhere(d: Draft) -> Iterator[Problem]:
    """Every segment that is named exists, and what is changed can be changed there."""
    for path, change in changes_of(d):
        stated = {
            (*path, *inside): names
            for inside, names in (
                (("segments",), change.segments),
                (("change", "segments"), change.change.segments),
                (("set", "segments"), change.set.segments),
            )
            if names is not None
        }
        for at in list(stated)[1:]:
            yield d.source.problem(
                at,
                found="`segments` in two places",
                expected="segments once",
                suggestion="state them beside `change`",
                at_key=True,
            )
        for at, names in stated.items():
            if not names:
                yield d.source.problem(at, expected="names of segments", suggestion="leave it out for all of them")
            for i, name in enumerate(names):
                if name not in d.names("segments"):
                    if d.knows("segments"):
                        yield unknown_segment(d, (*at, i), name, at_key=False)
                elif reason := _idle(d, change, name):
                    yield d.source.problem((*at, i), expected="a segment where the change acts", suggestion=reason)
        reasons = [_idle(d, change, name) for name in segments(d)]
        if not stated and d.sound("segments") and all(reasons):
            yield d.source.problem(
                path,
                found="a change that acts nowhere",
                expected="a segment where it acts",
                suggestion=reasons[0],
                at_key=True,
            )


def _idle(d: Draft, change: ChangeText, name: str) -> str:
    """Why no part of a change acts in a segment, or nothing where some part does."""
    segment = segments(d).get(name)
    if segment is None or not d.sound("segments", name):
        return ""
    choosing = isinstance(segment, ChoiceSegment)
    if change.who is not None:
        if change.who not in rivals_of(d):
            return ""  # told by the rule on who moves
        if not isinstance(segment, ChoiceSegment):
            return f"customers in `{name}` do not choose among suppliers: change hazard, without `who`"
        return "" if change.who in segment.available else f"{change.who} is not available in `{name}`"
    keys = set(change.change.amounts)
    if not keys <= set(MARKET_KEYS) or "cost" in keys or not keys:
        return ""
    if ("hazard" in keys and not choosing) or ("review" in keys and choosing):
        return ""
    return f"`{name}` has no {'hazard' if choosing else 'review'}: {'change review' if choosing else 'change hazard'}"
