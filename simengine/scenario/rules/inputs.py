"""Uncertain inputs in a scenario that is otherwise sound: what it says where they lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from simengine.scenario.draft import draft
from simengine.scenario.input_path import input_path
from simengine.scenario.input_probability import value_below_which
from simengine.scenario.input_range import range_at
from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.rules import problems_of
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.uncertain import JOINT
from simengine.scenario.with_values import room_made, value_at
from simengine.scenario.wording import in_words
from simengine.scenario.yaml_source import Path, Source, spoken

ENDS = ((0.01, "1st"), (0.99, "99th"))  # percentiles at which the rules are asked: one draw in 50 lies beyond

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def problems_of_inputs(scenario: Scenario) -> list[Problem]:
    """Everything that is wrong with uncertain inputs of a scenario whose other rules have passed."""
    central = [*_without_a_central_value(scenario), *_not_the_same(scenario)]
    return central or list(_at_odds_with_a_rule(scenario))


def as_written(scenario: Scenario) -> dict[str, Path]:
    """Where the distribution of each uncertain input is stated."""
    written = (text for text in scenario.source.data.get("uncertain", {}) if text not in JOINT)
    return {spoken(input_path(scenario, text)): ("uncertain", text) for text in written}


def _without_a_central_value(scenario: Scenario) -> Iterator[Problem]:
    for path, place in as_written(scenario).items():
        found, suggestion = f"`{path}`, where no number is stated", ""
        try:
            if value_at(scenario, path) is not None:
                continue
        except PathRefused as refusal:
            found, suggestion = refusal.found, refusal.suggestion
        yield scenario.source.problem(
            place,
            found=found,
            expected="the path of a number of this scenario",
            suggestion=suggestion or "state the central value there",
            at_key=True,
        )


def _not_the_same(scenario: Scenario) -> Iterator[Problem]:
    """Numbers that are to be the same, and are not so today."""
    written: dict[str, list[str]] = scenario.source.data.get("uncertain", {}).get("same", {})
    for one, others in written.items():
        for i, other in enumerate(others):
            expected = f"the path of a number that is the same as {one}"
            with suppress(PathRefused):
                here, there = value_at(scenario, one), value_at(scenario, other)
                if here == there is not None:
                    continue
                words = [in_words(v, input_path(scenario, one), {}) for v in (here, there) if v is not None]
                expected += f", {words[0]}; here it is {words[1]}" if len(words) == 2 else ""
            yield scenario.source.problem(
                ("uncertain", "same", one, i), expected=expected, suggestion="state the same number at both"
            )


def _at_odds_with_a_rule(scenario: Scenario) -> Iterator[Problem]:
    """Inputs of which some draw would be refused if it were stated, the others as they are. A budget, which allocations
    are checked against, is one of their central values."""
    for path, place in as_written(scenario).items():
        number, within = scenario.uncertain.inputs[path], range_at(scenario, path)
        cut = within.cut(number.min, number.max)
        for probability, name in ENDS:
            value = cut.nearest(value_below_which(number, probability, cut.low, cut.high))
            problem = next(iter(problems_at(scenario, {path: value})), None)
            if problem is None:
                continue
            told = in_words(float(f"{value:.4g}"), input_path(scenario, path), {})
            where = "it" if problem.place == path else problem.place
            itself = where == "it" and problem.found == scenario.source.text(input_path(scenario, path))
            found = f"a distribution whose {name} percentile is {told}"
            yield scenario.source.problem(
                place,
                found=found if itself else f"{found}: there {where} is {problem.found}",
                expected=problem.expected,
                suggestion=f"cut it with {'min' if probability < 0.5 else 'max'}, or mend what it is at odds with",
                at_key=True,
            )
            break


def problems_at(scenario: Scenario, values: Mapping[str, float]) -> list[Problem]:
    """What the rules have to say of a scenario with other values at some paths; fractions beside these make room."""
    data = {key: block for key, block in scenario.source.data.items() if key not in ("budget", "uncertain")}
    try:
        made = room_made(scenario, values)
    except PathRefused as refusal:
        return [Problem("", 0, 0, refusal.found, refusal.expected, refusal.suggestion, next(iter(values)))]
    for at, part in made.items():
        data = _with(data, at, f"{part!r} of revenue" if "of revenue" in str(_stated(data, at)) else part)
    sound, problems = draft(Source(scenario.source.file, data, scenario.source.places))
    return [*problems, *problems_of(sound)]


@contextmanager
def rules_told(scenario: Scenario, values: Mapping[str, float]) -> Iterator[None]:
    """What no formula can work out, because values at some paths exclude each other, is told by the rules that they
    break: `ScenarioError`."""
    try:
        yield
    except ValueError:
        if problems := problems_at(scenario, values):
            raise ScenarioError(problems) from None
        raise


def _stated(data: Any, path: Path) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) and step != 0 else data
    return data


def _with(here: Any, path: Path, value: float | str) -> Any:
    """A copy of plain data with a value at a path; one mapping stands for a list of one."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(here, list):
        return [_with(item, rest, value) if i == step else item for i, item in enumerate(here)]
    if isinstance(step, int):
        return _with(here, rest, value)
    here = here if isinstance(here, dict) else {}
    return {**here, step: _with(here.get(step), rest, value)}
