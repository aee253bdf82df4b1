"""Moves that begin on a date, when a condition is met, or of themselves: one of the three, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterator

from simengine.scenario.distribution import LognormalNumber, Triangular
from simengine.scenario.draft import Draft
from simengine.scenario.move import MARKET_KEYS, ChangeText
from simengine.scenario.problems import Problem, listed
from simengine.scenario.rules.levers import LARGEST_CHANGE
from simengine.scenario.rules.moves import changes_of
from simengine.scenario.units import percent
from simengine.scenario.yaml_source import Path

BEGINNINGS = ("at", "when", "arrival")
# What goes with which beginning, and what to write with another.
_ONLY_WITH = {
    "until": ("at",),
    "detect": ("when",),
    "respond": ("when",),
    "lasts": ("when", "arrival"),
    "repeat": ("when", "arrival"),
}
_INSTEAD = {
    ("until", "when"): "state how many periods it lasts: lasts: 4",
    ("until", "arrival"): "state how many periods it lasts: lasts: 4",
    ("detect", "at"): "add the periods to `at`",
    ("respond", "at"): "add the periods to `at`",
    ("lasts", "at"): "state the last period: until",
    ("repeat", "at"): "state another change with another `at`",
}


def _begins(change: ChangeText) -> list[str]:
    return [key for key in BEGINNINGS if getattr(change, key) is not None]


def fail_if_a_change_does_not_begin_in_one_way(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        begins = _begins(change)
        if not begins:
            yield d.source.problem(
                path,
                found="no `at`, `when` or `arrival`",
                expected="the period in which it begins, a condition, or a probability a year",
                suggestion=f"state one of them, such as at: {d.file.calendar.labels[0]}",
                at_key=True,
            )
        for key in begins[1:]:
            yield d.source.problem(
                (*path, key),
                found=f"`{key}` beside `{begins[0]}`",
                expected=f"one of {listed(f'`{each}`' for each in BEGINNINGS)}",
                suggestion="leave one of the two out, or make them two changes",
                at_key=True,
            )


def fail_if_something_does_not_go_with_how_a_change_begins(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        begins = _begins(change)
        if len(begins) != 1:
            continue  # told by the rule above
        for key, kinds in _ONLY_WITH.items():
            if key in change.model_fields_set and getattr(change, key) is not None and begins[0] not in kinds:
                yield d.source.problem(
                    (*path, key),
                    found=f"`{key}` with `{begins[0]}`",
                    expected=f"`{key}` with {listed(f'`{each}`' for each in kinds)}",
                    suggestion=_INSTEAD.get((key, begins[0]), "leave it out: it acts when it comes"),
                    at_key=True,
                )


def _repeated(d: Draft) -> Iterator[tuple[Path, ChangeText]]:
    """What happens again and again, and where that is stated; what has a date is told above."""
    for path, change in changes_of(d):
        if change.repeat == "repeatedly" and change.at is None:
            yield (*path, "repeat"), change


def fail_if_what_never_ends_happens_repeatedly(d: Draft) -> Iterator[Problem]:
    for path, change in _repeated(d):
        if change.lasts is None:
            yield d.source.problem(
                path,
                found="`repeatedly`, of what stays once it has begun",
                expected="how long it lasts, after which it can begin again",
                suggestion="state it, such as lasts: 4",
            )


def fail_if_a_programme_is_run_repeatedly(d: Draft) -> Iterator[Problem]:
    for path, change in _repeated(d):
        if change.like is not None:
            yield d.source.problem(
                path,
                found="`repeatedly` with `like`",
                expected="a programme that is run once",
                suggestion="leave repeat out",
            )


def fail_if_a_size_multiplies_nothing(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        if change.size is None:
            continue
        stated = "like" if change.like is not None else "set" if change.set.amounts else ""
        if stated == "like" or (stated and not change.change.amounts):
            yield d.source.problem(
                (*path, "size"),
                found=f"`size` with `{stated}`",
                expected="a `change`, whose amounts it multiplies",
                suggestion=f"state `{stated}` without size, and a change of its own with it",
                at_key=True,
            )


def fail_if_a_size_makes_a_change_out_of_range(d: Draft) -> Iterator[Problem]:
    for path, change in changes_of(d):
        size = change.size
        if size is None:
            continue
        for key, amount in change.change.amounts.items():
            if key not in (*MARKET_KEYS, "price") or not -1 < amount <= LARGEST_CHANGE:
                continue  # out of range by itself, which is told elsewhere
            if isinstance(size, LognormalNumber):
                if amount < 0:
                    yield d.source.problem(
                        (*path, "size"),
                        found=f"a lognormal size of a fall of {key}, which can be any multiple of it",
                        expected="a size that has a largest value: nothing falls by more than all of it",
                        suggestion="write {uniform: [0.5, 1.5]} or {triangular: [0.5, 1, 2]}",
                        at_key=True,
                    )
                continue
            largest = amount * (size.triangular if isinstance(size, Triangular) else size.uniform)[-1]
            if not -1 < largest <= LARGEST_CHANGE:
                yield d.source.problem(
                    (*path, "size"),
                    found=f"a size that makes {key} change by up to {percent(largest)}",
                    expected=f"at its largest a relative change above -100% and at most {percent(LARGEST_CHANGE)}",
                    suggestion=f"sizes are multiples of {percent(amount)}: 1 is as stated",
                    at_key=True,
                )
