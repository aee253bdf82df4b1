"""Uncertain inputs: of which numbers, within which range, and which correlations can hold together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from simengine.scenario.draft import Draft
from simengine.scenario.fields import Number
from simengine.scenario.input_path import input_path, input_steps
from simengine.scenario.input_probability import probability_below, value_below_which
from simengine.scenario.input_range import range_of
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.market import positive_definite
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.shape import holds_anything, keys_at, number_at
from simengine.scenario.uncertain import JOINT, UncertainNumber
from simengine.scenario.units import percent, write_number
from simengine.scenario.with_values import value_at
from simengine.scenario.wording import in_words
from simengine.scenario.yaml_source import Path, spoken

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

POINTS = 19  # of a distribution, by which its mean and standard deviation are judged
ROUNDING = 1e-9  # relative
UNNOTICED = 1e-6  # the probability that a distribution may have beyond the range of its input: it is cut there


def _paths(d: Draft) -> Iterator[tuple[str, Path, UncertainNumber]]:
    """(as written, in steps, distribution) of all that are sound and name a number."""
    for text, number in d.file.uncertain.inputs.items():
        if not d.sound("uncertain", text):
            continue
        try:
            path = input_steps(d.source.data, text)
        except PathRefused:
            continue  # told below
        if _holds_a_number(path):
            yield text, path, number


def _holds_a_number(path: Path) -> bool:
    return number_at(path) is not None or path[-1] == "capital"


def fail_if_an_uncertain_path_names_nothing(d: Draft) -> Iterator[Problem]:
    for text in d.file.uncertain.inputs:
        try:
            path = input_steps(d.source.data, text)
        except PathRefused as refusal:
            told = refusal.found, refusal.expected, refusal.suggestion
        else:
            if _holds_a_number(path):
                continue
            told = _no_number(path)
        yield d.source.problem(("uncertain", text), found=told[0], expected=told[1], suggestion=told[2], at_key=True)


def _no_number(path: Path) -> tuple[str, str, str]:
    """What is told of a path that leads to no number: found, expected, suggestion."""
    for i in range(1, len(path) + 1):
        if not holds_anything(path[:i]):
            above, step = path[: i - 1], str(path[i - 1])
            known = {each: spoken((*above, each, *path[i:])) for each in sorted(keys_at(above))}
            hint = did_you_mean(step, known)
            meant = next((written for each, written in known.items() if f"'{each}'" in hint), "")
            return f"`{spoken(path)}`, which names nothing", "the path of a number", meant and f"did you mean {meant}?"
    return f"`{spoken(path)}`, which holds no number", "the path of a number", ""


def fail_if_an_uncertain_path_is_stated_twice(d: Draft) -> Iterator[Problem]:
    found: dict[Path, str] = {}
    for text, path, _ in _paths(d):
        if path in found:
            yield d.source.problem(
                ("uncertain", text),
                found=f"`{text}`, which is {found[path]} in another spelling",
                expected="each path once",
                suggestion="delete one of the two",
                at_key=True,
            )
        found.setdefault(path, text)


def fail_if_an_uncertain_value_is_out_of_range(d: Draft) -> Iterator[Problem]:
    for text, path, number in _paths(d):
        yield from _values_out_of_range(d, text, path, number)


def _values_out_of_range(d: Draft, text: str, path: Path, number: UncertainNumber) -> Iterator[Problem]:
    """The values that a distribution states, each read as the input itself is."""
    reader = number_at(path)
    reader = replace(reader, whole=False) if reader else Number("a fraction of revenue, or money", minimum=0)
    for place in _places(d, text, number):
        edge = place[-1] in ("min", "max")
        try:
            (_with_its_edges(reader) if edge else reader).read(d.source.at(place))
        except PydanticCustomError as error:
            yield d.source.problem(place, **(error.context or {}))


def _with_its_edges(number: Number) -> Number:
    """A range may be cut where an open one ends: what is drawn lies within."""
    return replace(
        number,
        minimum=number.above if number.above is not None else number.minimum,
        maximum=number.below if number.below is not None else number.maximum,
        above=None,
        below=None,
    )


def _places(d: Draft, text: str, number: UncertainNumber) -> Iterator[Path]:
    """Where the values of a distribution are written that are values of the input."""
    at: Path = ("uncertain", text)
    written: Any = d.source.at(at)
    for edge in ("min", "max"):
        if written.get(edge) is not None:
            yield (*at, edge)
    kind = number.kind
    law = written[kind]
    if kind == "normal":
        yield (*at, kind, 0)
    elif kind in ("triangular", "pert", "uniform"):
        yield from ((*at, kind, i) for i in range(len(law)))
    elif kind == "empirical":
        yield from ((*at, kind, i) for i in range(len(law)) if isinstance(law, list))
    elif kind == "discrete":
        yield from ((*at, kind, "values", i) for i in range(len(law["values"])))
    else:
        yield from ((*at, kind, key) for key in ("mean", "least", "most") if key in law)


def fail_if_an_uncertain_number_leaves_its_range(d: Draft) -> Iterator[Problem]:
    """Further than nobody would notice, or than `min` and `max` say."""
    for text, path, number in _paths(d):
        if any(_values_out_of_range(d, text, path, number)):
            continue
        at, within = ("uncertain", text), range_of(path)
        cut = within.cut(number.min, number.max)
        below, above = (
            probability_below(number, cut.low),
            1 - probability_below(number, math.nextafter(cut.high, math.inf)),
        )
        if not cut.low <= cut.high or 1 - below - above < UNNOTICED:
            yield d.source.problem(
                at,
                found=f"a distribution with nothing from {_edge(cut.low)} to {_edge(cut.high)}",
                expected="one that has values within its range",
                suggestion="" if number.min is None and number.max is None else "widen min and max",
                at_key=True,
            )
            continue
        beyond = [
            (side, edge, name, part)
            for side, edge, name, part, stated in (
                ("below", cut.low, "min", below, number.min),
                ("above", cut.high, "max", above, number.max),
            )
            if stated is None and part > UNNOTICED
        ]
        if beyond:
            reader = number_at(path)
            sides = [f"{side} {_edge(edge)} with probability {percent(part, 2)}" for side, edge, _, part in beyond]
            cuts = [f"{name}: {_edge(edge)}" for _, edge, name, _ in beyond]
            yield d.source.problem(
                at,
                found=f"a distribution that is {listed(sides, 'and')}",
                expected=reader.description if reader else "capital of at least 0",
                suggestion=f"write {listed(cuts, 'and')} beside it to cut it there",
                at_key=True,
            )


def _edge(value: float) -> str:
    return write_number(value) if math.isfinite(value) else "any number"


def _known(d: Draft) -> dict[Path, str]:
    """The paths of all uncertain inputs, as they are written first."""
    known: dict[Path, str] = {}
    for text, path, _ in _paths(d):
        known.setdefault(path, text)
    return known


def _correlations(d: Draft) -> Iterator[tuple[Path, Path | str, Path | str, float]]:
    """(where, one, other, correlation): paths in steps, as written where they lead nowhere."""
    for one, others in d.file.uncertain.correlations.items():
        for other, correlation in others.items():
            yield ("uncertain", "correlations", one, other), _resolved(d, one), _resolved(d, other), correlation


def _resolved(d: Draft, text: str) -> Path | str:
    """A path in steps, as written where it leads nowhere."""
    try:
        return input_steps(d.source.data, text)
    except PathRefused:
        return text


def fail_if_a_correlation_is_of_what_is_certain(d: Draft) -> Iterator[Problem]:
    if not d.sound("uncertain"):
        return
    known = _known(d)
    told: set[Path] = set()
    for place, one, other, _ in _correlations(d):
        for at, path in ((place[:3], one), (place, other)):
            if path not in known and at not in told:
                told.add(at)
                yield d.source.problem(
                    at,
                    found=f"a correlation of `{at[-1]}`, which is not uncertain",
                    expected=f"paths of uncertain inputs: {listed(known.values()) or 'none is stated'}",
                    suggestion=did_you_mean(
                        str(at[-1]), known.values(), otherwise="state its distribution, or leave the correlation out"
                    ),
                    at_key=True,
                )


def fail_if_the_same_is_of_what_is_certain(d: Draft) -> Iterator[Problem]:
    """One distribution for several numbers, each of which has no other."""
    if not d.sound("uncertain"):
        return
    known, named = _known(d), dict[Path | str, str]()
    for one, others in d.file.uncertain.same.items():
        if _resolved(d, one) not in known:
            yield d.source.problem(
                ("uncertain", "same", one),
                found=f"`{one}`, which is not uncertain",
                expected=f"the path of an uncertain input: {listed(known.values()) or 'none is stated'}",
                suggestion=did_you_mean(one, known.values(), otherwise="state its distribution"),
                at_key=True,
            )
        for i, other in enumerate(others):
            path = _resolved(d, other)
            if isinstance(path, str) or not _holds_a_number(path):
                yield d.source.problem(
                    ("uncertain", "same", one, i),
                    found=f"`{other}`, which names nothing",
                    expected="the path of a number",
                    suggestion=_no_number(path)[2] if isinstance(path, tuple) else "",
                )
            elif path in known or path in named:
                yield d.source.problem(
                    ("uncertain", "same", one, i),
                    found=f"`{other}`, which is uncertain by itself or the same as another",
                    expected="a number with no other distribution",
                    suggestion="delete one of the two",
                )
            named[path] = other


def fail_if_a_correlation_of_inputs_is_stated_twice(d: Draft) -> Iterator[Problem]:
    found: set[frozenset[Path | str]] = set()
    for place, one, other, _ in _correlations(d):
        if one == other:
            yield d.source.problem(
                place,
                found=f"a correlation of `{place[-2]}` with itself",
                expected="correlations of two",
                suggestion="leave it out: it is 1",
                at_key=True,
            )
        elif frozenset((one, other)) in found:
            yield d.source.problem(
                place,
                found=f"the correlation of `{place[-1]}` and `{place[-2]}` again",
                expected="each pair once",
                suggestion="delete one of the two",
                at_key=True,
            )
        found.add(frozenset((one, other)))


def fail_if_correlations_of_inputs_cannot_hold_together(d: Draft) -> Iterator[Problem]:
    """Where one input goes with two others, those cannot go apart as they like."""
    stated = {frozenset((one, other)): correlation for _, one, other, correlation in _correlations(d)}
    count = sum(1 for _ in _correlations(d))
    if len(stated) < count or any(len(pair) < 2 for pair in stated):
        return
    names = sorted(set().union(*stated), key=str)

    def possible(part: float) -> bool:
        ranks = [[part * stated.get(frozenset((one, other)), 0.0) for other in names] for one in names]
        normals = [[2 * math.sin(math.pi * rank / 6) for rank in row] for row in ranks]
        return positive_definite([[1.0 if i == j else r for j, r in enumerate(row)] for i, row in enumerate(normals)])

    if possible(1.0):
        return
    part = next(part / 100 for part in range(99, -1, -1) if possible(part / 100))
    would_do = [
        f"{place[-2]} with {place[-1]} {part * correlation:.4g}" for place, _, _, correlation in _correlations(d)
    ]
    yield d.source.problem(
        ("uncertain", "correlations"),
        found="correlations that cannot hold together",
        expected="a positive definite matrix: what goes with two others makes them go together, too",
        suggestion=f"all of them times {part:g} would do: {listed(would_do, 'and')}",
        at_key=True,
    )


def warn_if_an_uncertain_input_is_far_from_what_is_stated(scenario: Scenario) -> Iterator[Problem]:
    """Further than its standard deviation."""
    for text in (key for key in scenario.source.data.get("uncertain", {}) if key not in JOINT):
        path = input_path(scenario, text)
        number, central = scenario.uncertain.inputs[spoken(path)], value_at(scenario, text)
        cut = range_of(path).cut(number.min, number.max)
        draws = [value_below_which(number, (i + 0.5) / POINTS, cut.low, cut.high) for i in range(POINTS)]
        mean = sum(draws) / POINTS
        spread = math.sqrt(sum((draw - mean) ** 2 for draw in draws) / POINTS)
        if central is not None and abs(mean - central) > spread + ROUNDING * abs(central):
            about, stated = (in_words(float(f"{value:.4g}"), path, {}) for value in (mean, central))
            yield scenario.problem(
                ("uncertain", text),
                f"a distribution with mean {about}",
                f"one around the central value, {stated}, by less than its standard deviation",
                f"state {about} at {text}, or shift the distribution",
            )
