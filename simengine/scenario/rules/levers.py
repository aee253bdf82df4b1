"""Levers: what they act on, what they do, and where that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simengine.scenario.draft import Draft
from simengine.scenario.employees import EMPLOYEE_TARGETS
from simengine.scenario.knowledge import KNOWLEDGE
from simengine.scenario.lever import CONVERT, RELATIVE, TARGETS, Adbudg, Hill, Lever
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.markov import loss_of
from simengine.scenario.rules.offers import unknown_segment
from simengine.scenario.segment import ChoiceSegment, MarkovSegment
from simengine.scenario.suppliers import segments
from simengine.scenario.units import percent
from simengine.scenario.yaml_source import Path

FASTEST = 12  # a rate a year: in a month all but a third of what is not known yet
LARGEST_CHANGE = 10  # a relative change of more than 1000% is a percentage without its sign


def fail_if_a_target_is_unknown(d: Draft) -> Iterator[Problem]:
    for name, lever in d.file.levers.items():
        yield from unknown_target(d, ("levers", name, "target"), lever.target, tuple(TARGETS))


def unknown_target(d: Draft, path: Path, target: str, others: Iterable[str], *, key: bool = False) -> Iterator[Problem]:
    """What is wrong with a target that is neither a need nor one of the `others`; `key`: it is the key at the path."""
    found = f"`{target}`" if key else ""
    if target not in (*others, *d.file.needs) and d.sound("needs"):
        known = [*d.file.needs, *others]
        hint = did_you_mean(target, known, otherwise="list it under needs")
        yield d.source.problem(path, found=found, expected=listed(known), suggestion=hint, at_key=key)


def _effects(name: str, lever: Lever) -> Iterator[tuple[Path, float]]:
    """(path, effect) of all effects that a lever states."""
    kind = "hill" if isinstance(lever.response, Hill) else "adbudg"
    for answer in {"hill": ("max",), "adbudg": ("none", "today", "plus_half", "saturated")}[kind]:
        yield ("levers", name, "response", kind, answer), getattr(lever.response, answer)


def fail_if_an_effect_is_out_of_range(d: Draft) -> Iterator[Problem]:
    for name, lever in d.file.levers.items():
        for path, effect in _effects(name, lever):
            yield from out_of_range(d, path, lever.target, effect)


def out_of_range(d: Draft, path: Path, target: str, effect: float) -> Iterator[Problem]:
    """What is wrong with the size of an effect on a target."""
    if target in RELATIVE and not -1 < effect <= LARGEST_CHANGE:
        slip = -1 < effect / 100 <= LARGEST_CHANGE
        expected = f"a relative change of {target}, above -100% and at most {percent(LARGEST_CHANGE)}"
    elif target in EMPLOYEE_TARGETS and not -1 <= effect <= 1:
        slip = True
        expected = f"a change of {target}, which goes from 0 to 1: at least -1 and at most 1"
    elif target == KNOWLEDGE and not -FASTEST <= effect <= FASTEST:
        slip = True
        expected = f"what is learned a year of what is not known yet, at least -{FASTEST} and at most {FASTEST}"
    else:
        return
    slip = slip and "%" not in d.source.text(d.source.nearest(path))
    yield d.source.problem(path, expected=expected, suggestion=f"did you mean {effect:g}%?" if slip else "")


def fail_if_employees_have_no_touchpoints(d: Draft) -> Iterator[Problem]:
    """Employees act through the quality of touchpoints alone."""
    if d.file.experience is not None or not d.sound("experience"):
        return
    paths: list[Path] = [
        ("levers", name, "target") for name, lever in d.file.levers.items() if lever.target in EMPLOYEE_TARGETS
    ]
    paths += [
        ("allocations", allocation, "initiatives", name, "effect", target)
        for allocation, stated in d.file.allocations.items()
        for name, each in stated.initiatives.items()
        for target in each.effect
        if target in EMPLOYEE_TARGETS
    ]
    if d.file.employees is not None:
        paths.append(("employees",))
    for path in paths:
        yield d.source.problem(
            path,
            expected="touchpoints at which employees serve customers, stated under experience",
            suggestion="state experience: {touchpoints: {<touchpoint>: {weight: 1, quality: 0.8, owner: <owner>}}}",
            at_key=path[0] != "levers",
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
    if reason := idle_target(d, lever.target, name):
        return reason
    if lever.target == CONVERT and lever.from_segment not in (name, None) and name in segments(d):
        return f"it converts customers of `{lever.from_segment}`: state all that is spent on it there"
    return ""


def idle_target(d: Draft, target: str, name: str) -> str:
    """Why a change of a target does nothing in this segment."""
    segment = segments(d).get(name)
    if segment is None or not d.sound("segments", name):
        return ""
    choosing = isinstance(segment, ChoiceSegment)
    where = TARGETS.get(target, "choice" if target in d.file.needs else "both")
    if where == "choice" and not choosing:
        return f"{target} acts only where customers choose, and `{name}` is a {segment.dynamics} segment"
    if where in ("contract", "leaving") and choosing:
        return f"{target} acts only in contract segments; in `{name}` use inertia or a need"
    if where == "contract" and segment.dynamics != "contract":
        return f"{target} acts only in contract segments, and `{name}` is a {segment.dynamics} segment"
    if target == "wallet" and isinstance(segment, MarkovSegment) and (state := loss_of(segment)):
        return (
            f"{target} multiplies money, and `{state}` in `{name}` brings less than nothing: more of it would cost more"
        )
    weights = segment.needs if isinstance(segment, ChoiceSegment) and set(segment.needs) <= set(d.file.needs) else {}
    if target in d.file.needs and weights and weights.get(target, 0) == 0:
        return f"customers in `{name}` do not weigh {target}"
    if target == KNOWLEDGE and isinstance(segment, ChoiceSegment) and not segment.tailoring:
        return f"customers in `{name}` do not mind an offer that is not made for them: state a tailoring"
    if target in EMPLOYEE_TARGETS and weights and not any(weights.get(need) for need in _delivered(d)):
        return f"customers in `{name}` do not weigh what touchpoints deliver"
    return ""


def _delivered(d: Draft) -> tuple[str, ...]:
    """The needs that touchpoints deliver; all where it is not said, or where no touchpoints are stated."""
    return (d.file.experience and d.file.experience.delivers) or d.file.needs
