"""Levers: what they act on, what they do, and where that is possible."""

from __future__ import annotations

from collections.abc import Iterator

from simengine.scenario.draft import Draft
from simengine.scenario.employees import EMPLOYEE_TARGETS
from simengine.scenario.lever import CONVERT, LATER_TARGETS, TARGETS, Adbudg, Hill, Lever
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.offers import unknown_segment
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import segments
from simengine.scenario.units import percent
from simengine.scenario.yaml_source import Path

RELATIVE = ("price", "acquisition", "wallet", "cost_to_serve")  # targets whose unit is %
LARGEST_CHANGE = 10  # a relative change of more than 1000% is a percentage without its sign


def fail_if_a_target_is_unknown(d: Draft) -> Iterator[Problem]:
    for name, lever in d.file.levers.items():
        path = ("levers", name, "target")
        if lever.target in LATER_TARGETS:
            yield d.source.problem(
                path,
                expected=f"another target: {lever.target} is not available in this version",
                suggestion=LATER_TARGETS[lever.target],
            )
        elif lever.target not in (*TARGETS, *d.file.needs) and d.sound("needs"):
            known = [*d.file.needs, *TARGETS]
            hint = did_you_mean(lever.target, known, otherwise="list it under needs")
            yield d.source.problem(path, expected=listed(known), suggestion=hint)


def _effects(name: str, lever: Lever) -> Iterator[tuple[Path, float]]:
    """(path, effect) of all effects that a lever states."""
    kind = "hill" if isinstance(lever.response, Hill) else "adbudg"
    for answer in {"hill": ("max",), "adbudg": ("none", "today", "plus_half", "saturated")}[kind]:
        yield ("levers", name, "response", kind, answer), getattr(lever.response, answer)


def fail_if_an_effect_is_out_of_range(d: Draft) -> Iterator[Problem]:
    for name, lever in d.file.levers.items():
        if lever.target not in RELATIVE:
            continue
        for path, effect in _effects(name, lever):
            if effect <= -1 or effect > LARGEST_CHANGE:
                slip = "%" not in d.source.text(d.source.nearest(path)) and -1 < effect / 100 <= LARGEST_CHANGE
                hint = f"did you mean {effect:g}%?" if slip else ""
                expected = f"a relative change of {lever.target}, above -100% and at most {percent(LARGEST_CHANGE)}"
                yield d.source.problem(path, expected=expected, suggestion=hint)


def fail_if_an_effect_on_employees_is_out_of_range(d: Draft) -> Iterator[Problem]:
    for name, lever in d.file.levers.items():
        for path, effect in _effects(name, lever) if lever.target in EMPLOYEE_TARGETS else ():
            if not -1 <= effect <= 1:
                hint = f"did you mean {effect:g}%?" if "%" not in d.source.text(d.source.nearest(path)) else ""
                expected = f"a change of {lever.target}, which goes from 0 to 1: at least -1 and at most 1"
                yield d.source.problem(path, expected=expected, suggestion=hint)


def fail_if_employees_have_no_touchpoints(d: Draft) -> Iterator[Problem]:
    """Employees act through the quality of touchpoints alone."""
    if d.file.experience is not None or not d.sound("experience"):
        return
    paths: list[Path] = [
        ("levers", name, "target") for name, lever in d.file.levers.items() if lever.target in EMPLOYEE_TARGETS
    ]
    if d.file.employees is not None:
        paths.append(("employees",))
    for path in paths:
        yield d.source.problem(
            path,
            expected="touchpoints at which employees serve customers, stated under experience",
            suggestion="state experience: {touchpoints: {<touchpoint>: {weight: 1, quality: 0.8, owner: <owner>}}}",
            at_key=len(path) == 1,
        )


def fail_if_adbudg_answers_are_not_in_order(d: Draft) -> Iterator[Problem]:
    """More money does more of the same: all rising, or all falling (a lever that lowers cost or price)."""
    for name, lever in d.file.levers.items():
        r = lever.response
        if isinstance(r, Adbudg):
            rising = r.none < r.today < r.plus_half < r.saturated
            falling = r.none > r.today > r.plus_half > r.saturated
            if not (rising or falling):
                answers = f"none {r.none:g}, today {r.today:g}, plus_half {r.plus_half:g}, saturated {r.saturated:g}"
                yield d.source.problem(
                    ("levers", name, "response", "adbudg"),
                    found=answers,
                    at_key=True,
                    expected="none < today < plus_half < saturated, or all of them falling",
                    suggestion="each step of spend adds to the one before",
                )


def fail_if_a_lever_cannot_act_where_it_spends(d: Draft) -> Iterator[Problem]:
    for name, lever in d.file.levers.items():
        for segment in lever.today:
            path = ("levers", name, "today", segment)
            if segment not in d.names("segments"):
                if d.knows("segments"):
                    yield unknown_segment(d, path, segment)
            elif reason := cannot_act(d, lever, segment):
                yield d.source.problem(
                    path,
                    found=f"spend on {lever.target} in `{segment}`",
                    expected="spend where it can act",
                    suggestion=reason,
                    at_key=True,
                )


def acting_segments(d: Draft, lever: str) -> tuple[str, ...]:
    """The segments in which money on a lever can do something, in name order."""
    stated = d.file.levers.get(lever)
    return tuple(name for name in sorted(segments(d)) if stated and not cannot_act(d, stated, name))


def cannot_act(d: Draft, lever: Lever, name: str) -> str:
    """Why money on this lever does nothing in this segment, or nothing where it does."""
    segment = segments(d).get(name)
    if segment is None or not d.sound("segments", name):
        return ""
    choosing = isinstance(segment, ChoiceSegment)
    where = TARGETS.get(lever.target, "choice" if lever.target in d.file.needs else "both")
    if where == "choice" and not choosing:
        return f"{lever.target} acts only where customers choose, and `{name}` is a contract segment"
    if where == "contract" and choosing:
        return f"{lever.target} acts only in contract segments; in `{name}` use inertia or a need"
    if lever.target == CONVERT and lever.from_segment not in (name, None):
        return f"it converts customers of `{lever.from_segment}`: state all that is spent on it there"
    weights = segment.needs if isinstance(segment, ChoiceSegment) and set(segment.needs) <= set(d.file.needs) else {}
    if lever.target in d.file.needs and weights and weights.get(lever.target, 0) == 0:
        return f"customers in `{name}` do not weigh {lever.target}"
    if lever.target in EMPLOYEE_TARGETS and weights and not any(weights.get(need) for need in _delivered(d)):
        return f"customers in `{name}` do not weigh what touchpoints deliver"
    return ""


def _delivered(d: Draft) -> tuple[str, ...]:
    """The needs that touchpoints deliver; all where it is not said, or where no touchpoints are stated."""
    return (d.file.experience and d.file.experience.delivers) or d.file.needs
