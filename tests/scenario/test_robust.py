"""Whatever is done to a scenario, it loads or its problems are told: no other exception, and it comes to an end."""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from simengine.scenario import Problem, Scenario, ScenarioError, load_scenario
from simengine.scenario.differences import Side, differences
from simengine.scenario.origins import origins_of
from tests.scenario.worlds import BANK, write

ODD: list[Any] = [
    None, True, 0, -1, 1, 0.5, 1e300, 7, "", "x", "9%", "2027-Q1", "us", "none", "affluent", "advisers", [], {}, [None],
    ["us"], {"x": 1}, {"us": 1}, {"hill": {}}, {"from": "2027"}, {"like": "copy"}, [[]], {"affluent": 1},
]  # fmt: skip
KEYS = ["from", "like", "us", "none", "price", "segments", "x", "size", "dynamics", "affluent", "atlas", "who", "1", ""]


def paths(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    return [*([at] if at else []), *(p for step in steps for p in paths(node[step], (*at, step)))]


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_scenarios(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    scenario = YAML(typ="safe").load(BANK)
    for _ in range(data.draw(st.integers(1, 4))):
        *above, last = data.draw(st.sampled_from(paths(scenario) or [("x",)]))
        holder = scenario
        for step in above:
            holder = holder[step]
        what = data.draw(st.sampled_from(["replace", "delete", "rename"]))
        if what == "replace":
            holder[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
        elif what == "delete":
            del holder[last]
        elif isinstance(holder, dict):
            holder[data.draw(st.sampled_from(KEYS))] = holder.pop(last)
    text = io.StringIO()
    YAML(typ="safe", pure=True).dump(scenario, text)
    path = tmp_path_factory.mktemp("changed") / "world.yaml"
    path.write_text(text.getvalue(), encoding="utf-8")
    problems: tuple[Problem, ...] = ()
    try:
        again = load_scenario(path)
    except ScenarioError as error:
        problems = error.problems
    else:
        path.write_text(again.resolved_yaml(), encoding="utf-8")
        assert load_scenario(path) == again
        return
    assert problems
    assert all(problem.found and problem.expected and problem.line >= 1 for problem in problems)


STEPS = [
    "segments", "affluent", "mass", "savers", "shares", "us", "levers", "advisers", "response", "adbudg", "hill",
    "today", "allocations", "copy", "phased", "care", "1", "2", "0", "99", "moves", "price_cut", "storm", "change",
    "price", "needs", "company", "residual", "portfolio", "customers", "columns", "extends", "simulation", "x", "a b",
    '"a.b"', "", "none",
]  # fmt: skip
SET_VALUES = [
    "8%", "null", "{}", "[]", "[1, 2]", "{a: 1}", "{like: copy}", "x", "'", "{a: [}", "2028", "-1", "~", "!t 1", ".",
    "&a [*a]", "{us: null}", "{hill: {max: 1}}", "[{at: 2028}]", "{affluent: 1}", "\t", "\u2028", "none.yaml",
]  # fmt: skip
SETTING = st.tuples(st.lists(st.sampled_from(STEPS), min_size=1, max_size=5), st.sampled_from(SET_VALUES))


def loaded(path: Path, *given: str) -> Scenario | tuple[Problem, ...]:
    """The scenario, or its problems."""
    try:
        return load_scenario(path, settings=given)
    except ScenarioError as error:
        return error.problems


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(given=st.lists(SETTING, min_size=1, max_size=3))
def test_anything_may_be_set(given: list[tuple[list[str], str]], tmp_path: Path) -> None:
    path = write(tmp_path, BANK)
    scenario = loaded(path, *(f"{'.'.join(steps)}={value}" for steps, value in given))
    if not isinstance(scenario, Scenario):
        assert scenario
        assert all(problem.found and problem.expected for problem in scenario)
        return
    origins_of(scenario)
    differences(Side(load_scenario(path)), Side(scenario))
    assert load_scenario(write(tmp_path, scenario.resolved_yaml())) == scenario


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_anything_may_be_extended(data: st.DataObject, tmp_path: Path) -> None:
    """Two layers over the bank, each of odd values at paths of its own."""
    whole = YAML(typ="safe").load(BANK)
    write(tmp_path, BANK, "0.yaml")
    for layer in (1, 2):
        over: dict[str, Any] = {}
        for path in data.draw(st.lists(st.sampled_from(paths(whole)), max_size=3)):
            value = copy.deepcopy(data.draw(st.sampled_from(ODD)))
            for step in reversed(path[1:]):
                value = {str(step): value}
            over[path[0]] = value
        with (tmp_path / f"{layer}.yaml").open("w", encoding="utf-8") as file:
            YAML(typ="safe", pure=True).dump({**over, "extends": f"{layer - 1}.yaml"}, file)
    scenario = loaded(tmp_path / "2.yaml")
    if not isinstance(scenario, Scenario):
        assert scenario
        assert all(problem.found and problem.expected and problem.line >= 1 for problem in scenario)
        return
    origins_of(scenario)
    again = load_scenario(write(tmp_path, scenario.resolved_yaml()))
    assert again == scenario
    assert differences(Side(scenario), Side(again)) == []
