"""Ranges of inputs of which no distribution is stated: asked for, or a tenth down and up for the main numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simengine.scenario.input_path import input_path
from simengine.scenario.input_range import range_of
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError, of_option
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.shape import number_at
from simengine.scenario.suppliers import COMPANY
from simengine.scenario.units import NumberRefused, read_number
from simengine.scenario.with_values import value_at
from simengine.scenario.yaml_source import Path, spoken
from simengine.study.sensitivity.input import Input, RangeKind, rounded

TENTH = 0.1  # how far an input is varied where nothing is said of it, relative
HOW = "PATH=LOW:HIGH, such as segments.affluent.churn=5%:9%"
_FAR = (-5.0, -2.5, 2.5, 5.0)  # where else a change of the decision is looked for, in reaches of a range
_EDGE = 1e-6  # how near to a bound that it must not reach, relative to the stated value
_OF_A_SEGMENT = (
    ("churn",), ("review",), ("price_sensitivity",), ("margin",), ("revenue",), ("revenue", "lognormal", "mean"),
    ("hazard", "constant"), ("spend",),
)  # fmt: skip
_OF_A_LEVER = (("hill", "max"), ("adbudg", "plus_half"), ("adbudg", "saturated"))


def main_inputs(scenario: Scenario) -> list[Input]:
    """The main numbers of a scenario, a tenth down and up each: the discount rate; churn, review, price sensitivity,
    margin and revenue of segments, a constant hazard, money a purchase; what levers do; rivals' prices."""
    found = []
    for path in _main(scenario):
        try:
            stated = value_at(scenario, spoken(path))
        except PathRefused:
            continue
        if stated:
            low, high = sorted(_within(path, stated * (1.0 + part), stated) for part in (-TENTH, TENTH))
            found += [_ranged(path, stated, low, high, "10% down and up")] if low < high else []
    return found


def _main(scenario: Scenario) -> Iterator[Path]:
    yield "company", "discount_rate"
    yield from (("segments", name, *field) for name in scenario.segments for field in _OF_A_SEGMENT)
    yield from (("levers", name, "response", *answer) for name in scenario.levers for answer in _OF_A_LEVER)
    yield from (("offers", name, "price") for name in scenario.offers if name != COMPANY)


def _ranged(path: Path, stated: float, low: float, high: float, what: RangeKind) -> Input:
    """An input with a range; a change of the decision is looked for as far as its field allows."""
    reach = max(high - stated, stated - low, (high - low) / 2)
    search = {*rounded(_within(path, stated + k * reach, stated) for k in _FAR)}
    low, high = rounded((low, high))
    return Input(spoken(path), path, float(stated), low, high, tuple(sorted(search)), what)


def _within(path: Path, value: float, stated: float) -> float:
    """A value, moved into what the field at a path may hold."""
    allowed = range_of(path)
    edge = abs(stated) * _EDGE
    low = allowed.low + (edge if allowed.open_low else 0.0)
    high = allowed.high - (edge if allowed.open_high else 0.0)
    return allowed.nearest(min(max(value, low), high))


def stated_inputs(scenario: Scenario, texts: Iterable[str]) -> list[Input]:
    """Inputs with ranges as the option `--range` gives them. Raises `ScenarioError` with every problem."""
    found: dict[Path, Input] = {}
    problems: list[Problem] = []
    for text in texts:
        try:
            each = _stated(scenario, text)
        except ScenarioError as error:
            problems += error.problems
            continue
        if each.path in found:
            problems.append(of_option("--range", text, f"a second range of {each.name}", "one range for each input"))
        found[each.path] = each
    if problems:
        raise ScenarioError(problems)
    return list(found.values())


def _stated(scenario: Scenario, text: str) -> Input:
    name, equals, span = text.rpartition("=")
    low_text, colon, high_text = (part.strip() for part in span.partition(":"))

    def refusal(found: str, expected: str, suggestion: str = "") -> ScenarioError:
        return ScenarioError([of_option("--range", text, found, expected, suggestion)])

    if not (name.strip() and colon and low_text and high_text):
        raise refusal(f"'{text}'", HOW, "" if equals else "put a = after the path")
    try:
        path = input_path(scenario, name.strip())
        stated = value_at(scenario, name.strip())
    except PathRefused as refused:
        raise refusal(refused.found, refused.expected, refused.suggestion) from None
    if stated is None:
        raise refusal(f"`{spoken(path)}`, where no number is stated", "the path of a number of the scenario")
    ends = []
    for part in (low_text, high_text):
        try:
            end = read_number(part)
        except NumberRefused as refused:
            raise refusal(f"'{part}'", HOW, refused.suggestion) from None
        number, allowed = number_at(path), range_of(path)
        if not (number.allows(end) if number else allowed.low <= end <= allowed.high):
            expected = number.description if number else f"{allowed.low:g} to {allowed.high:g}"
            raise refusal(part, expected, f"the range may end at {_within(path, end, stated):g}")
        ends.append(end)
    low, high = ends
    if not low < high:
        raise refusal(f"a range from {low_text} to {high_text}", "a low end below the high one")
    return _ranged(path, stated, low, high, "asked for")
